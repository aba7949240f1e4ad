/*
 * `irqsim lint`: everything that `run` does before its first run.
 */
#include <stdio.h>

#include "app/commands.h"

int command_lint(const struct lint_options *options, GError **error)
{
	struct plan *plan = plan_load(options->scenario, &options->plan, error);

	if (!plan)
		return EXIT_INVALID;
	for (size_t i = 0; !options->quiet && plan->warnings[i]; i++)
		fprintf(stderr, "%s\n", plan->warnings[i]);
	printf("%s: valid, %u runs\n", plan->name, plan_nr_runs(plan));
	plan_free(plan);
	return EXIT_DONE;
}
