/*
 * origin - where each value of the effective scenario was written.
 *
 * The effective scenario is put together from a scenario file, platform files and settings; a
 * mistake in it must name the file and line that the user wrote. An ordered list of layers, later
 * ones over earlier ones. Borrows the documents; owned by plan.c while it loads.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include "app/document.h"

struct origin {
	const char *pointer;	/* in the effective scenario: the value there and all inside it */
	const struct document *document;
	const char *at;		/* the pointer of the same value in the document */
	bool replaces;		/* hides the layers below; else it is merged into them */
	bool is_file;		/* messages show the document's pointer, not the scenario's */
};

struct origins {
	GArray *list;		/* struct origin, strings owned */
};

struct origins *origins_new(void);
void origins_free(struct origins *origins);

/* Adds a layer; copies the strings. */
void origins_push(struct origins *origins, const struct origin *origin);

/* How many layers there are, and going back to that many. */
guint origins_mark(const struct origins *origins);
void origins_reset(struct origins *origins, guint mark);

/*
 * Where the value at pointer is written. file is the document's; the caller frees pointer with
 * location_clear().
 */
struct location origins_locate_value(const struct origins *origins, const char *pointer);

/* The same of the key that the value has in its object. */
struct location origins_locate_key(const struct origins *origins, const char *pointer);

void location_clear(struct location *location);

/* The last layer that pointer lies within. *ret_at: its pointer there, freed by the caller. */
const struct origin *origins_top(const struct origins *origins, const char *pointer, char **ret_at);

/* The position of the last layer over pointer that is no file; 0: nothing there was set. */
guint origins_last_setting(const struct origins *origins, const char *pointer);

#endif
