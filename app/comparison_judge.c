/* comparison_judge - the verdict of one metric: a paired interval against 0, or against a limit. */
#include "app/comparison.h"

#include "sim/u128.h"

enum { MILLION = 1000000 };

/* Is a change, positive when it is for the worse, beyond that share of the old value? */
static bool is_beyond(int64_t change, int64_t old, uint32_t ppm)
{
	if (change <= 0)
		return false;
	return u128_less(u128_mul_u64((uint64_t)MAX(old, 0), ppm),
			 u128_mul_u64((uint64_t)change, MILLION));
}

/* [low, high]: the interval of the change, turned so that more is worse. */
static enum change_verdict judge_interval(int64_t low, int64_t high)
{
	if (low > 0)
		return CHANGE_WORSE;
	return high < 0 ? CHANGE_BETTER : CHANGE_SAME;
}

static enum change_verdict judge_limit(const struct comparison_row *row, int64_t low, int64_t high,
				bool two_sided)
{
	int64_t old = row->old.value;
	bool good_enough = !is_beyond(high, old, row->limit_ppm);

	if (is_beyond(low, old, row->limit_ppm))
		return CHANGE_WORSE;
	if (!good_enough)
		return CHANGE_INCONCLUSIVE;
	if (two_sided && is_beyond(-low, old, row->limit_ppm) &&
	    !is_beyond(-high, old, row->limit_ppm))
		return CHANGE_INCONCLUSIVE;
	return high < 0 ? CHANGE_BETTER : CHANGE_SAME;
}

void comparison_judge(struct comparison_row *row, bool two_sided)
{
	const struct estimate *change = &row->change;
	bool less = row->better == LESS_IS_BETTER, beyond;
	int64_t low = less ? change->low : -change->high;
	int64_t high = less ? change->high : -change->low;

	if (change->n == 0)
		row->verdict = CHANGE_NOT_COMPARABLE;
	else if (!row->differs)
		row->verdict = CHANGE_SAME;
	else if (change->n < 2)
		row->verdict = CHANGE_INCONCLUSIVE;
	else if (row->limited)
		row->verdict = judge_limit(row, low, high, two_sided);
	else
		row->verdict = judge_interval(low, high);
	beyond = !row->limited || is_beyond(-high, row->old.value, row->limit_ppm);
	row->fails = row->decides &&
		     (row->verdict == CHANGE_WORSE ||
		      (two_sided && row->verdict == CHANGE_BETTER && beyond));
}
