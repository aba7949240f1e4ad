/*
 * The engine's queue is Lindley's recursion: the same streams give the same waiting times, customer
 * by customer. So what holds of one, such as the coverage of intervals, holds of the other.
 */
#include "tests/support/lindley.h"

#include "sim/sim.h"
#include "tests/support/shop.h"

enum { BATCH_SIZE = 50 };

static void test_same_waits(gconstpointer data)
{
	bool constant = GPOINTER_TO_INT(data);
	struct dist service = constant ? dist_constant(SERVICE_PS) : dist_exponential(SERVICE_PS);
	struct shop *shop = shop_new(7, LOCK_RAW, 0);
	struct lindley queue = { .service = service, .gap = dist_exponential(SERVICE_PS * 2) };

	shop->service = service;
	shop->batch_size = BATCH_SIZE;
	shop_open_arrivals(shop, 0.5);
	sim_run(shop->sim, PS_NEVER - 1);
	g_assert_cmpuint(shop->nr_served, ==, (NR_BATCHES + 1) * BATCH_SIZE);

	lindley_init(&queue, 7, 0);
	for (int batch = -1; batch < NR_BATCHES; batch++) {
		double sum = 0;

		for (int i = 0; i < BATCH_SIZE; i++) {
			ps_t sojourn_ps;

			sum += (double)lindley_next(&queue, &sojourn_ps) / SERVICE_PS;
		}
		if (batch >= 0)		/* the shop drops its first; the same sums, bit by bit */
			g_assert_cmpfloat(sum / BATCH_SIZE, ==, shop->wait.means[batch]);
	}
	shop_free(shop);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_data_func("/lindley/mm1", GINT_TO_POINTER(0), test_same_waits);
	g_test_add_data_func("/lindley/md1", GINT_TO_POINTER(1), test_same_waits);
	return g_test_run();
}
