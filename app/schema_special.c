/*
 * schema_special - the schema of the rows that are decoded by code of their own.
 */
#include "app/schema_parts.h"

#include <glib.h>
#include <string.h>

#include "app/duration.h"
#include "app/platform.h"
#include "app/published.h"
#include "app/scenario_parts.h"
#include "app/variation.h"
#include "models/probe.h"

static json_t *any_of(json_t *forms)
{
	return json_pack("{s:o}", "anyOf", forms);
}

static json_t *array_of(json_t *items, int min)
{
	return json_pack("{s:s, s:o, s:i}", "type", "array", "items", items, "minItems", min);
}

static void set_const(json_t *object, const char *key, const char *value)
{
	json_object_set_new(json_object_get(object, "properties"), key,
			    json_pack("{s:s}", "const", value));
}

static json_t *of_platform(void)
{
	return json_pack("{s:[{s:s, s:s}, o]}", "anyOf", "type", "string", "pattern",
			 "^[a-z0-9-]+$", schema_reference("platform"));
}

static json_t *of_vms(void)
{
	const struct field_table *table = &vm_table;

	return array_of(schema_object(&table, 1), 0);
}

static json_t *of_workloads(void)
{
	json_t *forms = json_array(), *form;

	for (size_t i = 0; i < nr_workloads; i++) {
		const struct field_table *tables[] = {
			workload_head_of(workload_table[i]), workload_table[i]->params,
		};

		form = schema_object(tables, G_N_ELEMENTS(tables));
		set_const(form, "type", workload_table[i]->name);
		json_array_append_new(forms, form);
	}
	return array_of(any_of(forms), 0);
}

static json_t *of_routes(void)
{
	const struct field_table *table = &routes_table;

	return schema_object(&table, 1);
}

/* The routes of one class: the name, or an object with the parameters. */
static json_t *of_route(const char *class_word)
{
	json_t *forms = json_array(), *names = json_array(), *form;

	for (size_t i = 0; i < nr_routes; i++) {
		const struct route_ops *ops = route_table[i];
		const struct field_table *tables[] = { &route_table_head, ops->params };

		if (strcmp(route_class_words[ops->class], class_word) != 0)
			continue;
		json_array_append_new(names, json_string(ops->name));
		form = schema_object(tables, ops->params ? 2 : 1);
		set_const(form, "route", ops->name);
		json_array_append_new(forms, form);
	}
	if (json_array_size(names) == 0) {
		json_decref(names);
		json_decref(forms);
		return json_pack("{s:{}}", "not");
	}
	json_array_insert_new(forms, 0, json_pack("{s:o}", "enum", names));
	return any_of(forms);
}

static json_t *of_costs(void)
{
	json_t *properties = json_object();

	for (int id = 0; id < NR_COSTS; id++) {
		json_t *cost = schema_reference("cost");

		json_object_set_new(cost, "description", json_string(cost_rows[id].meaning));
		json_object_set_new(properties, cost_rows[id].key, cost);
	}
	return json_pack("{s:s, s:o, s:{s:{}}, s:b}", "type", "object", "properties", properties,
			 "patternProperties", "^//", "additionalProperties", 0);
}

json_t *schema_costs_by_arch(void)
{
	json_t *conditions = json_array();

	for (int arch = 0; arch_words[arch]; arch++) {
		json_t *keys = json_array();

		for (int id = 0; id < NR_COSTS; id++)
			if (cost_rows[id].archs & (1U << arch))
				json_array_append_new(keys, json_string(cost_rows[id].key));
		json_array_append_new(conditions,
			json_pack("{s:{s:{s:{s:s}}, s:[s]}, s:{s:{s:{s:o}}}}", "if", "properties",
				  "arch", "const", arch_words[arch], "required", "arch", "then",
				  "properties", "costs", "required", keys));
	}
	return conditions;
}

static json_t *of_idle_states(void)
{
	const struct field_table *table = &idle_state_table;
	json_t *schema = array_of(schema_object(&table, 1), 0);

	json_object_set_new(schema, "maxItems", json_integer(IDLE_STATES_MAX));
	return schema;
}

static json_t *of_smt_slowdown(void)
{
	const struct field_table *table = &smt_table;

	return json_pack("{s:[o, {s:s}]}", "anyOf", schema_object(&table, 1), "type", "null");
}

/* Which names there are, the platform says. */
static json_t *of_enabled_states(void)
{
	json_t *schema = array_of(json_pack("{s:s}", "type", "string"), 1);

	json_object_set_new(schema, "maxItems", json_integer(IDLE_STATES_MAX));
	return schema;
}

static json_t *of_probes(void)
{
	json_t *names = json_array(), *schema;

	for (int i = 0; i < NR_PROBES; i++)
		json_array_append_new(names, json_string(probe_rows[i].name));
	schema = array_of(json_pack("{s:o}", "enum", names), 0);
	json_object_set_new(schema, "maxItems", json_integer(NR_PROBES));
	return schema;
}

static json_t *of_cost(void)
{
	const struct field_table *table = &cost_values_table;

	return json_pack("{s:[o, o]}", "anyOf", schema_reference("duration"),
			 schema_object(&table, 1));
}

static json_t *of_fit(void)
{
	const struct field_table *table = &cost_fit_table;

	return schema_object(&table, 1);
}

static json_t *of_values(void)
{
	return array_of(json_pack("{s:s, s:[o, {s:s, s:i}], s:b, s:i}", "type", "array",
				  "prefixItems", schema_reference("duration"), "type", "integer",
				  "minimum", 0, "items", 0, "minItems", 2), 1);
}

static json_t *of_alternatives(void)
{
	const struct field_table *table = &alternative_table;

	return array_of(schema_object(&table, 1), 0);
}

static json_t *of_set(void)
{
	return json_pack("{s:s, s:{s:s}}", "type", "object", "propertyNames", "pattern", "^/");
}

static json_t *of_sweep(void)
{
	return json_pack("{s:s, s:{s:s}, s:{s:{}}, s:o}", "type", "object", "propertyNames",
			 "pattern", "^/", "patternProperties", "^//", "additionalProperties",
			 array_of(json_object(), 1));
}

static json_t *of_expects(void)
{
	const struct field_table *table = &expect_table;

	return array_of(schema_object(&table, 1), 0);
}

static json_t *of_limit(void)
{
	return json_pack("{s:[o, {s:s, s:i}]}", "anyOf", schema_reference("duration"), "type",
			 "number", "minimum", 0);
}

static json_t *of_published(void)
{
	const struct field_table *table = &published_table;

	return array_of(schema_object(&table, 1), 0);
}

static json_t *of_point(void)
{
	return json_pack("{s:s, s:{s:s}}", "type", "object", "propertyNames", "pattern", "^/");
}

static json_t *of_fits(void)
{
	return json_pack("{s:s, s:i, s:{s:s, s:s}}", "type", "object", "maxProperties", 16,
			 "additionalProperties", "type", "string", "pattern", "^/");
}

/* Which of the three it is, the metric says. */
static json_t *of_number(void)
{
	return json_pack("{s:[o, {s:s, s:s}, {s:s, s:i}]}", "anyOf", schema_reference("duration"),
			 "type", "string", "pattern", "^[0-9]+(\\.[0-9]+)?%$", "type", "integer",
			 "minimum", 1);
}

static json_t *of_value(void)
{
	json_t *range = array_of(of_number(), 2);

	json_object_set_new(range, "maxItems", json_integer(2));
	return json_pack("{s:[o, o]}", "anyOf", of_number(), range);
}

/* The pattern of all names of metrics; an interval may stand alone where `alone` says so. */
static json_t *metric_pattern(const char *alone)
{
	char *latencies = g_strjoinv("|", (char **)metric_latency_words);
	char *stages = g_strjoinv("|", (char **)metric_stage_words);
	char *locks = g_strjoinv("|", (char **)metric_lock_words);
	char *vms = g_strjoinv("|", (char **)metric_vm_words);
	char *pcpus = g_strjoinv("|", (char **)metric_pcpu_words);
	char *states = g_strjoinv("|", (char **)metric_state_words);
	char *scalars = g_strjoinv("|", (char **)metric_scalar_words);
	char *stats = g_strjoinv("|", (char **)metric_stat_words);
	char *pattern = g_strdup_printf("^(%s((flow\\..+\\.)?(%s)|flow\\..+\\.(%s)|stage\\.(%s)|"
					"lock\\..+\\.(wait|hold)|line\\..+\\.pass)\\.(%s)|"
					"lock\\..+\\.(%s)|"
					"vm\\..+\\.(%s)|pcpu\\.(0|[1-9][0-9]{0,3})\\.(%s)|%s)$",
					alone, latencies, states, stages, stats, locks, vms, pcpus,
					scalars);
	json_t *schema = json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);

	g_free(latencies);
	g_free(stages);
	g_free(locks);
	g_free(vms);
	g_free(pcpus);
	g_free(states);
	g_free(scalars);
	g_free(stats);
	g_free(pattern);
	return schema;
}

static json_t *of_metric(void)
{
	return metric_pattern("");
}

static json_t *of_limits(void)
{
	return json_pack("{s:s, s:o, s:{s:{}}, s:{s:s, s:s}}", "type", "object", "propertyNames",
			 json_pack("{s:[o, {s:s}]}", "anyOf", metric_pattern(""), "pattern",
				   "^//"),
			 "patternProperties", "^//", "additionalProperties", "type", "string",
			 "pattern", PERCENT_PATTERN);
}

static json_t *of_main_metric(void)
{
	char *latencies = g_strjoinv("|", (char **)metric_latency_words);
	char *alone = g_strconcat(latencies, "|", NULL);
	json_t *schema = metric_pattern(alone);

	g_free(latencies);
	g_free(alone);
	return schema;
}

static json_t *of_extends(void)
{
	return json_pack("{s:s, s:s}", "type", "string", "pattern", "^[a-z0-9-]+$");
}

static const struct special {
	const struct field_table *table;
	const char *key;
	json_t *(*make)(void);
} specials[] = {
	{ &scenario_table, "platform", of_platform },
	{ &scenario_table, "vms", of_vms },
	{ &scenario_table, "workloads", of_workloads },
	{ &scenario_table, "alternatives", of_alternatives },
	{ &scenario_table, "sweep", of_sweep },
	{ &scenario_table, "expect", of_expects },
	{ &scenario_table, "limits", of_limits },
	{ &scenario_table, "published", of_published },
	{ &host_table, "idle_states", of_enabled_states },
	{ &host_table, "probes", of_probes },
	{ &platform_table, "smt_slowdown", of_smt_slowdown },
	{ &idle_table, "states", of_idle_states },
	{ &scenario_table, "metric", of_main_metric },
	{ &platform_table, "costs", of_costs },
	{ &platform_table, "extends", of_extends },
	{ &cost_table, "cost", of_cost },
	{ &cost_table, "fit", of_fit },
	{ &cost_values_table, "values", of_values },
	{ &vm_table, "routes", of_routes },
	{ &alternative_table, "set", of_set },
	{ &published_table, "point", of_point },
	{ &published_table, "metric", of_metric },
	{ &published_table, "value", of_value },
	{ &published_table, "fits", of_fits },
	{ &expect_table, "metric", of_metric },
	{ &expect_table, "min", of_limit },
	{ &expect_table, "max", of_limit },
};

json_t *schema_of_special(const struct field_table *table, const struct field *field)
{
	if (table == &routes_table)
		return of_route(field->key);
	for (size_t i = 0; i < G_N_ELEMENTS(specials); i++)
		if (specials[i].table == table && strcmp(specials[i].key, field->key) == 0)
			return specials[i].make();
	return NULL;
}
