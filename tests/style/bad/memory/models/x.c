/*
 * x - allocates.
 */
static void *x(void)
{
	arena_free(a);
	free(a);		/* bad */
	calloc(1, 1);		/* bad */
	return malloc(1);	/* bad */
}
