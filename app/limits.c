#include "app/limits.h"

#include <string.h>

#include "app/document.h"
#include "app/duration.h"
#include "app/metric.h"
#include "app/nearest.h"

static void clear(void *limit)
{
	g_free(((struct limit *)limit)->metric);
}

GArray *limits_new(void)
{
	GArray *limits = g_array_new(FALSE, TRUE, sizeof(struct limit));

	g_array_set_clear_func(limits, clear);
	return limits;
}

const struct limit *limits_find(const GArray *limits, const char *metric)
{
	for (guint i = 0; i < limits->len; i++) {
		const struct limit *limit = &g_array_index(limits, struct limit, i);

		if (strcmp(limit->metric, metric) == 0)
			return limit;
	}
	return NULL;
}

/* Takes the name. */
static void set(GArray *limits, char *metric, uint32_t ppm)
{
	struct limit limit = { metric, ppm };

	for (guint i = 0; i < limits->len; i++)
		if (strcmp(g_array_index(limits, struct limit, i).metric, metric) == 0) {
			g_array_remove_index(limits, i);
			break;
		}
	g_array_append_val(limits, limit);
}

/* What is wrong with METRIC:LIMIT, or NULL when it was added. */
static char *add_option(GArray *limits, const char *text)
{
	const char *colon = strrchr(text, ':');
	char *metric, *mistake;
	struct metric parsed;
	uint32_t ppm;

	if (!colon || colon == text)
		return g_strdup_printf("expected METRIC:LIMIT such as deliver.p99:3%%, found "
				       "\"%s\"", text);
	mistake = percent_parse(colon + 1, &ppm);
	if (mistake)
		return mistake;
	metric = g_strndup(text, (gsize)(colon - text));
	if (!metric_parse(metric, &parsed)) {
		GPtrArray *names = metric_known_names();
		char *hint = nearest_hint(metric, names);

		mistake = g_strdup_printf("unknown metric \"%s\"%s", metric, hint);
		g_free(hint);
		g_ptr_array_unref(names);
		g_free(metric);
		return mistake;
	}
	set(limits, metric, ppm);
	return NULL;
}

void limits_add_options(GArray *limits, const char *const *fails, struct mistakes *mistakes)
{
	for (gsize i = 0; fails && fails[i]; i++) {
		char *mistake = add_option(limits, fails[i]);

		if (mistake)
			mistakes_add(mistakes, &(struct location){ "--fail", { 1, 1 }, NULL },
				     mistake, NULL);
		g_free(mistake);
	}
}

/* Of a file that another version wrote, what is no limit is none. */
void limits_add_scenario(GArray *limits, const json_t *effective)
{
	json_t *object = json_object_get(effective, "limits");
	const char *metric;
	json_t *value;

	json_object_foreach(object, metric, value) {
		const char *text = json_string_value(value);
		char *mistake;
		uint32_t ppm;

		if (!text || limits_find(limits, metric))
			continue;
		mistake = percent_parse(text, &ppm);
		if (!mistake)
			set(limits, g_strdup(metric), ppm);
		g_free(mistake);
	}
}
