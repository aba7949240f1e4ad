/*
 * plan_loader - what plan_load() has in its hands while it works.
 *
 * Used by plan.c only; dies before plan_load() returns, the plan does not.
 */
#ifndef APP_PLAN_LOADER_H
#define APP_PLAN_LOADER_H

#include "app/plan.h"
#include "app/variation.h"

struct plan_loader {
	const char *path;
	struct plan *plan;
	struct mistakes *mistakes, *warnings;
	struct document *document;	/* the scenario file; NULL until it is read */
	struct origins *origins;
	struct platform_store *platforms;
	json_t *base;			/* the file in its effective form */
	GArray *sets;			/* struct setting: --set, --seed, --replications */
	GPtrArray *set_documents;	/* struct document of each */
	GArray *alternatives, *sweep;	/* struct variation */
};

struct plan_loader *plan_loader_new(const char *path, const struct plan_options *options);
void plan_loader_free(struct plan_loader *loader);

/* A decoder at the root of the scenario. Its user frees decoder.pointer. */
struct decoder plan_loader_decoder(struct plan_loader *loader, const char *context);

/* Fills loader->sets from the command line. */
void plan_loader_parse_sets(struct plan_loader *loader, const struct plan_options *options);

/*
 * SHA-256 over what the user wrote: the file, the platform files that were read, and --set; without
 * comments and "$schema", keys sorted. 64 hex digits, freed by the caller.
 */
char *plan_loader_sha256(const struct plan_loader *loader);

/* An arena that ends the process when memory runs out, as GLib does. */
struct arena *plan_arena_new(void);

#endif
