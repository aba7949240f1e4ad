/*
 * vm/z_1-2 - right.
 */
