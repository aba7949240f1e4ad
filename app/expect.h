/*
 * expect - does the summary keep what the scenario expects of it?
 */
#ifndef APP_EXPECT_H
#define APP_EXPECT_H

#include <glib.h>

#include "app/report.h"

/*
 * One sentence per expectation and case that does not hold, in the order of the plan; a metric that
 * has no value does not hold. The caller frees the array.
 */
GPtrArray *expect_check(const struct report *report);

#endif
