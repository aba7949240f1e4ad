/*
 * dist - one sampler per kind, each a fixed-point function of one draw.
 */
#include "sim/dist.h"

#include "sim/arena.h"
#include "sim/assert.h"
#include "sim/u128.h"

struct dist_table {
	ps_t mean_ps;
	uint64_t total_weight;
	size_t nr;
	ps_t *values_ps;
	uint64_t *cumulative; /* weights of 0 .. i added up */
};

#define LN_FRACTION_BITS 58 /* leaves 6 for 64 * ln 2 = 44.4 */

/* ln 2 - ln(1 + i / 256), times 2^58, to the nearest. Literals, since libm differs by CPU. */
static const uint64_t ln_table[257] = {
	0x2c5c85fdf473de7, 0x2c1ca5e8af11c6f, 0x2bdd05544832404, 0x2b9da3c2f86b8ab,
	0x2b5e80b86c93bf5, 0x2b1f9bb9c009872, 0x2ae0f44d7718ccc, 0x2aa289fb797ac4f,
	0x2a645c4d0cf0ae6, 0x2a266acccff8ae7, 0x29e8b506b49c327, 0x29ab3a87fb5743e,
	0x296dfadf2e183ee, 0x2930f59c1b57610, 0x28f42a4fd145a69, 0x28b7988c9912743,
	0x287b3fe5f24789a, 0x283f1ff08e3ac22, 0x280338424b95263, 0x27c7887231eed8b,
	0x278c10186d7f6a4, 0x2750cece4ae2226, 0x2715c42e32edce9, 0x26daefd3a69fad8,
	0x26a0515b3b190b8, 0x2665e86295af2b5, 0x262bb488680d163, 0x25f1b56c6c66f33,
	0x25b7eaaf61be859, 0x257e53f30838763, 0x2544f0da1d820da, 0x250bc1085947071,
	0x24d2c42269b724f, 0x2499f9cdf01b34d, 0x246161b17d792fc, 0x2428fb748f47275,
	0x23f0c6bf8c2cb1b, 0x23b8c33bc0d2883, 0x2380f0935cc00e5, 0x23494e716f4678b,
	0x2311dc81e4794cc, 0x22da9a718233f4f, 0x22a387ede52c245, 0x226ca4a57e10c98,
	0x2235f0478eb54f3, 0x21ff6a842748ebc, 0x21c9130c2399c2a, 0x2192e99128639b8,
	0x215cedc5a0a9f48, 0x21271f5cbb1d360, 0x20f17e0a678ad02, 0x20bc098354580c0,
	0x2086c17cec0759e, 0x2051a5ad52c7e90, 0x201cb5cb640f562, 0x1fe7f18eb03d3e1,
	0x1fb358af7a48843, 0x1f7eeae6b5761cc, 0x1f4aa7ee03192ce, 0x1f168f7fb05c521,
	0x1ee2a156b413e50, 0x1eaedd2eac990c3, 0x1e7b42c3ddad735, 0x1e47d1d32e677e2,
	0x1e148a1a2726cd9, 0x1de16b56ef90f04, 0x1dae75484c9615c, 0x1d7ba7ad9e7d9fc,
	0x1d490246defa6b7, 0x1d1684d49f46ae7, 0x1ce42f180647434, 0x1cb200d2ceb642e,
	0x1c7ff9c74554c92, 0x1c4e19b84723c1a, 0x1c1c60693fa39d9, 0x1beacd9e271ad15,
	0x1bb9611b80e2fb1, 0x1b881aa659bc935, 0x1b56fa044629095, 0x1b25fefb60cb2e1,
	0x1af5295248cdd06, 0x1ac478d020506f0, 0x1a93ed3c8ad9e37, 0x1a63865fabd0ebe,
	0x1a33440224fa78d, 0x1a0325ed14fda48, 0x19d32bea15ed3b1, 0x19a355c33bd6b9d,
	0x1973a3431356add, 0x19441434a032597, 0x1914a8635bf6899, 0x18e55f9b349b838,
	0x18b639a88b2df4a, 0x18873658327ccee, 0x185855776dcbfab, 0x182996d3ef8bcab,
	0x17fafa3bd8151bf, 0x17cc7f7db46a0da, 0x179e26687cfb3d9, 0x176feecb947174c,
	0x1741d876c67bb16, 0x1713e33a46a17ba, 0x16e60ee6af19721, 0x16b85b4cffa3fcd,
	0x168ac83e9c6a142, 0x165d558d4ce00aa, 0x1630030b3aac494, 0x1602d08af091ebf,
	0x15d5bddf595f2fa, 0x15a8cadbbedfa0e, 0x157bf753c8d1fae, 0x154f431b7be1a89,
	0x1522ae0738a3d7d, 0x14f637ebba980fb, 0x14c9e09e172c3bf, 0x149da7f3bcc41ed,
	0x14718dc271c41b0, 0x144591e0539f48b, 0x1419b423d5e8c72, 0x13edf463c1683e6,
	0x13c25277333183b, 0x1396ce359bbf53e, 0x136b6776be1116f, 0x13401e12aecba0e,
	0x1314f1e1d35ce3b, 0x12e9e2bce122860, 0x12bef07cdc9353a, 0x12941afb186b7bd,
	0x1269621134db928, 0x123ec5991eba490, 0x1214456d0eb8d44, 0x11e9e1678899f45,
	0x11bf99635a6b94e, 0x11956d3b9bc2fa6, 0x116b5ccbacfb736, 0x114167ef3677830,
	0x11178e8227e47be, 0x10edd060b78080d, 0x10c42d676162e31, 0x109aa572e6c6d43,
	0x107138604d58627, 0x1047e60cde83b7c, 0x101eae5626c690f, 0x0ff59119f503e68,
	0x0fcc8e3659d9bcc, 0x0fa3a589a6f9147, 0x0f7ad6f26e7ff2f, 0x0f52224f82557a4,
	0x0f29877ff388091, 0x0f01066311ad5aa, 0x0ed89ed86a44a02, 0x0eb050bfc81a8a4,
	0x0e881bf932af3db, 0x0e600064ed9e293, 0x0e37fde37807b85, 0x0e1014558bfcda4,
	0x0de8439c1dec568, 0x0dc08b985c11e90, 0x0d98ec2bade71e5, 0x0d716537b395ea3,
	0x0d49f69e456cf1b, 0x0d22a041735582a, 0x0cfb6203844b321, 0x0cd43bc6f5d51c4,
	0x0cad2d6e7b80bf9, 0x0c8636dcfe5e6ca, 0x0c5f57f59c7f461, 0x0c38909ba874ca4,
	0x0c11e0b2a8d1e0e, 0x0beb481e57ad67f, 0x0bc4c6c2a22639a, 0x0b9e5c83a7e8a65,
	0x0b780945bab55dd, 0x0b51cced5de9c1b, 0x0b2ba75f46099d0, 0x0b059880584a3af,
	0x0adfa035aa1ed90, 0x0ab9be6480c66eb, 0x0a93f2f250dac68, 0x0a6e3dc4bde0e3d,
	0x0a489ec199dab07, 0x0a2315cee4d9edf, 0x09fda2d2cc9465c, 0x09d845b3abf9548,
	0x09b2fe580ac80b1, 0x098dcca69d27c26, 0x0968b08643409cf, 0x0943a9de08d5d25,
	0x091eb89524e100d, 0x08f9dc92f92ea09, 0x08d515bf11fb94f, 0x08b064012593d86,
	0x088bc74113f23df, 0x08673f66e661465, 0x0842cc5acf1d034, 0x081e6e0528f606a,
	0x07fa244e76f5596, 0x07d5ef1f640176a, 0x07b1ce60c28447f, 0x078dc1fb8c121ed,
	0x0769c9d8e111a89, 0x0745e5e20864d91, 0x072216006f12c8e, 0x06fe5a1da7f2843,
	0x06dab2236b56c6f, 0x06b71dfb96baa31, 0x06939d902c6f0df, 0x067030cb5349521,
	0x064cd7975652623, 0x062991dea4770a3, 0x06065f8bd038fc0, 0x05e340898f60b4e,
	0x05c034c2bab0384, 0x059d3c224d969e6, 0x057a569365e472e, 0x055784014380e0f,
	0x0534c457481fab1, 0x05121780f6f7eb5, 0x04ef7d69f47b991, 0x04ccf5fe060fd2e,
	0x04aa812911c5e92, 0x04881ed71e15276, 0x0465cef4519559b, 0x0443916cf2ba0c2,
	0x0421662d678e81a, 0x03ff4d223572601, 0x03dd463800d70f7, 0x03bb515b8cfdc9d,
	0x03996e79bbb6597, 0x03779d7f8d1e840, 0x0355de5a1f621f8, 0x033430f6ae7bcf7,
	0x0312954293f6686, 0x02f10b2b46aef75, 0x02cf929e5a976b1, 0x02ae2b898079dde,
	0x028cd5da85bc7d3, 0x026b917f54260d6, 0x024a5e65f1a307d, 0x02293c7c800b51a,
	0x02082bb13ce8889, 0x01e72bf2813ce51, 0x01c63d2ec14aaf2, 0x01a55f548c5c43f,
	0x018492528c8cabf, 0x0163d6178690bd6, 0x01432a925980cc1, 0x01228fb1fea2e28,
	0x010205658935847, 0x00e18b9c263af83, 0x00c122451c45155, 0x00a0c94fcb41978,
	0x008080abac46f39, 0x006048485161ad5, 0x0040201565622cd, 0x00200802abab114,
	0x000000000000000,
};

/* -ln(U) * 2^58 with U = (draw | 1) / 2^64: never 0 or 1, and 1/2 on average. */
static uint64_t minus_ln(uint64_t draw)
{
	uint64_t u = draw | 1;
	unsigned int octave = (unsigned int)__builtin_clzll(u);
	uint64_t mantissa = u << octave << 1; /* what follows the leading one */
	unsigned int i = (unsigned int)(mantissa >> 56);
	uint64_t step = u128_mul_u64(mantissa << 8, ln_table[i] - ln_table[i + 1]).hi;

	return octave * ln_table[0] + ln_table[i] - step;
}

static ps_t sample_exponential(ps_t mean_ps, uint64_t draw)
{
	struct u128 product = u128_mul_u64(minus_ln(draw), mean_ps);

	product = u128_add_u64(product, UINT64_C(1) << (LN_FRACTION_BITS - 1));
	return (product.hi << (64 - LN_FRACTION_BITS)) | (product.lo >> LN_FRACTION_BITS);
}

/* The first row whose cumulative weight exceeds the target; no branch to mispredict. */
static ps_t sample_table(const struct dist_table *table, uint64_t draw)
{
	uint64_t target = u128_mul_u64(draw, table->total_weight).hi;
	size_t first = 0;

	for (size_t nr = table->nr; nr > 1;) {
		size_t half = nr / 2;

		first += table->cumulative[first + half - 1] <= target ? half : 0;
		nr -= half;
	}
	return table->values_ps[first];
}

ps_t dist_sample(const struct dist *dist, struct stream *stream)
{
	uint64_t draw;

	sim_assert(dist->kind != DIST_CONSTANT); /* it takes no draw */
	draw = stream_u64(stream);
	switch (dist->kind) {
	case DIST_EXPONENTIAL:
		return sample_exponential(dist->a, draw);
	case DIST_UNIFORM:
		return dist->a + u128_mul_u64(draw, dist->b - dist->a + 1).hi;
	case DIST_TABLE:
		return sample_table(dist->table, draw);
	case DIST_CONSTANT:
		break;
	}
	return dist->a;
}

struct dist dist_constant(ps_t value_ps)
{
	return (struct dist){ .kind = DIST_CONSTANT, .a = value_ps };
}

struct dist dist_uniform(ps_t low_ps, ps_t high_ps)
{
	sim_assert(low_ps <= high_ps);
	sim_assert(high_ps - low_ps < UINT64_MAX);
	return (struct dist){ .kind = DIST_UNIFORM, .a = low_ps, .b = high_ps };
}

struct dist dist_exponential(ps_t mean_ps)
{
	sim_assert(mean_ps <= DIST_EXPONENTIAL_MAX_PS);
	return (struct dist){ .kind = DIST_EXPONENTIAL, .a = mean_ps };
}

struct dist dist_table(const struct dist_table *table)
{
	return (struct dist){ .kind = DIST_TABLE, .table = table };
}

const struct dist_table *dist_table_new(struct arena *arena, const struct dist_point *points,
					size_t nr)
{
	struct dist_table *table = ARENA_NEW(arena, struct dist_table);
	struct u128 sum = u128_from(0);

	table->nr = nr;
	table->values_ps = ARENA_NEW_N(arena, ps_t, nr);
	table->cumulative = ARENA_NEW_N(arena, uint64_t, nr);
	for (size_t i = 0; i < nr; i++) {
		sim_assert(points[i].weight <= UINT64_MAX - table->total_weight);
		table->total_weight += points[i].weight;
		table->values_ps[i] = points[i].value_ps;
		table->cumulative[i] = table->total_weight;
		sum = u128_add(sum, u128_mul_u64(points[i].value_ps, points[i].weight));
	}
	sim_assert(table->total_weight > 0);
	table->mean_ps = u128_to_u64(u128_div_round(sum, table->total_weight));
	return table;
}

ps_t dist_mean_ps(const struct dist *dist)
{
	switch (dist->kind) {
	case DIST_UNIFORM:
		return dist->a + (dist->b - dist->a + 1) / 2;
	case DIST_TABLE:
		return dist->table->mean_ps;
	case DIST_CONSTANT:
	case DIST_EXPONENTIAL:
		break;
	}
	return dist->a;
}
