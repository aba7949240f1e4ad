static int five(int a, int b, int (*c)(int, int), int d, int e)
{
	return a + b + c(1, 2) + d + e;
}

static int six(int a, int b, int c,
	       int d, int e, int f)
{ /* bad */
	return a + b + c + d + e + f;
}
