/*
 * What holds of every lock, to the picosecond, whenever the window opens and closes; and how locks
 * bear more and more clients.
 *
 * Waiting, holding, and who waited for whom are computed once more from the trace records alone.
 */
#include <glib.h>

#include "models/points.h"
#include "tests/support/shop.h"

enum { NR_CLIENTS = 9, LINE_PS = SERVICE_PS / 10 };

/* What the records say of a lock whose clients have a pCPU each; client i is of class i mod 3. */
struct watch {
	struct trace_sink sink;		/* first */
	bool waiting[NR_CLIENTS], holding[NR_CLIENTS];
	uint32_t nr_waiting, nr_holding;
	ps_t changed_ps, queue_ps, busy_ps, hold_ps;
	ps_t waited_ps[3][3];
	ps_t under_way_ps[3];		/* by waiter, since nobody holds it: for the next holder */
};

static void watch_integrate(struct watch *watch, ps_t now_ps)
{
	ps_t passed_ps = now_ps - watch->changed_ps;
	int holder = -1;

	watch->changed_ps = now_ps;
	watch->queue_ps += passed_ps * watch->nr_waiting;
	watch->hold_ps += passed_ps * watch->nr_holding;
	watch->busy_ps += watch->nr_holding ? passed_ps : 0;
	for (int i = 0; i < NR_CLIENTS; i++)
		if (watch->holding[i])
			holder = i % 3;
	for (int i = 0; i < NR_CLIENTS; i++)
		if (watch->waiting[i])
			*(holder >= 0 ? &watch->waited_ps[i % 3][holder] :
					&watch->under_way_ps[i % 3]) += passed_ps;
}

static void watch_give(struct watch *watch, int holder)
{
	for (int waiter = 0; waiter < 3; waiter++) {
		watch->waited_ps[waiter][holder] += watch->under_way_ps[waiter];
		watch->under_way_ps[waiter] = 0;
	}
}

static void watch_open(struct watch *watch)
{
	watch->queue_ps = watch->busy_ps = watch->hold_ps = 0;
	for (int waiter = 0; waiter < 3; waiter++) {
		watch->under_way_ps[waiter] = 0;
		for (int holder = 0; holder < 3; holder++)
			watch->waited_ps[waiter][holder] = 0;
	}
}

static void watch_record(struct trace_sink *sink, const struct trace_record *record)
{
	struct watch *watch = (struct watch *)sink;
	uint32_t i = record->who;

	watch_integrate(watch, record->time_ps);
	if (record->point == POINT_LOCK_WAIT) {
		watch->waiting[i] = true;
		watch->nr_waiting++;
	} else if (record->point == POINT_LOCK_ACQUIRED) {
		watch->nr_waiting -= watch->waiting[i];
		watch->waiting[i] = false;
		watch->holding[i] = true;
		watch->nr_holding++;
		watch_give(watch, (int)i % 3);
	} else if (record->point == POINT_LOCK_RELEASED) {
		watch->holding[i] = false;
		watch->nr_holding--;
	} else if (record->point == POINT_WINDOW && record->which == 1) {
		watch_open(watch);
	}
}

static const struct lock *lock_of(const struct shop *shop)
{
	return shop->rwlock.lock.class ? &shop->rwlock.lock : &shop->lock;
}

static ps_t waited_sum(const struct lock *lock)
{
	ps_t sum_ps = 0;

	for (enum acquirer waiter = 0; waiter < NR_ACQUIRERS; waiter++)
		for (enum acquirer holder = 0; holder < NR_ACQUIRERS; holder++)
			sum_ps += lock_waited_ps(lock->class, waiter, holder);
	return sum_ps;
}

/* A run of NR_CLIENTS clients, watched, whose window opens at some time. */
static struct shop *run_watched(enum lock_kind kind, uint64_t seed, ps_t transfer_ps,
				struct watch *watch)
{
	struct shop *shop = shop_new(seed, kind, transfer_ps);

	*watch = (struct watch){ .sink.record = watch_record };
	shop->sim->sink = &watch->sink;
	shop_add_clients(shop, kind == LOCK_RWLOCK ? USE_READ : USE_LOCK, NR_CLIENTS, 1);
	shop_open_window(shop, seed * 7919 * 1000 % (20 * (ps_t)SERVICE_PS));
	sim_run(shop->sim, 60 * (ps_t)SERVICE_PS + seed * 104729);
	host_close_window(shop->host);
	host_check(shop->host);
	return shop;
}

/* Without line costs: a wait is from one record to another, and the holder is always recorded. */
static void test_exact(gconstpointer data)
{
	enum lock_kind kind = (enum lock_kind)GPOINTER_TO_INT(data);
	uint64_t nr_contended = 0;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct watch watch;
		struct shop *shop = run_watched(kind, seed, 0, &watch);
		const struct lock_stats *stats = lock_of(shop)->stats;

		g_assert_cmpuint(stats->queue_ps, ==, watch.queue_ps);
		g_assert_cmpuint(stats->wait_ps, ==, watch.queue_ps);
		g_assert_cmpuint(stats->busy_ps, ==, watch.busy_ps);
		g_assert_cmpuint(stats->hold_ps, ==, watch.hold_ps);
		g_assert_cmpuint(waited_sum(lock_of(shop)), ==, stats->wait_ps);
		for (int waiter = 0; waiter < 3 && kind != LOCK_RWLOCK; waiter++)
			for (int holder = 0; holder < 3; holder++)
				g_assert_cmpuint(lock_waited_ps(lock_of(shop)->class,
								(enum acquirer)waiter,
								(enum acquirer)holder),
						 ==, watch.waited_ps[waiter][holder]);
		nr_contended += stats->nr_contended;
		shop_free(shop);
	}
	g_assert_cmpuint(nr_contended, >, 1000);
}

/*
 * With line costs: host_check() holds the sums against the integrals; here the contended part once
 * more. Who is under way when the window closes, or found it free, is not yet in the records.
 */
static void test_exact_lines(gconstpointer data)
{
	enum lock_kind kind = (enum lock_kind)GPOINTER_TO_INT(data);

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct watch watch;
		struct shop *shop = run_watched(kind, seed, LINE_PS, &watch);
		const struct lock_stats *stats = lock_of(shop)->stats;

		g_assert_cmpuint(stats->busy_ps, ==, watch.busy_ps);
		g_assert_cmpuint(stats->hold_ps, ==, watch.hold_ps);
		g_assert_cmpuint(stats->contended_ps, ==, watch.queue_ps);
		g_assert_cmpuint(waited_sum(lock_of(shop)), ==, watch.queue_ps);
		g_assert_cmpuint(stats->wait_ps, >=, watch.queue_ps);
		for (int waiter = 0; waiter < 3 && kind != LOCK_RWLOCK; waiter++)
			for (int holder = 0; holder < 3; holder++) {
				ps_t waited_ps = lock_waited_ps(lock_of(shop)->class,
								(enum acquirer)waiter,
								(enum acquirer)holder);

				g_assert_cmpuint(waited_ps, >=, watch.waited_ps[waiter][holder]);
				g_assert_cmpuint(waited_ps - watch.waited_ps[waiter][holder], <=,
						 watch.under_way_ps[waiter]);
			}
		shop_free(shop);
	}
}

/* --- more and more clients ------------------------------------------------------------------ */

/* Mean time from one hold to the next, of clients that hold it for 1 and think for 1, in ps. */
static ps_t interval(enum lock_kind kind, uint32_t nr_clients)
{
	struct shop *shop = shop_new(1, kind, LINE_PS);
	const struct lock_stats *stats;
	ps_t ret;

	shop->think = dist_constant(SERVICE_PS);
	shop->service = dist_constant(SERVICE_PS);
	shop_add_clients(shop, USE_LOCK, nr_clients, 1);
	sim_run(shop->sim, 4000 * (ps_t)SERVICE_PS);
	host_close_window(shop->host);
	host_check(shop->host);
	stats = shop->lock.stats;
	ret = shop->sim->now_ps / stats->nr_acquisitions;
	shop_free(shop);
	return ret;
}

/*
 * One client after another, a hold and a hand-over each: the store and the fetch, a tenth of a hold
 * each, whatever the number of those that wait on nodes of their own.
 */
static void test_queued_keeps(void)
{
	for (uint32_t nr = 4; nr <= 64; nr *= 2)
		g_assert_cmpfloat_with_epsilon((double)interval(LOCK_RAW, nr),
					       SERVICE_PS + 2 * LINE_PS, LINE_PS / 10.0);
}

/*
 * n - 1 spinners: the store, their reads, the winner's claim; their failures come on top once they
 * take longer than a hold.
 */
static void test_test_and_set_collapses(void)
{
	ps_t before_ps = interval(LOCK_TEST_AND_SET, 4);

	for (uint32_t nr = 8; nr <= 64; nr *= 2) {
		ps_t now_ps = interval(LOCK_TEST_AND_SET, nr);

		g_test_message("%u clients: %u ps", nr, (unsigned int)now_ps);
		g_assert_cmpuint(now_ps, >, before_ps + before_ps / 5);
		g_assert_cmpuint(now_ps, >=, SERVICE_PS + (nr - 1) * LINE_PS);
		before_ps = now_ps;
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	for (int kind = 0; kind < LOCK_MUTEX; kind++) {		/* that has a test of its own */
		char *path = g_strdup_printf("/oracle/lock-laws/exact/%s", lock_kind_words[kind]);
		char *lines = g_strdup_printf("/oracle/lock-laws/lines/%s", lock_kind_words[kind]);

		g_test_add_data_func(path, GINT_TO_POINTER(kind), test_exact);
		g_test_add_data_func(lines, GINT_TO_POINTER(kind), test_exact_lines);
		g_free(path);
		g_free(lines);
	}
	g_test_add_func("/oracle/lock-laws/queued-keeps", test_queued_keeps);
	g_test_add_func("/oracle/lock-laws/test-and-set-collapses", test_test_and_set_collapses);
	return g_test_run();
}
