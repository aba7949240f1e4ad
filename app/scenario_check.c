/*
 * Expectations, and the checks across the parts of a scenario.
 */
#include <stdlib.h>
#include <string.h>

#include "app/duration.h"
#include "app/scenario_parts.h"

enum { EXPECTS_MAX = 1000 };

static const struct field expect_fields[] = {
	{ "alternative", FIELD_STRING, offsetof(struct expect, alternative), 0, 0, "null", NULL,
	  "the alternative that it is about; null: every one", NULL },
	{ "metric", FIELD_STRING, offsetof(struct expect, name), 0, 0, NULL, NULL,
	  "name of a metric, such as \"deliver.p99\"", NULL },
	{ "min", FIELD_JSON, 0, 0, 0, "null", NULL,
	  "least value: a duration, or a number for ratios and rates", NULL },
	{ "max", FIELD_JSON, 0, 0, 0, "null", NULL, "largest value, likewise", NULL },
};

FIELD_TABLE(expect_table, "an expectation", struct expect, "limits of one metric", expect_fields);

/* A ratio may have decimals; the number is read from its shortest exact text. */
static void decode_ratio(struct decoder *decoder, const json_t *value, uint64_t *ret)
{
	char text[G_ASCII_DTOSTR_BUF_SIZE], *mistake;

	if (!json_is_number(value)) {
		decode_error(decoder, "expected a number, found %s", json_kind(value));
		return;
	}
	if (json_is_integer(value))
		g_snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	else
		g_ascii_formatd(text, sizeof(text), "%.12g", json_real_value(value));
	mistake = ratio_parse(text, ret);
	if (mistake)
		decode_error(decoder, "%s", mistake);
	g_free(mistake);
}

static void decode_limit(struct decoder *decoder, const json_t *expect, const char *key,
			 enum metric_unit unit, uint64_t *ret)
{
	const json_t *value = json_object_get(expect, key);

	if (json_is_null(value))
		return;
	pointer_push(decoder->pointer, key);
	if (unit == UNIT_PS)
		decode_duration(decoder, value, ret);
	else if (unit == UNIT_PPM)
		decode_ratio(decoder, value, ret);
	else if (!json_is_integer(value))
		decode_error(decoder, "expected an integer, found %s", json_kind(value));
	else if (json_integer_value(value) < 0)
		decode_error(decoder, "%" JSON_INTEGER_FORMAT " is negative",
			     json_integer_value(value));
	else
		*ret = (uint64_t)json_integer_value(value);
	pointer_pop(decoder->pointer);
}

static void check_alternative(struct decoder *decoder, const json_t *alternatives,
			      const char *name)
{
	GPtrArray *names = g_ptr_array_new();
	json_t *alternative;
	size_t index;
	bool known;

	json_array_foreach(alternatives, index, alternative) {
		const char *other = json_string_value(json_object_get(alternative, "name"));

		if (other)
			g_ptr_array_add(names, (char *)other);
	}
	if (names->len == 0)
		g_ptr_array_add(names, (char *)SCENARIO_BASELINE);
	known = g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL);
	if (known) {
		g_ptr_array_unref(names);
		return;
	}
	pointer_push(decoder->pointer, "alternative");
	decode_unknown(decoder, "alternative", name, names);
	pointer_pop(decoder->pointer);
}

void scenario_check_metric(struct decoder *decoder, const struct scenario *scenario)
{
	const char *name = scenario->metric;
	struct metric metric;
	GPtrArray *names;

	if (!name || g_strv_contains(metric_latency_words, name) || metric_parse(name, &metric))
		return;
	names = metric_known_names();
	for (int i = 0; i < NR_METRIC_LATENCIES; i++)
		g_ptr_array_add(names, g_strdup(metric_latency_words[i]));
	pointer_push(decoder->pointer, "metric");
	decode_unknown(decoder, "metric", name, names);
	pointer_pop(decoder->pointer);
}

static void decode_expect(struct decoder *decoder, const json_t *tree, json_t *value,
			  struct expect *ret)
{
	*ret = (struct expect){ .min = 0, .max = UINT64_MAX };
	if (!decode_object(decoder, value, &expect_table, ret))
		return;
	if (ret->alternative)
		check_alternative(decoder, json_object_get(tree, "alternatives"), ret->alternative);
	if (!ret->name)
		return;
	if (!metric_parse(ret->name, &ret->metric)) {
		pointer_push(decoder->pointer, "metric");
		decode_unknown(decoder, "metric", ret->name, metric_known_names());
		pointer_pop(decoder->pointer);
		return;
	}
	decode_limit(decoder, value, "min", ret->metric.unit, &ret->min);
	decode_limit(decoder, value, "max", ret->metric.unit, &ret->max);
	if (json_is_null(json_object_get(value, "min")) &&
	    json_is_null(json_object_get(value, "max")))
		decode_error(decoder, "an expectation needs \"min\" or \"max\"");
	else if (ret->min > ret->max)
		decode_error(decoder, "\"min\" is above \"max\"");
}

void scenario_decode_expects(struct decoder *decoder, json_t *tree, struct scenario *ret)
{
	json_t *value = json_object_get(tree, "expect");
	struct expect *list;
	size_t nr;

	if (!value)
		return;
	pointer_push(decoder->pointer, "expect");
	nr = decode_array(decoder, value, 0, EXPECTS_MAX);
	list = ARENA_NEW_N(decoder->arena, struct expect, nr);
	for (size_t i = 0; i < nr; i++) {
		pointer_push_index(decoder->pointer, i);
		decode_expect(decoder, tree, json_array_get(value, i), &list[i]);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
	ret->nr_expects = (uint32_t)nr;
	ret->expects = list;
}

static char *vm_pointer(uint32_t index, const char *key)
{
	return g_strdup_printf("/vms/%u/%s", index, key);
}

/* One id per vCPU in the list of that key. */
static bool check_length(struct decoder *decoder, const struct vm_config *vm, uint32_t index,
			 const char *key, const struct id_list *list)
{
	char *pointers[] = { vm_pointer(index, key), vm_pointer(index, "vcpus"), NULL };
	bool good = list->word >= 0 || list->nr_ids == vm->nr_vcpus;

	if (!good)
		decode_error_among(decoder, (const char *const *)pointers,
				   "\"%s\" has %u entries for %u vCPUs of \"%s\"", key,
				   list->nr_ids, vm->nr_vcpus, vm->name);
	g_free(pointers[0]);
	g_free(pointers[1]);
	return good;
}

static int compare_ids(const void *a, const void *b)
{
	uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

	return (left > right) - (left < right);
}

static void check_mpidr(struct decoder *decoder, const struct vm_config *vm, uint32_t index)
{
	uint64_t *sorted;
	char *pointer;

	if (!check_length(decoder, vm, index, "mpidr", &vm->mpidr) || vm->mpidr.word >= 0)
		return;
	sorted = g_memdup2(vm->mpidr.ids, vm->nr_vcpus * sizeof(*sorted));
	qsort(sorted, vm->nr_vcpus, sizeof(*sorted), compare_ids);
	for (uint32_t i = 1; i < vm->nr_vcpus; i++) {
		if (sorted[i] != sorted[i - 1])
			continue;
		pointer = vm_pointer(index, "mpidr");
		decode_error_among(decoder, (const char *const[]){ pointer, NULL },
				   "two vCPUs of \"%s\" have the affinity %" G_GUINT64_FORMAT,
				   vm->name, sorted[i]);
		g_free(pointer);
		break;
	}
	g_free(sorted);
}

/* Reports the first vCPU that is pinned to no pCPU of the host. */
static void check_pcpus(struct decoder *decoder, const struct scenario *scenario, uint32_t index)
{
	const struct vm_config *vm = &scenario->vms[index];
	char *pointers[] = { vm_pointer(index, "pin"), g_strdup("/host/pcpus"),
			     vm_pointer(index, "vcpus"), NULL };
	uint32_t i = 0;

	while (i < vm->nr_vcpus && scenario_pcpu(scenario, index, i) < scenario->nr_pcpus)
		i++;
	if (i < vm->nr_vcpus)
		decode_error_among(decoder, (const char *const *)pointers,
				   "\"%s\" is pinned to pCPU %u, the host has 0 to %u", vm->name,
				   scenario_pcpu(scenario, index, i), scenario->nr_pcpus - 1);
	for (i = 0; pointers[i]; i++)
		g_free(pointers[i]);
}

/* One-to-one VMs must fit together: said once, for all of them, with the number that is needed. */
static bool check_one_to_one(struct decoder *decoder, const struct scenario *scenario)
{
	GPtrArray *pointers = g_ptr_array_new_with_free_func(g_free);
	uint64_t needed = 0;
	bool good;

	g_ptr_array_add(pointers, g_strdup("/host/pcpus"));
	for (uint32_t i = 0; i < scenario->nr_vms; i++) {
		if (scenario->vms[i].pin.word == PIN_ONE_TO_ONE)
			needed = (uint64_t)scenario_first_pcpu(scenario, i) +
				 scenario->vms[i].nr_vcpus;
		g_ptr_array_add(pointers, vm_pointer(i, "vcpus"));
		g_ptr_array_add(pointers, vm_pointer(i, "pin"));
	}
	g_ptr_array_add(pointers, NULL);
	good = needed <= scenario->nr_pcpus;
	if (!good)
		decode_error_among(decoder, (const char *const *)pointers->pdata,
				   "pinning one-to-one needs %" G_GUINT64_FORMAT
				   " pCPUs, the host has %u", needed, scenario->nr_pcpus);
	g_ptr_array_unref(pointers);
	return good;
}

static void check_pinning(struct decoder *decoder, const struct scenario *scenario)
{
	uint32_t before = decoder->nr_mistakes;

	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		check_length(decoder, &scenario->vms[i], i, "pin", &scenario->vms[i].pin);
	if (decoder->nr_mistakes != before || !check_one_to_one(decoder, scenario))
		return;
	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		if (scenario->vms[i].pin.word != PIN_FLOAT)
			check_pcpus(decoder, scenario, i);
}

/* A run must be able to end as it should. */
static void check_stop(struct decoder *decoder, const struct scenario *scenario)
{
	ps_t needed_ps = scenario->warmup_ps + scenario->stop_window_ps;
	char *needed, *time;

	if (scenario->stop_interrupts == UINT64_MAX && scenario->stop_window_ps == 0)
		decode_error_among(decoder, (const char *const[]){ "/stop/interrupts",
								   "/stop/window", NULL },
				   "nothing ends a run: \"interrupts\" and \"window\" are null");
	if (needed_ps <= scenario->stop_time_ps)
		return;
	needed = duration_format(needed_ps);
	time = duration_format(scenario->stop_time_ps);
	decode_error_among(decoder,
			   (const char *const[]){ scenario->stop_window_ps ? "/stop/window" :
									     "/warmup/time",
						  "/stop/time", "/warmup/time", NULL },
			   "a run is starved after %s, warm-up and window take %s", time, needed);
	g_free(needed);
	g_free(time);
}

/* Who waits for interrupts that nobody raises never measures anything. */
static void check_warmup(struct decoder *decoder, const struct scenario *scenario)
{
	if (scenario_nr_flows(scenario) > 0)
		return;
	if (scenario->warmup_detect)
		decode_error_among(decoder,
				   (const char *const[]){ "/warmup/detect", "/workloads", NULL },
				   "no workload raises interrupts: a warm-up cannot be detected");
	if (scenario->warmup_interrupts == 0)
		return;
	decode_error_among(decoder,
			   (const char *const[]){ "/warmup/interrupts", "/workloads", NULL },
			   "no workload raises interrupts: the measured window waits for %"
			   G_GUINT64_FORMAT " of them; set /warmup/interrupts to 0",
			   scenario->warmup_interrupts);
}

static void check_host(struct decoder *decoder, const struct scenario *scenario)
{
	uint64_t has = topology_nr_pcpus(&scenario->platform.topology);

	if (scenario->nr_pcpus > has)
		decode_error_among(decoder,
				   (const char *const[]){ "/host/pcpus", "/platform", NULL },
				   "the host has %u pCPUs, its platform \"%s\" %" G_GUINT64_FORMAT,
				   scenario->nr_pcpus, scenario->platform.name, has);
}

/* NULL: it is the host's. */
static const struct vm_config *vm_of(const struct scenario *scenario,
				     const struct workload_config *workload)
{
	return workload->ops->scope == WORKLOAD_HOST ? NULL : &scenario->vms[workload->vm_index];
}

/* Ids in a workload are vCPUs of its VM, or pCPUs: the first one of a list that there is not. */
static bool check_ids(struct decoder *decoder, const struct scenario *scenario, uint32_t index,
		      const struct field *field)
{
	const struct workload_config *workload = &scenario->workloads[index];
	const struct vm_config *vm = vm_of(scenario, workload);
	const struct id_list *list =
		(const void *)((const char *)workload->params + field->offset);
	uint32_t nr = vm ? vm->nr_vcpus : scenario->nr_pcpus, i = 0;
	char *pointers[] = { NULL, NULL, NULL };

	while (list->word < 0 && i < list->nr_ids && list->ids[i] < nr)
		i++;
	if (list->word >= 0 || i == list->nr_ids)
		return true;
	pointers[0] = list->nr_ids == 1 ?
			      g_strdup_printf("/workloads/%u/%s", index, field->key) :
			      g_strdup_printf("/workloads/%u/%s/%u", index, field->key, i);
	pointers[1] = vm ? vm_pointer(workload->vm_index, "vcpus") : g_strdup("/host/pcpus");
	decode_error_among(decoder, (const char *const *)pointers,
			   "%s%s%s has no %s %" G_GUINT64_FORMAT ", the last one is %u",
			   vm ? "\"" : "", vm ? vm->name : "the host", vm ? "\"" : "",
			   vm ? "vCPU" : "pCPU", list->ids[i], nr - 1);
	g_free(pointers[0]);
	g_free(pointers[1]);
	return false;
}

static bool check_all_ids(struct decoder *decoder, const struct scenario *scenario, uint32_t index)
{
	const struct field_table *params = scenario->workloads[index].ops->params;
	bool good = true;

	for (size_t i = 0; i < params->nr_fields; i++)
		if (params->fields[i].type == FIELD_IDS)
			good = check_ids(decoder, scenario, index, &params->fields[i]) && good;
	return good;
}

/* What the type itself finds impossible: on its VM, or on the host. */
static void check_params(struct decoder *decoder, const struct scenario *scenario, uint32_t index)
{
	const struct workload_config *workload = &scenario->workloads[index];
	const struct vm_config *vm = vm_of(scenario, workload);
	char *pointers[] = { NULL, NULL, NULL };
	const char *key, *why;

	if (!check_all_ids(decoder, scenario, index) || !workload->ops->check)
		return;
	why = workload->ops->check(workload->params, vm, &key);
	if (!why)
		return;
	pointers[0] = g_strdup_printf("/workloads/%u/%s", index, key);
	pointers[1] = vm ? vm_pointer(workload->vm_index, "vcpus") : NULL;
	decode_error_among(decoder, (const char *const *)pointers, "%s", why);
	g_free(pointers[0]);
	g_free(pointers[1]);
}

/* Names of a host's things that the workload's own must not have. */
static void check_name(struct decoder *decoder, const struct scenario *scenario, uint32_t index)
{
	const struct workload_config *workload = &scenario->workloads[index];
	const char *why = workload->ops->check_name ? workload->ops->check_name(workload->name) :
						      NULL;
	char *pointer;

	if (!why)
		return;
	pointer = g_strdup_printf("/workloads/%u/name", index);
	decode_error_among(decoder, (const char *const[]){ pointer, NULL }, "\"%s\": %s",
			   workload->name, why);
	g_free(pointer);
}

static void check_workload(struct decoder *decoder, const struct scenario *scenario,
			   uint32_t index)
{
	const struct workload_config *workload = &scenario->workloads[index];
	const struct vm_config *vm;
	char *pointer;

	if (workload->ops->scope == WORKLOAD_GUEST && scenario->nr_vms == 0) {
		pointer = g_strdup_printf("/workloads/%u", index);
		decode_error_among(decoder, (const char *const[]){ pointer, "/vms", NULL },
				   "workload \"%s\" runs on a VM, there is none", workload->name);
		g_free(pointer);
		return;
	}
	check_name(decoder, scenario, index);
	check_params(decoder, scenario, index);
	vm = vm_of(scenario, workload);
	if (workload->ops->class == NR_ROUTE_CLASSES || vm->routes[workload->ops->class].ops)
		return;
	pointer = vm_pointer(workload->vm_index, "routes");
	decode_error_among(decoder, (const char *const[]){ pointer, NULL },
			   "\"%s\" has no route for the %s requests of workload \"%s\"", vm->name,
			   route_class_words[workload->ops->class], workload->name);
	g_free(pointer);
}

/* Workloads of one type on one VM must agree in what there is once per guest. */
static void check_clashes(struct decoder *decoder, const struct scenario *scenario, uint32_t index)
{
	const struct workload_config *workload = &scenario->workloads[index];

	for (uint32_t i = 0; i < index; i++) {
		const struct workload_config *other = &scenario->workloads[i];
		const char *key;
		char *pointers[] = { NULL, NULL };

		if (other->ops != workload->ops || other->vm_index != workload->vm_index ||
		    !workload->ops->clash)
			continue;
		key = workload->ops->clash(workload->params, other->params);
		if (!key)
			continue;
		pointers[0] = g_strdup_printf("/workloads/%u/%s", index, key);
		decode_error_among(decoder, (const char *const *)pointers,
				   "\"%s\" differs from that of workload \"%s\": it is the same "
				   "for all workloads on a VM", key, other->name);
		g_free(pointers[0]);
		return;
	}
}

void scenario_check(struct decoder *decoder, const struct scenario *scenario)
{
	uint32_t before = decoder->nr_mistakes;

	check_host(decoder, scenario);
	check_stop(decoder, scenario);
	check_warmup(decoder, scenario);
	scenario_check_metrics(decoder, scenario);
	check_pinning(decoder, scenario);
	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		check_mpidr(decoder, &scenario->vms[i], i);
	if (decoder->nr_mistakes != before)
		return;		/* a workload looks at the VM's lists */
	for (uint32_t i = 0; i < scenario->nr_workloads; i++)
		check_workload(decoder, scenario, i);
	for (uint32_t i = 0; i < scenario->nr_workloads; i++)
		check_clashes(decoder, scenario, i);
}
