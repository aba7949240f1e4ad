/*
 * setting - one value that replaces another in the effective scenario.
 *
 * Alternatives, sweeps and --set are lists of settings. Owned by the plan that loads; borrows the
 * document that it was written in.
 */
#ifndef APP_SETTING_H
#define APP_SETTING_H

#include "app/decode.h"

struct setting {
	char *pointer;			/* what it replaces, in the effective scenario */
	json_t *value;
	const struct document *document;	/* where it is written */
	char *at;			/* the pointer of the value there */
	char *by;			/* for the source of a cost: "alternative slow" */
};

void setting_clear(struct setting *setting);

/*
 * Replaces the value in the tree, and adds the layer to the decoder's origins. A cost that is set
 * to a bare duration keeps its entry, as an estimate whose source is the setting. False after a
 * mistake: the pointer names nothing.
 */
bool setting_apply(struct decoder *decoder, json_t *tree, const struct setting *setting);

/*
 * POINTER=VALUE of the command line; VALUE is JSON if it parses, else a string. A mistake is added
 * under the name `file` ("--set"). *ret_document owns what the setting borrows;
 * the caller frees it.
 */
bool setting_parse(const char *file, const char *text, struct mistakes *mistakes,
		   struct setting *ret, struct document **ret_document);

#endif
