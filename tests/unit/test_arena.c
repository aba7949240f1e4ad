/*
 * test_arena - pieces are zeroed, aligned, apart from each other; running out goes to oom.
 */
#include <glib.h>
#include <setjmp.h>
#include <stdint.h>
#include <string.h>

#include "sim/arena.h"

/* AddressSanitizer asks for this: a size that cannot be had is NULL, as without it. */
const char *__asan_default_options(void);

const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

struct odd {
	char bytes[3];
};

static void test_pieces(void)
{
	static const size_t sizes[] = { 1, 15, 16, 17, 0, 100, 4096, 100000, 3, 1000000, 7 };
	const size_t nr = 20 * G_N_ELEMENTS(sizes);
	g_autofree unsigned char **pieces = g_new(unsigned char *, nr);
	struct arena *arena = arena_new(0);

	for (size_t i = 0; i < nr; i++) {
		size_t size = sizes[i % G_N_ELEMENTS(sizes)];

		pieces[i] = arena_alloc(arena, size);
		g_assert_nonnull(pieces[i]);
		g_assert_cmpuint((uintptr_t)pieces[i] % 16, ==, 0);
		for (size_t at = 0; at < size; at++)
			g_assert_cmpuint(pieces[i][at], ==, 0);
		memset(pieces[i], (int)(i % 255) + 1, size);
	}
	/* Nobody wrote over anybody. */
	for (size_t i = 0; i < nr; i++)
		for (size_t at = 0; at < sizes[i % G_N_ELEMENTS(sizes)]; at++)
			g_assert_cmpuint(pieces[i][at], ==, i % 255 + 1);
	arena_free(arena);
}

static void test_bytes(void)
{
	struct arena *arena = arena_new(1 << 20);
	void *empty[2];

	g_assert_cmpuint(arena_bytes(arena), ==, 0);
	arena_alloc(arena, 1);
	g_assert_cmpuint(arena_bytes(arena), ==, 16);
	arena_alloc(arena, 16);
	g_assert_cmpuint(arena_bytes(arena), ==, 32);
	ARENA_NEW_N(arena, struct odd, 11);
	g_assert_cmpuint(arena_bytes(arena), ==, 32 + 48);
	ARENA_NEW(arena, struct odd);
	g_assert_cmpuint(arena_bytes(arena), ==, 32 + 48 + 16);

	empty[0] = arena_alloc(arena, 0);
	empty[1] = arena_alloc(arena, 0);
	g_assert_true(empty[0] != empty[1]);
	arena_free(arena);
	arena_free(NULL);
}

/* Apart pieces come and go; the others, before and behind them, stay as they are. */
static void test_apart(void)
{
	struct arena *arena = arena_new(0);
	unsigned char *before = arena_alloc(arena, 100);
	size_t bytes = arena_bytes(arena);
	unsigned char *pieces[20], *between;

	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++) {
		size_t size = 1 + 1000 * i;

		pieces[i] = arena_alloc_apart(arena, size);
		g_assert_cmpuint((uintptr_t)pieces[i] % 64, ==, 0);
		for (size_t at = 0; at < size; at++)
			g_assert_cmpuint(pieces[i][at], ==, 0);
		memset(pieces[i], 0xaa, size);
		g_assert_cmpuint(arena_bytes(arena), >=, bytes + size);
	}
	between = arena_alloc(arena, 100000);	/* in a new chunk */
	memset(before, 0x55, 100);
	memset(between, 0x55, 100000);
	bytes += 100000;
	for (size_t i = 0; i < G_N_ELEMENTS(pieces); i++)
		arena_give_back(arena, pieces[(i * 7) % G_N_ELEMENTS(pieces)]);
	g_assert_cmpuint(arena_bytes(arena), ==, bytes);
	g_assert_cmpuint(before[99] + between[99999], ==, 2 * 0x55);
	arena_free(arena);
}

static void jump_out(void *oom_arg)
{
	jmp_buf *env = oom_arg;

	longjmp(*env, 1);
}

enum request {
	BYTES,
	APART,
	PRODUCT
};

/* True when the request ended in oom; the arena goes on working after it. */
static gboolean runs_out(enum request request, size_t size)
{
	struct arena *volatile arena = arena_new(100);
	jmp_buf env;
	volatile gboolean out = FALSE;

	arena->oom = jump_out;
	arena->oom_arg = &env;
	if (setjmp(env))
		out = TRUE;
	else if (request == BYTES)
		arena_alloc(arena, size);
	else if (request == APART)
		arena_alloc_apart(arena, size);
	else
		ARENA_NEW_N(arena, uint64_t, size);
	g_assert_nonnull(ARENA_NEW(arena, struct odd));
	arena_free(arena);
	return out;
}

static void test_out_of_memory(void)
{
	g_assert_true(runs_out(BYTES, SIZE_MAX));
	g_assert_true(runs_out(BYTES, SIZE_MAX - 16));
	g_assert_true(runs_out(BYTES, SIZE_MAX / 2));
	g_assert_true(runs_out(APART, SIZE_MAX));
	g_assert_true(runs_out(APART, SIZE_MAX - 64));
	g_assert_true(runs_out(PRODUCT, SIZE_MAX / 8 + 1)); /* wraps to 0 bytes */
	g_assert_true(runs_out(PRODUCT, SIZE_MAX / 8 + 3)); /* wraps to 16 bytes */
	g_assert_false(runs_out(BYTES, 1000));
	g_assert_false(runs_out(PRODUCT, 1000));
	g_assert_null(arena_new(SIZE_MAX));
	g_assert_null(arena_new(SIZE_MAX / 2));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/arena/pieces", test_pieces);
	g_test_add_func("/arena/bytes", test_bytes);
	g_test_add_func("/arena/apart", test_apart);
	g_test_add_func("/arena/out-of-memory", test_out_of_memory);
	return g_test_run();
}
