/*
 * `irqsim schema`: the field tables as a JSON Schema (2020-12).
 *
 * Says what one value can be; what several values must agree on is said by `irqsim lint` alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/duration.h"
#include "app/platform.h"
#include "app/schema_parts.h"

static json_t *of_pattern(const char *pattern)
{
	return json_pack("{s:s, s:s}", "type", "string", "pattern", pattern);
}

json_t *schema_reference(const char *name)
{
	char *target = g_strconcat("#/$defs/", name, NULL);
	json_t *schema = json_pack("{s:s}", "$ref", target);

	g_free(target);
	return schema;
}

json_t *schema_words(const char *const *words)
{
	json_t *list = json_array();

	for (size_t i = 0; words[i]; i++)
		json_array_append_new(list, json_string(words[i]));
	return json_pack("{s:o}", "enum", list);
}

static json_t *of_integer(const struct field *field)
{
	return json_pack("{s:s, s:I, s:I}", "type", "integer", "minimum",
			 (json_int_t)MIN(field->min, (uint64_t)INT64_MAX), "maximum",
			 (json_int_t)MIN(field->max, (uint64_t)INT64_MAX));
}

static json_t *of_ids(const struct field *field)
{
	json_t *forms = json_array();

	if (field->words)
		json_array_append_new(forms, schema_words(field->words));
	json_array_append_new(forms, of_integer(field));
	json_array_append_new(forms, json_pack("{s:s, s:o, s:i}", "type", "array", "items",
					       of_integer(field), "minItems", 1));
	return json_pack("{s:o}", "anyOf", forms);
}

static json_t *of_name(const char *characters)
{
	json_t *schema = of_pattern(characters);

	json_object_set_new(schema, "maxLength", json_integer(FIELD_NAME_MAX));
	return schema;
}

static json_t *of_type(const struct field *field)
{
	switch (field->type) {
	case FIELD_U32:
	case FIELD_U64:
	case FIELD_RATE:
		return of_integer(field);
	case FIELD_LIMIT:
		return json_pack("{s:[o, {s:s}]}", "anyOf", of_integer(field), "type", "null");
	case FIELD_BOOL:
		return json_pack("{s:s}", "type", "boolean");
	case FIELD_DURATION:
		return schema_reference("duration");
	case FIELD_WORD:
	case FIELD_BYTES:
		return schema_words(field->words);
	case FIELD_STRING:
		return field->words ? schema_words(field->words)
				    : json_pack("{s:s, s:i}", "type", "string", "minLength", 1);
	case FIELD_NAME:
		return of_name("^[A-Za-z0-9_-]+$");
	case FIELD_FILE_NAME:
		return of_name("^[a-z0-9-]+$");
	case FIELD_IDS:
		return of_ids(field);
	case FIELD_VERSION:
		return of_pattern("^[0-9]{1,3}\\.[0-9]{1,3}$");
	case FIELD_FREQUENCY:
		return of_pattern("^[0-9]+(\\.[0-9]+)?(Hz|kHz|MHz|GHz)$");
	case FIELD_PERCENT:
		return of_pattern(PERCENT_PATTERN);
	case FIELD_OBJECT:
		return schema_object(&field->nested, 1);
	case FIELD_JSON:
		break;
	}
	return json_object();
}

static json_t *of_field(const struct field_table *table, const struct field *field)
{
	json_t *schema = schema_of_special(table, field);

	if (!schema)
		schema = of_type(field);
	if (field->fallback && strcmp(field->fallback, "null") == 0)
		schema = json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null");
	json_object_set_new(schema, "description", json_string(field->help));
	if (field->fallback && strcmp(field->fallback, FIELD_ABSENT) != 0)
		json_object_set_new(schema, "default",
				    json_loads(field->fallback, JSON_DECODE_ANY, NULL));
	return schema;
}

json_t *schema_object(const struct field_table *const *tables, size_t nr_tables)
{
	json_t *properties = json_object(), *required = json_array();

	for (size_t t = 0; t < nr_tables; t++) {
		for (size_t i = 0; i < tables[t]->nr_fields; i++) {
			const struct field *field = &tables[t]->fields[i];

			json_object_set_new(properties, field->key, of_field(tables[t], field));
			if (!field->fallback)
				json_array_append_new(required, json_string(field->key));
		}
	}
	return json_pack("{s:s, s:s, s:o, s:o, s:{s:{}}, s:b}", "description",
			 tables[nr_tables - 1]->help, "type", "object", "properties", properties,
			 "required", required, "patternProperties", "^//", "additionalProperties",
			 0);
}

/* A platform that extends another one may leave out what that one has. */
static json_t *of_platform(void)
{
	const struct field_table *table = &platform_table;
	json_t *schema = schema_object(&table, 1);
	json_t *topology = json_object_get(json_object_get(schema, "properties"), "topology");
	json_t *whole = json_pack("{s:O, s:{s:{s:O}}, s:o}", "required",
				  json_object_get(schema, "required"), "properties", "topology",
				  "required", json_object_get(topology, "required"), "allOf",
				  schema_costs_by_arch());

	json_object_del(schema, "required");
	json_object_del(topology, "required");
	json_object_set_new(schema, "if", json_pack("{s:[s]}", "required", "extends"));
	json_object_set_new(schema, "then", json_object());
	json_object_set_new(schema, "else", whole);
	return schema;
}

static json_t *definitions(void)
{
	const struct field_table *cost = &cost_table;
	json_t *duration = of_pattern(DURATION_PATTERN);

	json_object_set_new(duration, "description",
			    json_string("a duration with its unit; \"cy\" where the platform has a "
					"clock"));
	return json_pack("{s:o, s:o, s:o}", "duration", duration, "cost", schema_object(&cost, 1),
			 "platform", of_platform());
}

int command_schema(GError **error G_GNUC_UNUSED)
{
	const struct field_table *table = &scenario_table;
	json_t *body = schema_object(&table, 1);
	json_t *schema = json_pack("{s:s, s:s}", "$schema",
				   "https://json-schema.org/draft/2020-12/schema", "title",
				   "irqsim scenario");
	char *text;

	json_object_update(schema, body);
	json_object_set_new(json_object_get(schema, "properties"), "$schema",
			    json_pack("{s:s}", "type", "string"));
	json_object_set_new(schema, "$defs", definitions());
	text = json_dumps(schema, JSON_INDENT(2));
	puts(text);
	free(text);
	json_decref(schema);
	json_decref(body);
	return EXIT_DONE;
}
