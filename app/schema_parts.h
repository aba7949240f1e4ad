/*
 * schema_parts - the two halves of schema.c: rows of tables, and what has code of its own.
 *
 * All functions return new references.
 */
#ifndef APP_SCHEMA_PARTS_H
#define APP_SCHEMA_PARTS_H

#include <jansson.h>

#include "models/field.h"

/* A closed object with the rows of all tables; the last one describes it. */
json_t *schema_object(const struct field_table *const *tables, size_t nr_tables);

json_t *schema_reference(const char *name);
json_t *schema_words(const char *const *words);

/* What a row is that its type does not tell: all of FIELD_JSON, and names of metrics; else NULL. */
json_t *schema_of_special(const struct field_table *table, const struct field *field);

/* Conditions: a platform of an architecture has all of its costs. */
json_t *schema_costs_by_arch(void);

#endif
