/*
 * list - what `irqsim list` can show.
 */
#ifndef APP_LIST_H
#define APP_LIST_H

extern const char *const list_words[];	/* NULL-terminated: "routes", "platforms", ... */

#endif
