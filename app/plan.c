#include "app/plan.h"

#include <stdlib.h>
#include <string.h>

#include "app/nearest.h"
#include "app/plan_loader.h"
#include "app/platform.h"

/* A pass over a tree that only brings it into its effective form; says nothing. */
static void shape_tree(struct plan_loader *loader, json_t *tree)
{
	struct arena *scratch = plan_arena_new();
	struct decoder decoder = plan_loader_decoder(loader, NULL);

	decoder.arena = scratch;
	decoder.mistakes = NULL;
	decoder.warnings = NULL;
	scenario_decode(&decoder, tree);
	g_string_free(decoder.pointer, TRUE);
	arena_free(scratch);
}

/*
 * Applies one setting. A pointer may name what the setting before has brought in, such as a route's
 * parameters or the costs of another platform: it is there once the tree is shaped.
 */
static void apply(struct plan_loader *loader, json_t *tree, const struct setting *setting,
		  const char *context)
{
	struct decoder decoder = plan_loader_decoder(loader, context);

	decoder.mistakes = NULL;
	if (!setting_apply(&decoder, tree, setting)) {
		shape_tree(loader, tree);
		decoder.mistakes = loader->mistakes;
		setting_apply(&decoder, tree, setting);
	}
	g_string_free(decoder.pointer, TRUE);
}

static void apply_all(struct plan_loader *loader, json_t *tree, const GArray *settings,
		      const char *context)
{
	for (guint i = 0; i < settings->len; i++)
		apply(loader, tree, &g_array_index(settings, struct setting, i), context);
}

/* What varies, and the published numbers, each of which is about one of the cases. */
static void check_base(struct decoder *decoder, json_t *tree)
{
	struct published_cases cases;
	uint32_t nr;

	cases.alternatives = variation_decode_alternatives(decoder, tree);
	cases.sweep = variation_decode_sweep(decoder, tree);
	published_decode(decoder, tree, &cases, &nr);
	g_array_unref(cases.alternatives);
	g_array_unref(cases.sweep);
}

/* The scenario as the file has it: all of it must be valid before anything is set. */
static void load_base(struct plan_loader *loader)
{
	struct decoder decoder = plan_loader_decoder(loader, NULL);

	decoder.warnings = NULL;
	origins_push(loader->origins, &(struct origin){
		.pointer = "", .document = loader->document, .at = "", .replaces = true,
	});
	loader->base = json_deep_copy(loader->document->root);
	json_strip_comments(loader->base);
	json_object_del(loader->base, "$schema");
	scenario_decode(&decoder, loader->base);
	if (json_is_object(loader->base))
		check_base(&decoder, loader->base);
	g_string_free(decoder.pointer, TRUE);
}

/* 1 when it is no number that the cases will accept: they say what is wrong. */
static uint32_t count_replications(const json_t *tree)
{
	json_int_t nr = json_integer_value(json_object_get(tree, "replications"));

	return nr >= 1 && nr <= RUNS_MAX ? (uint32_t)nr : 1;
}

/*
 * What --set makes of the scenario. Only what all cases share is checked here: the rest may be
 * valid in every case and not by itself. False when there is no list of cases.
 */
static bool load_effective(struct plan_loader *loader)
{
	struct plan *plan = loader->plan;
	struct decoder decoder;

	plan->effective = json_deep_copy(loader->base);
	apply_all(loader, plan->effective, loader->sets, NULL);
	shape_tree(loader, plan->effective);
	decoder = plan_loader_decoder(loader, NULL);
	loader->alternatives = variation_decode_alternatives(&decoder, plan->effective);
	loader->sweep = variation_decode_sweep(&decoder, plan->effective);
	plan->nr_replications = count_replications(plan->effective);
	g_string_free(decoder.pointer, TRUE);
	return decoder.nr_mistakes == 0;
}

static void drop_other_alternatives(struct plan_loader *loader, const char *only)
{
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
	GArray *list = loader->alternatives;
	char *hint, *text;

	for (guint i = list->len; i > 0; i--) {
		const char *name = g_array_index(list, struct variation, i - 1).name;

		g_ptr_array_insert(names, 0, g_strdup(name));
		if (strcmp(name, only) != 0)
			g_array_remove_index(list, i - 1);
	}
	if (list->len == 0) {
		hint = nearest_hint(only, names);
		text = g_strdup_printf("unknown alternative \"%s\"%s", only, hint);
		mistakes_add(loader->mistakes, &(struct location){ "--only", { 1, 1 }, NULL }, text,
			     NULL);
		g_free(text);
		g_free(hint);
	}
	g_ptr_array_unref(names);
}

static bool check_size(struct plan_loader *loader)
{
	struct decoder decoder = plan_loader_decoder(loader, NULL);
	uint64_t nr_points = variation_nr_points(loader->sweep);
	uint64_t nr_cases = nr_points * loader->alternatives->len;

	/* at most (RUNS_MAX + 1) * 1000 cases and 10000 replications: no overflow */
	if (nr_cases * loader->plan->nr_replications > RUNS_MAX || nr_points > RUNS_MAX)
		decode_error_among(&decoder, (const char *const[]){ "/sweep", "/replications",
								    "/alternatives", NULL },
				   "%s%" G_GUINT64_FORMAT " points x %u alternatives x %u "
				   "replications are more than %d runs",
				   nr_points > RUNS_MAX ? "more than " : "",
				   MIN(nr_points, (uint64_t)RUNS_MAX), loader->alternatives->len,
				   loader->plan->nr_replications, RUNS_MAX);
	g_string_free(decoder.pointer, TRUE);
	return decoder.nr_mistakes == 0 && nr_cases > 0;
}

static void make_points(struct plan_loader *loader)
{
	struct plan *plan = loader->plan;

	plan->nr_points = (uint32_t)variation_nr_points(loader->sweep);
	plan->points = g_new0(json_t *, plan->nr_points);
	for (uint32_t point = 0; point < plan->nr_points; point++) {
		plan->points[point] = json_object();
		for (guint key = 0; key < loader->sweep->len; key++) {
			const struct setting *setting = variation_at_point(loader->sweep, key,
									   point);

			json_object_set(plan->points[point], setting->pointer, setting->value);
		}
	}
	plan->nr_alternatives = loader->alternatives->len;
	plan->alternatives = g_new0(char *, plan->nr_alternatives + 1);
	for (uint32_t i = 0; i < plan->nr_alternatives; i++)
		plan->alternatives[i] =
			g_strdup(g_array_index(loader->alternatives, struct variation, i).name);
}

/* "alternative "x", /vms/0/vcpus = 64"; NULL when the scenario varies nothing. */
static char *describe_case(const struct plan_loader *loader, uint32_t alternative, uint32_t point)
{
	GString *text = g_string_new(NULL);

	if (json_array_size(json_object_get(loader->plan->effective, "alternatives")) > 0)
		g_string_append_printf(text, "alternative \"%s\"",
				       loader->plan->alternatives[alternative]);
	for (guint key = 0; key < loader->sweep->len; key++) {
		const struct setting *setting = variation_at_point(loader->sweep, key, point);
		char *value = json_dumps(setting->value, JSON_COMPACT | JSON_ENCODE_ANY |
					 JSON_REAL_PRECISION(12));

		g_string_append_printf(text, "%s%s = %.40s", text->len ? ", " : "",
				       setting->pointer, value);
		free(value);
	}
	if (text->len > 0)
		return g_string_free(text, FALSE);
	g_string_free(text, TRUE);
	return NULL;
}

/* One case: the alternative's tree, then the sweep point, then --set. Takes nothing. */
static const struct scenario *load_case(struct plan_loader *loader, json_t *alternative_tree,
					uint32_t point, const char *context)
{
	json_t *tree = json_deep_copy(alternative_tree);
	struct decoder decoder = plan_loader_decoder(loader, context);
	const struct scenario *scenario;

	for (guint key = 0; key < loader->sweep->len; key++)
		apply(loader, tree, variation_at_point(loader->sweep, key, point), context);
	apply_all(loader, tree, loader->sets, context);
	scenario = scenario_decode(&decoder, tree);
	g_string_free(decoder.pointer, TRUE);
	json_decref(tree);
	return scenario;
}

static void load_alternative(struct plan_loader *loader, uint32_t index)
{
	const struct variation *variation = &g_array_index(loader->alternatives, struct variation,
							   index);
	struct plan *plan = loader->plan;
	json_t *tree = json_deep_copy(loader->base);
	guint before = origins_mark(loader->origins), mark;
	char *context = g_strdup_printf("alternative \"%s\"", variation->name);

	apply_all(loader, tree, variation->settings, context);
	shape_tree(loader, tree);
	g_free(context);
	mark = origins_mark(loader->origins);
	for (uint32_t point = 0; point < plan->nr_points; point++) {
		struct plan_case *slot = &plan->cases[point * plan->nr_alternatives + index];

		if (mistakes_full(loader->mistakes))
			break;
		context = describe_case(loader, index, point);
		*slot = (struct plan_case){ .point_index = point, .alternative_index = index };
		slot->scenario = load_case(loader, tree, point, context);
		origins_reset(loader->origins, mark);
		g_free(context);
	}
	origins_reset(loader->origins, before);
	json_decref(tree);
}

/* Again, with what --set has made of them: a row may have lost its case now. */
static void load_published(struct plan_loader *loader)
{
	struct plan *plan = loader->plan;
	struct decoder decoder = plan_loader_decoder(loader, NULL);

	decoder.clock_hz = plan->cases[0].scenario->platform.clock_hz;
	plan->published = published_decode(&decoder, plan->effective, NULL, &plan->nr_published);
	published_resolve(plan);
	g_string_free(decoder.pointer, TRUE);
}

static void load_cases(struct plan_loader *loader)
{
	struct plan *plan = loader->plan;

	make_points(loader);
	plan->nr_cases = plan->nr_points * plan->nr_alternatives;
	plan->cases = g_new0(struct plan_case, plan->nr_cases);
	for (uint32_t i = 0; i < plan->nr_alternatives; i++)
		load_alternative(loader, i);
	mistakes_drop_context(loader->mistakes, plan->nr_cases);
	if (mistakes_count(loader->mistakes) > 0)
		return;
	plan->name = plan->cases[0].scenario->name;
	plan->seed = plan->cases[0].scenario->seed;
	plan->nr_replications = plan->cases[0].scenario->nr_replications;
	load_published(loader);
}

/* Each step works on what the one before has found good. */
static void load(struct plan_loader *loader, const struct plan_options *options)
{
	struct mistakes *mistakes = loader->mistakes;

	loader->document = document_load(loader->path, mistakes);
	if (!loader->document)
		return;
	load_base(loader);
	if (mistakes_count(mistakes) > 0)
		return;
	plan_loader_parse_sets(loader, options);
	if (!load_effective(loader))
		return;
	if (options->only)
		drop_other_alternatives(loader, options->only);
	if (check_size(loader))
		load_cases(loader);
}

struct plan *plan_load(const char *path, const struct plan_options *options, GError **error)
{
	struct plan_loader *loader = plan_loader_new(path, options);
	struct plan *plan = loader->plan;

	load(loader, options);
	if (mistakes_count(loader->mistakes) > 0) {
		mistakes_to_error(loader->mistakes, error);
		plan_free(plan);
		plan = NULL;
	} else {
		plan->warnings = mistakes_lines(loader->warnings, "warning");
		plan->sha256 = plan_loader_sha256(loader);
	}
	plan_loader_free(loader);
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	for (uint32_t i = 0; i < plan->nr_points; i++)
		json_decref(plan->points[i]);
	g_free(plan->points);
	g_strfreev(plan->alternatives);
	g_strfreev(plan->warnings);
	g_free(plan->cases);
	g_free(plan->sha256);
	json_decref(plan->effective);
	arena_free(plan->arena);
	g_free(plan);
}

uint32_t plan_nr_runs(const struct plan *plan)
{
	return plan->nr_cases * plan->nr_replications;
}
