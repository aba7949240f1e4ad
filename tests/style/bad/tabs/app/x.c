static int x(int a,
	     int b)
{
    return 0; /* bad */
        return 1; /* bad */
}
