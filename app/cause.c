#include "app/cause.h"

#include <glib.h>

#include "app/metric.h"

static uint64_t size_of(int64_t value)
{
	return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

static void consider(struct cause *cause, int sign, const char *name, int64_t change)
{
	bool wanted = sign == 0 || (sign < 0) == (change < 0);

	if (!wanted || size_of(change) <= size_of(cause->change))
		return;
	cause->name = name;
	cause->change = change;
}

struct cause cause_find(const char *interval, int sign, cause_change change, void *user)
{
	struct cause cause = { NULL, 0 };

	for (int stage = 0; metric_stage_words[stage]; stage++) {
		char *name = g_strdup_printf("stage.%s.mean", metric_stage_words[stage]);

		consider(&cause, sign, metric_stage_words[stage], change(user, name));
		g_free(name);
	}
	if (g_str_equal(interval, "ack") || g_str_equal(interval, "complete")) {
		char *name = g_strconcat(interval, ".mean", NULL);

		consider(&cause, sign, "after deliver",
			 change(user, name) - change(user, "deliver.mean"));
		g_free(name);
	}
	return cause;
}
