/*
 * rng - the key of a stream and its blocks, as rng.h defines them.
 */
#include "sim/rng.h"

#include <Random123/philox.h>

#define FNV_OFFSET UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME  UINT64_C(0x00000100000001b3)

static uint64_t hash_byte(uint64_t hash, unsigned char byte)
{
	return (hash ^ byte) * FNV_PRIME;
}

static uint64_t hash_little_endian(uint64_t hash, uint64_t value, unsigned int nr_bytes)
{
	for (unsigned int i = 0; i < nr_bytes; i++)
		hash = hash_byte(hash, (unsigned char)(value >> (8 * i)));
	return hash;
}

static uint64_t hash_finish(uint64_t hash)
{
	hash ^= hash >> 33;
	hash *= UINT64_C(0xff51afd7ed558ccd);
	hash ^= hash >> 33;
	hash *= UINT64_C(0xc4ceb9fe1a85ec53);
	hash ^= hash >> 33;
	return hash;
}

void stream_init(struct stream *stream, uint64_t seed, uint32_t replication, const char *name)
{
	uint64_t hash = FNV_OFFSET;

	hash = hash_little_endian(hash, seed, 8);
	hash = hash_little_endian(hash, replication, 4);
	for (; *name; name++)
		hash = hash_byte(hash, (unsigned char)*name);
	hash = hash_finish(hash);

	*stream = (struct stream){ .key = { (uint32_t)hash, (uint32_t)(hash >> 32) } };
}

uint64_t stream_next_block(struct stream *stream)
{
	uint64_t block = stream->nr_draws / 2;
	philox4x32_ctr_t counter = { { (uint32_t)block, (uint32_t)(block >> 32), 0, 0 } };
	philox4x32_key_t key = { { stream->key[0], stream->key[1] } };
	philox4x32_ctr_t words = philox4x32(counter, key);

	stream->second = words.v[2] | (uint64_t)words.v[3] << 32;
	stream->nr_draws++;
	return words.v[0] | (uint64_t)words.v[1] << 32;
}
