/*
 * platform - platform files: found by name, put on top of each other ("extends"), decoded.
 *
 * A store keeps every platform file that one scenario has asked for; the plan that loads owns it.
 */
#ifndef APP_PLATFORM_H
#define APP_PLATFORM_H

#include "app/decode.h"
#include "app/scenario.h"

struct platform_store;

/*
 * For a scenario file of this path; what is wrong in a platform file is added to mistakes. first: a
 * folder to search before all others; NULL: none.
 */
struct platform_store *platform_store_new(const char *scenario_path, const char *first,
					  struct mistakes *mistakes);
void platform_store_free(struct platform_store *store);

/* Each file that was read: name -> its content without comments. A new reference. */
json_t *platform_store_contents(const struct platform_store *store);

/*
 * Replaces the "platform" of a scenario by the object that it names, with what that extends, and
 * adds where it was written to the decoder's origins. The decoder's pointer is the scenario's.
 * False when it cannot; a scenario without the key is one.
 */
bool platform_resolve(struct decoder *decoder, json_t *scenario);

/* Decodes a platform that is resolved; sets decoder->clock_hz. At the decoder's pointer. */
void platform_decode(struct decoder *decoder, json_t *value, struct platform *ret);

/* The second part of that: idle states, and threads that share a core. */
void platform_decode_idle(struct decoder *decoder, json_t *value, struct platform *ret);

/*
 * The member "fit" of a cost whose other members are decoded; at the decoder's pointer. before: the
 * number of mistakes before that cost; with more now, its value is not looked at.
 */
void platform_decode_fit(struct decoder *decoder, json_t *value, struct cost_entry *entry,
			 uint32_t before);

extern const struct field_table platform_table, cost_table, cost_values_table, cost_fit_table;
extern const struct field_table idle_table, idle_state_table, smt_table;

#endif
