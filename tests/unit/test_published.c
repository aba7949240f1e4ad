/*
 * Published rows: the error of a simulated value, and the case that a row is about.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "app/plan.h"

static void test_error(void)
{
	static const struct {
		uint64_t low, high, simulated;
		int64_t error_ppm;
	} rows[] = {
		{ 1000, 1000, 1000, 0 },
		{ 1000, 1000, 1100, 100000 },
		{ 1000, 1000, 900, -100000 },
		{ 1000, 1000, 0, -1000000 },
		{ 1000, 2000, 1000, 0 },
		{ 1000, 2000, 1500, 0 },
		{ 1000, 2000, 2000, 0 },
		{ 1000, 2000, 2100, 50000 },	/* of the nearer end */
		{ 1000, 2000, 900, -100000 },
		{ 3, 3, 4, 333333 },
		{ 3, 3, 2, -333333 },
		{ 2000000, 2000000, 2000001, 1 },	/* half a ppm, away from 0 */
		{ 2000000, 2000000, 1999999, -1 },
		{ 3000000, 3000000, 3000001, 0 },
		{ 1, 1, UINT64_MAX, INT64_MAX },
		{ UINT64_C(1) << 62, UINT64_C(1) << 62, (UINT64_C(1) << 62) / 2, -500000 },
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct published row = { .low = rows[i].low, .high = rows[i].high };

		g_assert_cmpint(published_error_ppm(&row, rows[i].simulated), ==,
				rows[i].error_ppm);
	}
}

/* Two alternatives at two numbers of vCPUs and one rate, each clocked in cycles. */
static const char scenario[] =
	"{ 'irqsim': 1, 'name': 'p', 'about': { 'source': 'a list' },"
	"  'platform': { 'extends': 'ampere-altra', 'name': 'q', 'clock': '2GHz' },"
	"  'host': { 'pcpus': 64, 'kernel': '6.5' },"
	"  'vms': [ { 'name': 'vm0', 'vcpus': 2, 'routes': { 'ipi': 'linear-walk' } } ],"
	"  'workloads': [ { 'name': 'ipi', 'type': 'ipi', 'vm': 'vm0' } ],"
	"  'alternatives': [ { 'name': 'a' }, { 'name': 'b' } ],"
	"  'sweep': { '/vms/0/vcpus': [2, 64], '/workloads/0/gap': ['1us'] },"
	"  'published': ["
	"    { 'id': 'A', 'what': '1', 'alternative': 'b', 'point': { '/vms/0/vcpus': 64 },"
	"      'metric': 'ack.mean', 'value': '3000cy', 'role': 'calibration',"
	"      'fits': { 'software': '/workloads/0/handler' } },"
	"    { 'id': 'A', 'what': '2', 'alternative': 'a', 'point': { '/vms/0/vcpus': 2 },"
	"      'metric': 'vm.vm0.steal', 'value': ['1%', '2.5%'], 'role': 'prediction',"
	"      'spread': '2%', 'source': 'a page', 'reason': 'known' },"
	"    { 'id': 'B', 'what': '1', 'alternative': 'a', 'point': { '/vms/0/vcpus': 64,"
	"      '/workloads/0/gap': '1us' }, 'metric': 'raised_per_s', 'value': 7,"
	"      'role': 'recalled' } ] }";

static struct plan *load(const struct plan_options *options)
{
	char *dir = g_dir_make_tmp("irqsim-XXXXXX", NULL);
	char *path = g_build_filename(dir, "p.json", NULL);
	char *text = g_strdelimit(g_strdup(scenario), "'", '"');
	char *shipped = g_build_filename(g_getenv("SRCDIR"), "scenarios", "platforms", NULL);
	char *platforms = g_build_filename(dir, "platforms", NULL);
	GError *error = NULL;
	struct plan *plan;

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(symlink(shipped, platforms), ==, 0);
	plan = plan_load(path, options, &error);
	g_assert_no_error(error);
	g_unlink(path);
	g_unlink(platforms);
	g_rmdir(dir);
	g_free(shipped);
	g_free(platforms);
	g_free(text);
	g_free(path);
	g_free(dir);
	return plan;
}

static void test_rows(void)
{
	const struct plan_options options = { .sets = NULL };
	struct plan *plan = load(&options);
	const struct published *rows = plan->published;

	g_assert_cmpuint(plan->nr_published, ==, 3);
	g_assert_cmpuint(rows[0].low, ==, 1500000);	/* 3000 cycles at 2 GHz */
	g_assert_cmpuint(rows[0].high, ==, 1500000);
	g_assert_cmpuint(rows[0].spread_ppm, ==, 0);
	g_assert_cmpstr(rows[0].source, ==, "a list");
	g_assert_null(rows[0].reason);
	g_assert_cmpint(rows[0].role, ==, ROLE_CALIBRATION);
	g_assert_cmpuint(rows[0].nr_fits, ==, 1);
	g_assert_cmpstr(rows[0].fits[0].name, ==, "software");
	g_assert_cmpstr(rows[0].fits[0].pointer, ==, "/workloads/0/handler");
	g_assert_cmpuint(rows[0].case_index, ==, 3);
	g_assert_cmpuint(rows[1].low, ==, 10000);
	g_assert_cmpuint(rows[1].high, ==, 25000);
	g_assert_cmpuint(rows[1].spread_ppm, ==, 20000);
	g_assert_cmpstr(rows[1].source, ==, "a page");
	g_assert_cmpstr(rows[1].reason, ==, "known");
	g_assert_cmpuint(rows[1].case_index, ==, 0);
	g_assert_cmpuint(rows[2].low, ==, 7);
	g_assert_cmpint(rows[2].role, ==, ROLE_RECALLED);
	g_assert_cmpuint(rows[2].case_index, ==, 2);
	plan_free(plan);
}

/* The file is valid, the plan has less: such a row is not wrong. */
static void test_lost(void)
{
	const struct plan_options options = { .only = "a" };
	struct plan *plan = load(&options);

	g_assert_cmpuint(plan->published[0].case_index, ==, PUBLISHED_NOWHERE);
	g_assert_cmpuint(plan->published[1].case_index, ==, 0);
	g_assert_cmpuint(plan->published[2].case_index, ==, 1);
	plan_free(plan);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/published/error", test_error);
	g_test_add_func("/published/rows", test_rows);
	g_test_add_func("/published/lost", test_lost);
	return g_test_run();
}
