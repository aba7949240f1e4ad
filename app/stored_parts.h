/*
 * stored_parts - the pieces of stored_load(): one case, one run.
 *
 * Included by stored.c and stored_case.c only.
 */
#ifndef APP_STORED_PARTS_H
#define APP_STORED_PARTS_H

#include <stdbool.h>

#include "app/stored.h"

/* One reading of a document. */
struct reader {
	const struct document *document;
	struct mistakes *mistakes;
	GString *pointer;	/* of what is being read */
	bool good;		/* nothing was wrong yet */
};

/* A mistake at the reader's pointer. */
void stored_complain(struct reader *reader, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A member that must be there and of that type; NULL after a mistake. */
json_t *stored_member(struct reader *reader, const json_t *object, const char *key,
		      json_type type);
const char *stored_string(struct reader *reader, const json_t *object, const char *key);

/* An entry of "summary"; false after a mistake. */
bool stored_read_case(struct reader *reader, const json_t *value, struct stored_case *ret);

/* An entry of "runs", into its case. */
void stored_read_run(struct reader *reader, const json_t *value, struct stored *stored);

#endif
