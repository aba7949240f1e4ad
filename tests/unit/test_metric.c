/*
 * test_metric - names of metrics: what each form is, its unit, and back to the same text.
 */
#include <glib.h>

#include <string.h>

#include "app/metric.h"
#include "app/stages.h"

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
		{ "flow.ipi.in_guest.mean", METRIC_FLOW_STATE, UNIT_PS, TARGET_IN_GUEST, STAT_MEAN,
		  "ipi" },
		{ "flow.a.ack.polling.p99", METRIC_FLOW_STATE, UNIT_PS, TARGET_POLLING, STAT_P99,
		  "a.ack" },
		{ "flow.ipi.preempted.max", METRIC_FLOW_STATE, UNIT_PS, TARGET_PREEMPTED, STAT_MAX,
		  "ipi" },
		{ "pcpu.0.busy", METRIC_PCPU, UNIT_PPM, PCPU_METRIC_BUSY, 0, "0" },
		{ "pcpu.4095.busy", METRIC_PCPU, UNIT_PPM, PCPU_METRIC_BUSY, 0, "4095" },
		{ "lock.irq_lock.wait.p50", METRIC_LOCK_WAIT, UNIT_PS, 0, STAT_P50, "irq_lock" },
		{ "lock.irq_lock.hold.p90", METRIC_LOCK_HOLD, UNIT_PS, 1, STAT_P90, "irq_lock" },
		{ "lock.irq_lock.contended", METRIC_LOCK, UNIT_PPM, LOCK_METRIC_CONTENDED, 0,
		  "irq_lock" },
		{ "lock.a.wait.utilization", METRIC_LOCK, UNIT_PPM, LOCK_METRIC_UTILIZATION, 0,
		  "a.wait" },
		{ "lock.counter.acquired_per_s", METRIC_LOCK, UNIT_PER_S,
		  LOCK_METRIC_ACQUIRED_PER_S, 0, "counter" },
		{ "line.a.b.pass.mean", METRIC_LINE_PASS, UNIT_PS, 0, STAT_MEAN, "a.b" },
		{ "vm.vm0.steal", METRIC_VM, UNIT_PPM, VM_METRIC_STEAL, 0, "vm0" },
		{ "vm.a.b.pieces_per_s", METRIC_VM, UNIT_PER_S, VM_METRIC_PIECES_PER_S, 0, "a.b" },
		{ "wakeups_per_s", METRIC_SCALAR, UNIT_PER_S, SCALAR_WAKEUPS_PER_S, 0, "" },
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
		if (rows[i].of != METRIC_LOCK_WAIT && rows[i].of != METRIC_LOCK_HOLD)
			g_assert_cmpint(metric.index, ==, rows[i].index);
		g_assert_cmpint(metric.stat, ==, rows[i].stat);
		g_assert_cmpstr(metric.name, ==, rows[i].name);
		name = metric_name(&metric);
		g_assert_cmpstr(name, ==, rows[i].text);
		g_assert_nonnull(metric_meaning(&metric));
		g_free(name);
	}
}

static void test_bad(void)
{
	static const char *const rows[] = {
		"", "deliver", "deliver.", ".mean", "deliver.p98", "deliver.mean.", "Deliver.mean",
		"stage.mean", "stage.walk.mean", "stage..mean", "flow.ack.mean", "flow..ack.mean",
		"flow.x.mean", "lock.wait.mean", "lock..wait.mean", "lock.x.wait", "lock.contended",
		"lock..contended", "exits_per_interrupt.mean", "handled", "lock.x.steal",
		"vm.steal", "vm..steal", "vm.x.contended", "vm.x.steal.mean",
		"lock.x.acquired_per_s.mean", "blocked.mean", "flow.blocked.mean", "flow.x.blocked",
		"line.pass.mean", "line..pass.mean", "line.x.pass", "line.x.wait.mean",
		"pcpu.busy", "pcpu..busy", "pcpu.01.busy", "pcpu.x.busy", "pcpu.-1.busy",
		"pcpu. 1.busy", "pcpu.12345.busy", "pcpu.0.idle", "pcpu.0.busy.mean",
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

static void assert_meaning(const char *text, const char *words)
{
	struct metric metric;

	g_assert_true(metric_parse(text, &metric));
	g_assert_nonnull(strstr(metric_meaning(&metric), words));
}

static void test_meaning(void)
{
	assert_meaning("flow.ipi.ack.p99", "inject, deliver");
	assert_meaning("flow.ipi.blocked.p99", "found their target");
	assert_meaning("pcpu.17.busy", "not idle");
	assert_meaning("line.x.pass.p50", "one way");
}

static void test_pcpu(void)
{
	struct metric metric;

	g_assert_true(metric_parse("pcpu.4095.busy", &metric));
	g_assert_cmpuint(metric_pcpu_id(&metric), ==, 4095);
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
	g_test_add_func("/metric/meaning", test_meaning);
	g_test_add_func("/metric/pcpu", test_pcpu);
	g_test_add_func("/metric/known", test_known);
	return g_test_run();
}
