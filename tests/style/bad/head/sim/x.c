/*
 * This is bad: no name.
 */
extern int x;
