/*
 * x - looks at the clock.
 */
static long x(void)
{
	stop_time(0);
	time(0);	/* bad */
	rand();		/* bad */
	getenv(a);	/* bad */
	return snprintf(a, 1, "%p", a);	/* bad */
}
