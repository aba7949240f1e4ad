/*
 * rng - named streams of random numbers. Draw n of a stream is a pure function of (seed,
 * replication, name, n): a new entity, or another order of draws, leaves other streams alone.
 *
 * A stream is owned by the entity that draws from it. Never shares state, never looks at a clock.
 *
 * Generator: Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011)
 * as in Random123. Draws 2b and 2b + 1 come from block b:
 *
 *	counter = { b mod 2^32, b / 2^32, 0, 0 }	words = philox4x32-10(counter, key)
 *	draw 2b = words[0] + 2^32 * words[1]		draw 2b + 1 = words[2] + 2^32 * words[3]
 *
 * Key: a 64-bit FNV-1a hash (offset basis 0xcbf29ce484222325, prime 0x100000001b3) over
 *
 *	seed, 8 bytes, little-endian | replication, 4 bytes, little-endian | name, without its NUL
 *
 * and then, since FNV-1a spreads its last bytes badly, the finaliser of MurmurHash3:
 *
 *	h ^= h >> 33; h *= 0xff51afd7ed558ccd; h ^= h >> 33; h *= 0xc4ceb9fe1a85ec53; h ^= h >> 33
 *
 * key = { h mod 2^32, h / 2^32 }. Two of n streams share a key with a chance of n^2 / 2^65.
 */
#ifndef SIM_RNG_H
#define SIM_RNG_H

#include <stdint.h>

struct stream {
	uint32_t key[2];
	uint64_t nr_draws; /* drawn so far; half of it is the number of the next block */
	uint64_t second; /* second draw of the last block, due while nr_draws is odd */
};

/* Starts the stream at its first draw. name is such as "vm0/nic1/arrival"; it is not kept. */
void stream_init(struct stream *stream, uint64_t seed, uint32_t replication, const char *name);

/* For stream_u64() only: the first draw of the next block, the second one kept. */
uint64_t stream_next_block(struct stream *stream);

/* The next draw: uniform over all 2^64 values. */
static inline uint64_t stream_u64(struct stream *stream)
{
	if (stream->nr_draws & 1) {
		stream->nr_draws++;
		return stream->second;
	}
	return stream_next_block(stream);
}

#endif
