/*
 * test_plan - from a scenario file to its cases: order, settings, effective form, hash.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/plan.h"
#include "models/kernel.h"

#define HEAD "{\"irqsim\": 1, \"name\": \"t\", \"host\": {\"pcpus\": 8, \"kernel\": \"6.5\"}," \
	"\"vms\": [{\"name\": \"v\", \"vcpus\": 4, \"routes\": {\"ipi\": \"linear-walk\"}}]," \
	"\"workloads\": [{\"name\": \"i\", \"type\": \"ipi\", \"vm\": \"v\"}], \"platform\": "
#define PLATFORM "\"p\""
#define TWO ", \"alternatives\": [{\"name\": \"a\"}, {\"name\": \"b\", " \
	"\"set\": {\"/vms/0/routes/ipi\": \"mpidr-hash\"}}]"

static char *dir;

static char *write_file(const char *name, const char *text)
{
	char *path = g_build_filename(dir, name, NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return path;
}

/* A platform with every cost of arm64: 10 ns each. */
static void write_platform(void)
{
	GString *text = g_string_new("{\"name\": \"p\", \"arch\": \"arm64\", \"clock\": \"2GHz\","
				     "\"topology\": {\"cores\": 16}, \"costs\": {");
	char *platforms = g_build_filename(dir, "platforms", NULL);
	const char *comma = "";

	g_assert_cmpint(g_mkdir_with_parents(platforms, 0700), ==, 0);
	for (int id = 0; id < NR_COSTS; id++) {
		if (!(cost_rows[id].archs & ON_ARM64))
			continue;
		g_string_append_printf(text,
				       "%s\"%s\": {\"cost\": \"10ns\", \"kind\": \"measured\", "
				       "\"source\": \"s\", \"uncertainty\": \"20%%\"}",
				       comma, cost_rows[id].key);
		comma = ", ";
	}
	g_string_append(text, "}}");
	g_free(write_file("platforms/p.json", text->str));
	g_free(platforms);
	g_string_free(text, TRUE);
}

static struct plan *load_with(const char *text, const struct plan_options *options)
{
	char *path = write_file("t.json", text);
	GError *error = NULL;
	struct plan *plan = plan_load(path, options, &error);

	g_assert_no_error(error);
	g_assert_nonnull(plan);
	g_free(path);
	return plan;
}

static struct plan *load(const char *text)
{
	return load_with(text, &(struct plan_options){ 0 });
}

static struct plan *load_set(const char *text, const char *a, const char *b)
{
	const char *const sets[] = { a, b, NULL };

	return load_with(text, &(struct plan_options){ .sets = sets });
}

static void test_simple(void)
{
	struct plan *plan = load(HEAD PLATFORM "}");
	const struct scenario *s = plan->cases[0].scenario;

	g_assert_cmpstr(plan->name, ==, "t");
	g_assert_cmpuint(plan_nr_runs(plan), ==, 5);
	g_assert_cmpuint(plan->seed, ==, 1);
	g_assert_cmpstr(plan->alternatives[0], ==, "baseline");
	g_assert_cmpuint(json_object_size(plan->points[0]), ==, 0);
	g_assert_cmpuint(s->kernel, ==, KERNEL(6, 5));
	g_assert_cmpuint(s->stop_interrupts, ==, 10000);
	g_assert_cmpuint(s->stop_time_ps, ==, 10 * PS_PER_S);
	g_assert_cmpuint(s->warmup_interrupts, ==, 100);
	g_assert_cmpstr(s->metric, ==, "deliver");
	g_assert_cmpstr(s->platform.name, ==, "p");
	g_assert_cmpuint(s->platform.clock_hz, ==, UINT64_C(2000000000));
	g_assert_cmpuint(s->platform.costs[C_VM_EXIT].dist.a, ==, 10 * PS_PER_NS);
	g_assert_cmpuint(s->platform.costs[C_VM_EXIT].uncertainty_ppm, ==, 200000);
	g_assert_cmpuint(s->vms[0].page_bytes, ==, 4096);
	g_assert_cmpstr(s->vms[0].routes[ROUTE_IPI].ops->name, ==, "linear-walk");
	g_assert_null(s->vms[0].routes[ROUTE_MSI].ops);
	g_assert_cmpuint(scenario_pcpu(s, 0, 3), ==, 3);
	g_assert_null(plan->warnings[0]);
	plan_free(plan);
}

static void test_order(void)
{
	struct plan *plan = load(HEAD PLATFORM TWO ", \"replications\": 2, \"sweep\": {"
				 "\"/vms/0/vcpus\": [2, 8], \"/workloads/0/intid\": [1, 3, 2]}}");

	g_assert_cmpuint(plan->nr_points, ==, 6);
	g_assert_cmpuint(plan->nr_cases, ==, 12);
	g_assert_cmpuint(plan_nr_runs(plan), ==, 24);
	for (uint32_t i = 0; i < plan->nr_cases; i++) {
		static const int intids[] = { 1, 3, 2 };
		const struct plan_case *c = &plan->cases[i];
		const struct vm_config *vm = &c->scenario->vms[0];
		const json_t *point = plan->points[c->point_index];

		g_assert_cmpuint(c->point_index, ==, i / 2);
		g_assert_cmpuint(c->alternative_index, ==, i % 2);
		g_assert_cmpuint(vm->nr_vcpus, ==, i < 6 ? 2 : 8);
		g_assert_cmpint(json_integer_value(json_object_get(point, "/vms/0/vcpus")), ==,
				i < 6 ? 2 : 8);
		g_assert_cmpint(json_integer_value(json_object_get(point, "/workloads/0/intid")),
				==, intids[i / 2 % 3]);
		g_assert_cmpstr(vm->routes[ROUTE_IPI].ops->name, ==,
				i % 2 ? "mpidr-hash" : "linear-walk");
	}
	g_assert_nonnull(strstr(plan->warnings[0], "new in Linux 6.7"));
	g_assert_null(plan->warnings[1]);
	plan_free(plan);
}

/* Alternative, sweep point, --set: the last one wins; --set may change the sweep itself. */
static void test_precedence(void)
{
	const char *text = HEAD PLATFORM ", \"alternatives\": [{\"name\": \"a\", \"set\": "
			   "{\"/vms/0/vcpus\": 3, \"/workloads/0/intid\": 3}}],"
			   "\"sweep\": {\"/vms/0/vcpus\": [5]}}";
	struct plan *plan = load(text);

	g_assert_cmpuint(plan->cases[0].scenario->vms[0].nr_vcpus, ==, 5);
	plan_free(plan);
	plan = load_set(text, "/vms/0/vcpus=7", "/replications=1");
	g_assert_cmpuint(plan->cases[0].scenario->vms[0].nr_vcpus, ==, 7);
	g_assert_cmpuint(plan_nr_runs(plan), ==, 1);
	plan_free(plan);
	plan = load_set(text, "/sweep={\"/vms/0/vcpus\": [1, 2]}", "/metric=ack");
	g_assert_cmpuint(plan->nr_points, ==, 2);
	g_assert_cmpstr(plan->cases[1].scenario->metric, ==, "ack");
	plan_free(plan);
}

/* Only the cases must make sense together with --set, not the file as it stands. */
static void test_only_cases_count(void)
{
	struct plan *plan = load_set(HEAD PLATFORM ", \"sweep\": {\"/vms/0/vcpus\": [1, 2]}}",
				     "/host/pcpus=2", NULL);

	g_assert_cmpuint(plan->cases[1].scenario->nr_pcpus, ==, 2);
	plan_free(plan);
}

static void test_only(void)
{
	struct plan *plan = load_with(HEAD PLATFORM TWO "}", &(struct plan_options){
		.only = "b", .seed = "9", .replications = "3" });

	g_assert_cmpuint(plan->nr_alternatives, ==, 1);
	g_assert_cmpstr(plan->alternatives[0], ==, "b");
	g_assert_cmpuint(plan->seed, ==, 9);
	g_assert_cmpuint(plan_nr_runs(plan), ==, 3);
	plan_free(plan);
}

static void assert_cost(struct plan *plan, ps_t expected, const char *source)
{
	const struct cost_entry *entry = &plan->cases[0].scenario->platform.costs[C_VM_EXIT];

	g_assert_cmpuint(entry->dist.a, ==, expected);
	g_assert_cmpint(entry->kind, ==, COST_ESTIMATED);
	g_assert_cmpstr(entry->source, ==, source);
	plan_free(plan);
}

static void test_costs(void)
{
	struct plan *plan = load_set(HEAD PLATFORM "}", "/platform/costs/vm_exit=500cy", NULL);

	g_assert_cmpstr(json_string_value(json_object_get(
				json_object_get(json_object_get(json_object_get(plan->effective,
										"platform"),
								"costs"),
						"vm_exit"),
				"kind")),
			==, "estimated");
	assert_cost(plan, 250 * PS_PER_NS, "set by --set /platform/costs/vm_exit=500cy");
	assert_cost(load(HEAD PLATFORM ", \"alternatives\": [{\"name\": \"a\", \"set\": "
			 "{\"/platform/costs/vm_exit\": \"2us\"}}]}"), 2 * PS_PER_US,
		    "set by alternative a");
	assert_cost(load(HEAD PLATFORM
			 ", \"sweep\": {\"/platform/costs/vm_exit/cost\": [\"3ns\"]}}"),
		    3 * PS_PER_NS, "set by sweep /platform/costs/vm_exit/cost");
}

static void test_extends(void)
{
	struct plan *plan =
		load(HEAD "{\"extends\": \"p\", \"costs\": {\"vm_exit\": {\"cost\": "
			  "{\"values\": [[\"1ns\", 1], [\"3ns\", 3]]}, \"kind\": \"fitted\", "
			  "\"source\": \"f\"}}}}");
	const struct platform *platform = &plan->cases[0].scenario->platform;

	g_assert_cmpuint(dist_mean_ps(&platform->costs[C_VM_EXIT].dist), ==, 2500);
	g_assert_cmpuint(platform->costs[C_VM_EXIT].uncertainty_ppm, ==, 0);
	g_assert_cmpuint(platform->costs[C_VM_ENTRY].dist.a, ==, 10 * PS_PER_NS);
	g_assert_cmpuint(platform->topology.nr_cores, ==, 16);
	plan_free(plan);
}

static char *hash(const char *text, const char *set)
{
	struct plan *plan = load_set(text, set, NULL);
	char *sha256 = g_strdup(plan->sha256);

	g_assert_cmpuint(strlen(sha256), ==, 64);
	plan_free(plan);
	return sha256;
}

static void test_hash(void)
{
	char *base = hash(HEAD PLATFORM "}", NULL);
	char *comment = hash(HEAD PLATFORM ", \"// x\": 1, \"$schema\": \"s\" }", NULL);
	char *other = hash(HEAD PLATFORM ", \"seed\": 1}", NULL);
	char *set = hash(HEAD PLATFORM "}", "/seed=1");

	g_assert_cmpstr(base, ==, comment);
	g_assert_cmpstr(base, !=, other);	/* what the user wrote, not what it means */
	g_assert_cmpstr(base, !=, set);
	g_free(base);
	g_free(comment);
	g_free(other);
	g_free(set);
}

/* The effective form, written out, is a scenario with the same effective form. */
static void test_effective(void)
{
	struct plan *plan = load(HEAD PLATFORM TWO "}"), *again;
	char *text = json_dumps(plan->effective, JSON_COMPACT);

	again = load(text);
	g_assert_true(json_equal(plan->effective, again->effective));
	plan_free(plan);
	plan_free(again);
	free(text);
}

int main(int argc, char **argv)
{
	int status;

	g_test_init(&argc, &argv, NULL);
	dir = g_dir_make_tmp("test-plan-XXXXXX", NULL);
	g_assert_nonnull(dir);
	write_platform();
	g_test_add_func("/plan/simple", test_simple);
	g_test_add_func("/plan/order", test_order);
	g_test_add_func("/plan/precedence", test_precedence);
	g_test_add_func("/plan/only-cases-count", test_only_cases_count);
	g_test_add_func("/plan/only", test_only);
	g_test_add_func("/plan/costs", test_costs);
	g_test_add_func("/plan/extends", test_extends);
	g_test_add_func("/plan/hash", test_hash);
	g_test_add_func("/plan/effective", test_effective);
	status = g_test_run();
	for (const char *const *name =
		     (const char *const[]){ "t.json", "platforms/p.json", "platforms", "", NULL };
	     *name; name++) {
		char *path = g_build_filename(dir, *name, NULL);

		g_remove(path);
		g_free(path);
	}
	g_free(dir);
	return status;
}
