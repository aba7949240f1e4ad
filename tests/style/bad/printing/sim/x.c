/*
 * x - prints.
 */
static int x(void)
{
	snprintf(a, 1, "%d", 1);
	puts(a);		/* bad */
	return printf(a);	/* bad */
}
