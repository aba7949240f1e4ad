/*
 * decode_scalar - one JSON value by one row of a field table; the inner half of decode.
 *
 * Called by decode_values() only.
 */
#ifndef APP_DECODE_SCALAR_H
#define APP_DECODE_SCALAR_H

#include "app/decode.h"

/* Any row but FIELD_OBJECT and FIELD_JSON. ret: the member; untouched after a mistake. */
void decode_scalar(struct decoder *decoder, const json_t *value, const struct field *field,
		   void *ret);

#endif
