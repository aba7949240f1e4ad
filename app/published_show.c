#include "app/published_show.h"

#include <string.h>

#include "app/label.h"
#include "app/report.h"
#include "sim/ps.h"

/* By the published value, so that both have the same unit. */
static struct display_unit unit_of(const struct published *published)
{
	switch (published->metric.unit) {
	case UNIT_PPM:
		return (struct display_unit){ "%", 10000, 2 };
	case UNIT_PER_S:
		return published->high >= 1000000 ?
			       (struct display_unit){ "M/s", 1000000, 3 } :
			       (struct display_unit){ "1/s", 1, 0 };
	case UNIT_PS:
		break;
	}
	return (struct display_unit){ "ns", PS_PER_NS, published->high < 100 * PS_PER_NS };
}

char *published_show_value(const struct published *published)
{
	struct display_unit unit = unit_of(published);
	char *low = label_decimal((int64_t)published->low, unit.size, unit.decimals);
	char *high = label_decimal((int64_t)published->high, unit.size, unit.decimals);
	bool range = published->low != published->high;
	char *ret = g_strdup_printf("%s%s%s %s", low, range ? " to " : "", range ? high : "",
				    unit.name);

	g_free(low);
	g_free(high);
	return ret;
}

char *published_show_simulated(const struct published *published, uint64_t simulated,
			       unsigned int more_decimals)
{
	struct display_unit unit = unit_of(published);
	char *number = label_decimal((int64_t)simulated, unit.size, unit.decimals + more_decimals);
	char *ret = g_strconcat(number, " ", unit.name, NULL);

	g_free(number);
	return ret;
}

char *published_show_ppm(int64_t ppm, bool is_signed)
{
	char *percent = label_decimal(ppm, 10000, 1);
	bool plus = is_signed && ppm > 0 && strcmp(percent, "0.0") != 0;
	char *ret = g_strconcat(plus ? "+" : "", percent, " %", NULL);

	g_free(percent);
	return ret;
}
