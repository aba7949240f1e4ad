/*
 * arena - chunks in a list, the newest one in use.
 */
#include "sim/arena.h"

#include <stdint.h>
#include <stdlib.h>

#include "sim/assert.h"

#define ARENA_ALIGN_BYTES     16
#define ARENA_LINE_BYTES      64
#define ARENA_MIN_CHUNK_BYTES 4096

struct arena_chunk {
	_Alignas(ARENA_ALIGN_BYTES) struct arena_chunk *older;
	size_t size_bytes; /* of data */
	size_t used_bytes;
	_Alignas(ARENA_ALIGN_BYTES) unsigned char data[];
};

_Static_assert(_Alignof(max_align_t) >= ARENA_ALIGN_BYTES, "calloc() aligns less than the arena");

/* calloc, since fresh pages of a large chunk are zero already and stay untouched until used. */
static struct arena_chunk *chunk_new(size_t size_bytes, struct arena_chunk *older)
{
	struct arena_chunk *chunk;

	if (size_bytes > SIZE_MAX - sizeof(*chunk))
		return NULL;
	chunk = calloc(1, sizeof(*chunk) + size_bytes);
	if (!chunk)
		return NULL;
	chunk->older = older;
	chunk->size_bytes = size_bytes;
	return chunk;
}

struct arena *arena_new(size_t first_bytes)
{
	struct arena *arena = calloc(1, sizeof(*arena));

	if (!arena)
		return NULL;
	if (first_bytes < ARENA_MIN_CHUNK_BYTES)
		first_bytes = ARENA_MIN_CHUNK_BYTES;
	arena->chunk = chunk_new(first_bytes, NULL);
	if (!arena->chunk) {
		free(arena);
		return NULL;
	}
	return arena;
}

void arena_free(struct arena *arena)
{
	if (!arena)
		return;
	while (arena->chunk) {
		struct arena_chunk *older = arena->chunk->older;

		free(arena->chunk);
		arena->chunk = older;
	}
	free(arena);
}

static _Noreturn void out_of_memory(struct arena *arena)
{
	sim_assert(arena->oom);
	arena->oom(arena->oom_arg);
	abort(); /* an oom that returns would hand out NULL */
}

/* Puts a chunk for at least that many bytes on top; the rest of the last one is given up. */
static void arena_grow(struct arena *arena, size_t bytes)
{
	size_t size_bytes = arena->chunk->size_bytes;
	struct arena_chunk *chunk;

	size_bytes = size_bytes > SIZE_MAX / 2 ? SIZE_MAX : 2 * size_bytes;
	chunk = chunk_new(bytes > size_bytes ? bytes : size_bytes, arena->chunk);
	if (!chunk)
		out_of_memory(arena);
	arena->chunk = chunk;
}

void *arena_alloc(struct arena *arena, size_t bytes)
{
	struct arena_chunk *chunk;
	void *piece;

	if (bytes == 0)
		bytes = 1;
	if (bytes > SIZE_MAX - ARENA_ALIGN_BYTES)
		out_of_memory(arena);
	bytes = (bytes + ARENA_ALIGN_BYTES - 1) / ARENA_ALIGN_BYTES * ARENA_ALIGN_BYTES;

	/* Not used + bytes > size: that sum can overflow. */
	if (bytes > arena->chunk->size_bytes - arena->chunk->used_bytes)
		arena_grow(arena, bytes);
	chunk = arena->chunk;
	piece = chunk->data + chunk->used_bytes;
	chunk->used_bytes += bytes;
	arena->used_bytes += bytes;
	return piece;
}

void *arena_alloc_n(struct arena *arena, size_t nr, size_t element_bytes)
{
	if (element_bytes != 0 && nr > SIZE_MAX / element_bytes)
		out_of_memory(arena);
	return arena_alloc(arena, nr * element_bytes);
}

static unsigned char *apart_piece(struct arena_chunk *chunk)
{
	uintptr_t start = (uintptr_t)chunk->data;

	return chunk->data + (ARENA_LINE_BYTES - start % ARENA_LINE_BYTES) % ARENA_LINE_BYTES;
}

/* In a full chunk of its own, behind the one in use. */
void *arena_alloc_apart(struct arena *arena, size_t bytes)
{
	struct arena_chunk *chunk;

	if (bytes > SIZE_MAX - ARENA_LINE_BYTES)
		out_of_memory(arena);
	bytes += ARENA_LINE_BYTES;
	chunk = chunk_new(bytes, arena->chunk->older);
	if (!chunk)
		out_of_memory(arena);
	chunk->used_bytes = bytes;
	arena->chunk->older = chunk;
	arena->used_bytes += bytes;
	return apart_piece(chunk);
}

void arena_give_back(struct arena *arena, void *piece)
{
	struct arena_chunk **link = &arena->chunk->older, *chunk;

	while (*link && apart_piece(*link) != piece)
		link = &(*link)->older;
	chunk = *link;
	sim_assert(chunk);
	*link = chunk->older;
	arena->used_bytes -= chunk->size_bytes;
	free(chunk);
}

size_t arena_bytes(const struct arena *arena)
{
	return arena->used_bytes;
}
