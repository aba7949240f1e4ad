#include "app/plan_loader.h"

#include <stdlib.h>
#include <string.h>

#include "app/platform.h"

static void out_of_memory(void *arg G_GNUC_UNUSED)
{
	g_error("out of memory");
}

struct arena *plan_arena_new(void)
{
	struct arena *arena = arena_new(16384);

	if (!arena)
		out_of_memory(NULL);
	arena->oom = out_of_memory;
	return arena;
}

static void document_free_any(void *document)
{
	document_free(document);
}

static void setting_clear_any(void *setting)
{
	setting_clear(setting);
}

struct plan_loader *plan_loader_new(const char *path, const struct plan_options *options)
{
	struct plan_loader *loader = g_new0(struct plan_loader, 1);

	loader->path = path;
	loader->plan = g_new0(struct plan, 1);
	loader->plan->arena = plan_arena_new();
	loader->mistakes = mistakes_new();
	loader->warnings = mistakes_new();
	loader->origins = origins_new();
	loader->platforms = platform_store_new(path, options->platforms, loader->mistakes);
	loader->sets = g_array_new(FALSE, FALSE, sizeof(struct setting));
	g_array_set_clear_func(loader->sets, setting_clear_any);
	loader->set_documents = g_ptr_array_new_with_free_func(document_free_any);
	return loader;
}

void plan_loader_free(struct plan_loader *loader)
{
	g_clear_pointer(&loader->alternatives, g_array_unref);
	g_clear_pointer(&loader->sweep, g_array_unref);
	g_array_unref(loader->sets);
	g_ptr_array_unref(loader->set_documents);
	json_decref(loader->base);
	platform_store_free(loader->platforms);
	origins_free(loader->origins);
	document_free(loader->document);
	mistakes_free(loader->warnings);
	mistakes_free(loader->mistakes);
	g_free(loader);
}

struct decoder plan_loader_decoder(struct plan_loader *loader, const char *context)
{
	return (struct decoder){
		.arena = loader->plan->arena, .origins = loader->origins,
		.mistakes = loader->mistakes, .warnings = loader->warnings,
		.platforms = loader->platforms, .context = context, .pointer = g_string_new(NULL),
	};
}

static void add_set(struct plan_loader *loader, const char *file, const char *text)
{
	struct document *document;
	struct setting setting;

	if (!setting_parse(file, text, loader->mistakes, &setting, &document))
		return;
	g_array_append_val(loader->sets, setting);
	g_ptr_array_add(loader->set_documents, document);
}

static const struct field *scenario_field(const char *key)
{
	size_t i = 0;

	while (strcmp(scenario_table.fields[i].key, key) != 0)
		i++;
	return &scenario_table.fields[i];
}

/* --seed N is --set /seed=N, but N is a number in any case; messages say --seed. */
static void add_shorthand(struct plan_loader *loader, const char *key, const char *value)
{
	const struct field *field = scenario_field(key);
	char *option = g_strconcat("--", key, NULL), *text = NULL;
	guint64 number;

	if (!value) {
		g_free(option);
		return;
	}
	if (g_ascii_string_to_unsigned(value, 10, field->min, field->max, &number, NULL)) {
		text = g_strdup_printf("/%s=%" G_GUINT64_FORMAT, key, number);
		add_set(loader, option, text);
	} else {
		text = g_strdup_printf("expected a whole number from %" G_GUINT64_FORMAT " to %"
				       G_GUINT64_FORMAT ", found \"%s\"", field->min, field->max,
				       value);
		mistakes_add(loader->mistakes, &(struct location){ option, { 1, 1 }, NULL }, text,
			     NULL);
	}
	g_free(text);
	g_free(option);
}

void plan_loader_parse_sets(struct plan_loader *loader, const struct plan_options *options)
{
	for (size_t i = 0; options->sets && options->sets[i]; i++)
		add_set(loader, "--set", options->sets[i]);
	add_shorthand(loader, "seed", options->seed);
	add_shorthand(loader, "replications", options->replications);
}

char *plan_loader_sha256(const struct plan_loader *loader)
{
	json_t *scenario = json_deep_copy(loader->document->root);
	json_t *sets = json_array(), *all;
	char *text, *sha256;

	json_strip_comments(scenario);
	json_object_del(scenario, "$schema");
	for (guint i = 0; i < loader->sets->len; i++) {
		const struct setting *setting = &g_array_index(loader->sets, struct setting, i);

		json_array_append_new(sets, json_pack("[sO]", setting->pointer, setting->value));
	}
	all = json_pack("{s:o, s:o, s:o}", "scenario", scenario, "platforms",
			platform_store_contents(loader->platforms), "set", sets);
	text = json_dumps(all, JSON_COMPACT | JSON_SORT_KEYS | JSON_REAL_PRECISION(17));
	sha256 = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
	free(text);
	json_decref(all);
	return sha256;
}
