/*
 * test_metric - names of metrics: what each form is, its unit, and back to the same text.
 */
#include <glib.h>

#include "app/metric.h"

static void test_good(void)
{
	static const struct {
		const char *text;
		enum metric_of of;
		enum metric_unit unit;
		int index;
		enum metric_stat stat;
		const char *name;
	} rows[] = {
		{ "deliver.p99", METRIC_LATENCY, UNIT_PS, LATENCY_DELIVER, STAT_P99, "" },
		{ "source_wait.min", METRIC_LATENCY, UNIT_PS, LATENCY_SOURCE_WAIT, STAT_MIN, "" },
		{ "stage.lock_wait.mean", METRIC_STAGE, UNIT_PS, 3, STAT_MEAN, "" },
		{ "flow.ipi.ack.p999", METRIC_FLOW, UNIT_PS, LATENCY_ACK, STAT_P999, "ipi" },
		{ "flow.a.b.ack.max", METRIC_FLOW, UNIT_PS, LATENCY_ACK, STAT_MAX, "a.b" },
		{ "lock.irq_lock.wait.p50", METRIC_LOCK_WAIT, UNIT_PS, 0, STAT_P50, "irq_lock" },
		{ "lock.irq_lock.hold.p90", METRIC_LOCK_HOLD, UNIT_PS, 1, STAT_P90, "irq_lock" },
		{ "lock.irq_lock.contended", METRIC_LOCK_CONTENDED, UNIT_PPM, 0, 0, "irq_lock" },
		{ "exits_per_interrupt", METRIC_SCALAR, UNIT_PPM, SCALAR_EXITS_PER_INTERRUPT, 0,
		  "" },
		{ "handled_per_s", METRIC_SCALAR, UNIT_PER_S, SCALAR_HANDLED_PER_S, 0, "" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		struct metric metric;
		char *name;

		g_assert_true(metric_parse(rows[i].text, &metric));
		g_assert_cmpint(metric.of, ==, rows[i].of);
		g_assert_cmpint(metric.unit, ==, rows[i].unit);
		if (rows[i].of <= METRIC_FLOW || rows[i].of == METRIC_SCALAR)
			g_assert_cmpint(metric.index, ==, rows[i].index);
		g_assert_cmpint(metric.stat, ==, rows[i].stat);
		g_assert_cmpstr(metric.name, ==, rows[i].name);
		name = metric_name(&metric);
		g_assert_cmpstr(name, ==, rows[i].text);
		g_free(name);
	}
}

static void test_bad(void)
{
	static const char *const rows[] = {
		"", "deliver", "deliver.", ".mean", "deliver.p98", "deliver.mean.", "Deliver.mean",
		"stage.mean", "stage.walk.mean", "stage..mean", "flow.ack.mean", "flow..ack.mean",
		"flow.x.mean", "lock.wait.mean", "lock..wait.mean", "lock.x.wait", "lock.contended",
		"lock..contended", "exits_per_interrupt.mean", "handled",
	};
	struct metric metric;
	char *longer = g_strnfill(100, 'x'),
	     *text = g_strconcat("lock.", longer, ".contended", NULL);

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_false(metric_parse(rows[i], &metric));
	g_assert_false(metric_parse(text, &metric));
	g_free(longer);
	g_free(text);
}

static void test_known(void)
{
	GPtrArray *names = metric_known_names();
	struct metric metric;

	for (guint i = 0; i < names->len; i++)
		g_assert_true(metric_parse(names->pdata[i], &metric));
	g_ptr_array_unref(names);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/metric/good", test_good);
	g_test_add_func("/metric/bad", test_bad);
	g_test_add_func("/metric/known", test_known);
	return g_test_run();
}
