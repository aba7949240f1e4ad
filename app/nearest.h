/*
 * nearest - the known name that a typo most likely meant.
 *
 * Pure functions on names. Never decides that a name is right.
 */
#ifndef APP_NEAREST_H
#define APP_NEAREST_H

#include <glib.h>

/*
 * The nearest of the names (strings), the first one of several; NULL when none is within a third of
 * the word's length (at least one edit). An edit inserts, deletes or replaces one character, or
 * swaps two neighbours.
 */
const char *nearest_name(const char *word, const GPtrArray *names);

/*
 * What to add to the message "unknown ...": "; did you mean "x"?", or "; known: a, b, c" when
 * nothing is near and there are few names, or "". The caller frees it.
 */
char *nearest_hint(const char *word, const GPtrArray *names);

#endif
