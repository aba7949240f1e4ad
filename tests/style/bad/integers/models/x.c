/*
 * x - a double is fine in a comment.
 */
static const char *a = "double 1.5";
static unsigned long b = 15 * 1.5;	/* bad */
static double c;			/* bad */
static unsigned long d = (float)15;	/* bad */
static int doubled = 0x1f;
