/*
 * validation_fits - which numbers were fitted: costs of the shipped platforms, constants of
 * scenarios.
 *
 * A cost counts once, in the file that states it with kind "fitted"; one that a platform takes over
 * from another ("extends") not again. A constant counts once by its name, however many scenarios
 * have it, and must have one value in all of them.
 */
#ifndef APP_VALIDATION_FITS_H
#define APP_VALIDATION_FITS_H

#include "app/validation.h"

/* An array of struct validation_fit, which frees what they own. */
GArray *validation_fits_new(void);

/* Both add to validation->fits. */
void validation_fits_take_costs(struct validation *validation);
bool validation_fits_take_constants(struct validation *validation, GError **error);

/* How many of them are costs. */
guint validation_nr_costs(const struct validation *validation);

#endif
