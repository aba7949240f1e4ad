/*
 * arena - the memory of one run, handed out piece by piece and freed whole.
 *
 * Owned by whoever called arena_new(). Never moves a piece, takes back those only that were asked
 * for so, knows nothing of what it holds. Used while a world is being built; the hot loop allocates
 * nothing, but for rows that are made on first use (histograms).
 */
#ifndef SIM_ARENA_H
#define SIM_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
	struct arena_chunk *chunk; /* the newest; older ones are linked behind it */
	size_t used_bytes; /* handed out and not given back, padding included */

	/*
	 * Called when memory cannot be had after arena_new(); must not return (it longjmps, or ends
	 * the process with a message). The owner sets both right after arena_new(); while oom is
	 * NULL, running out is a failed assertion.
	 */
	void (*oom)(void *oom_arg);
	void *oom_arg;
};

/*
 * A new arena whose first chunk holds first_bytes (any number; small ones are rounded up). Later
 * chunks double. NULL when the memory cannot be had. The caller frees it by arena_free().
 */
struct arena *arena_new(size_t first_bytes);

/* Frees the arena and everything in it. NULL is fine. */
void arena_free(struct arena *arena);

/* bytes of zeroes, aligned to 16, owned by the arena; 0 bytes are a piece too. Never NULL. */
void *arena_alloc(struct arena *arena, size_t bytes);

/* nr elements of element_bytes each, as arena_alloc(); a product that overflows cannot be had. */
void *arena_alloc_n(struct arena *arena, size_t nr, size_t element_bytes);

/*
 * As arena_alloc(), aligned to 64, for what may have to grow: arena_give_back() frees it at once.
 */
void *arena_alloc_apart(struct arena *arena, size_t bytes);
void arena_give_back(struct arena *arena, void *piece);

/* Bytes handed out and not given back, padding included: the same number on every machine of a
 * word size. */
size_t arena_bytes(const struct arena *arena);

#define ARENA_NEW(arena, type)	     ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_NEW_N(arena, type, nr) ((type *)arena_alloc_n((arena), (nr), sizeof(type)))

#endif
