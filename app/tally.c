#include "app/tally.h"

static struct tally *tally_alloc(guint nr_buckets)
{
	return g_malloc0(sizeof(struct tally) + nr_buckets * sizeof(struct tally_bucket));
}

struct tally *tally_of(const struct hist *hist)
{
	struct hist_bucket bucket = { 0 };
	struct tally *tally;
	guint nr_buckets = 0;

	while (hist_next_bucket(hist, &bucket))
		nr_buckets++;
	tally = tally_alloc(nr_buckets);
	tally->count = hist->count;
	tally->min = hist->min;
	tally->max = hist->max;
	tally->sum = hist->sum;
	bucket = (struct hist_bucket){ 0 };
	while (hist_next_bucket(hist, &bucket))
		tally->buckets[tally->nr_buckets++] = (struct tally_bucket){
			.low = bucket.low, .high = bucket.high, .count = bucket.count,
		};
	return tally;
}

struct tally *tally_merge(const struct tally *a, const struct tally *b)
{
	struct tally *sum = tally_alloc(a->nr_buckets + b->nr_buckets);
	guint i = 0, j = 0;

	sum->count = a->count + b->count;
	sum->min = MIN(a->min, b->min);
	sum->max = MAX(a->max, b->max);
	sum->sum = u128_add(a->sum, b->sum);
	while (i < a->nr_buckets || j < b->nr_buckets) {
		struct tally_bucket *bucket = &sum->buckets[sum->nr_buckets++];
		bool from_a = j == b->nr_buckets ||
			      (i < a->nr_buckets && a->buckets[i].low <= b->buckets[j].low);

		*bucket = from_a ? a->buckets[i++] : b->buckets[j++];
		if (from_a && j < b->nr_buckets && b->buckets[j].low == bucket->low)
			bucket->count += b->buckets[j++].count;
	}
	return sum;
}

uint64_t tally_count_below(const struct tally *tally, uint64_t limit)
{
	uint64_t count = 0;

	for (guint i = 0; i < tally->nr_buckets && tally->buckets[i].low < limit; i++)
		count += tally->buckets[i].count;
	return count;
}

const struct tally_bucket *tally_bucket_of(const struct tally *tally, uint64_t rank)
{
	uint64_t seen = 0;
	guint i = 0;

	sim_assert(rank >= 1 && rank <= tally->count);
	while (seen + tally->buckets[i].count < rank)
		seen += tally->buckets[i++].count;
	return &tally->buckets[i];
}
