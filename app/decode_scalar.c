#include "app/decode_scalar.h"

#include <string.h>

#include "app/duration.h"
#include "app/nearest.h"
#include "models/kernel.h"

enum { IDS_MAX = 65536 };

static bool decode_integer(struct decoder *decoder, const json_t *value, const struct field *field,
			   uint64_t *ret)
{
	json_int_t number = json_integer_value(value);

	if (!json_is_integer(value)) {
		decode_error(decoder, "expected an integer, found %s", json_kind(value));
		return false;
	}
	if (field->min == field->max && (uint64_t)number != field->min) {
		decode_error(decoder, "%" JSON_INTEGER_FORMAT " is not possible: %" G_GUINT64_FORMAT
			     " only", number, field->min);
		return false;
	}
	if (number < 0 || (uint64_t)number < field->min || (uint64_t)number > field->max) {
		decode_error(decoder,
			     "%" JSON_INTEGER_FORMAT " is out of range: %" G_GUINT64_FORMAT
			     " to %" G_GUINT64_FORMAT, number, field->min, field->max);
		return false;
	}
	*ret = (uint64_t)number;
	return true;
}

static void decode_u32(struct decoder *decoder, const json_t *value, const struct field *field,
		       uint32_t *ret)
{
	uint64_t number;

	if (decode_integer(decoder, value, field, &number))
		*ret = (uint32_t)number;
}

static void decode_limit(struct decoder *decoder, const json_t *value, const struct field *field,
			 uint64_t *ret)
{
	if (json_is_null(value))
		*ret = UINT64_MAX;
	else
		decode_integer(decoder, value, field, ret);
}

static void decode_bool(struct decoder *decoder, const json_t *value, bool *ret)
{
	if (json_is_boolean(value))
		*ret = json_is_true(value);
	else
		decode_error(decoder, "expected true or false, found %s", json_kind(value));
}

static void decode_field_duration(struct decoder *decoder, const json_t *value,
				  const struct field *field, ps_t *ret)
{
	char *min, *max;
	ps_t duration;

	if (!decode_duration(decoder, value, &duration))
		return;
	if (duration >= field->min && duration <= field->max) {
		*ret = duration;
		return;
	}
	min = duration_format(field->min);
	max = duration_format(field->max);
	decode_error(decoder, "\"%s\" is out of range: %s to %s", json_string_value(value), min,
		     max);
	g_free(min);
	g_free(max);
}

static int find_word(const struct field *field, const char *text)
{
	for (int i = 0; field->words && field->words[i]; i++)
		if (strcmp(field->words[i], text) == 0)
			return i;
	return -1;
}

/* The index in the row's words, or -1 after a mistake; text is not NULL. */
static int decode_word(struct decoder *decoder, const char *text, const struct field *field)
{
	int word = find_word(field, text);
	GPtrArray *names;
	char *hint;

	if (word >= 0)
		return word;
	names = g_ptr_array_new();
	for (int i = 0; field->words && field->words[i]; i++)
		g_ptr_array_add(names, (char *)field->words[i]);
	hint = nearest_hint(text, names);
	decode_error(decoder, "unknown value \"%s\" of \"%s\"%s", text, field->key, hint);
	g_free(hint);
	g_ptr_array_unref(names);
	return -1;
}

/*
 * How to write a number as the string that it must be, where it was the argument of --set: what
 * looks like 6.8 there is JSON. The caller frees it.
 */
static char *quoting_hint(const struct decoder *decoder, const json_t *value)
{
	const struct origin *top;
	char *at, *hint = NULL;

	if (!json_is_number(value))
		return g_strdup("");
	top = origins_top(decoder->origins, decoder->pointer->str, &at);
	if (top->document->source && !*at)
		hint = g_strdup_printf("; as a string it is %s '%s=\"%s\"'", top->document->file,
				       top->pointer, top->document->source);
	g_free(at);
	return hint ? hint : g_strdup("");
}

static void report_no_text(struct decoder *decoder, const json_t *value, const char *example)
{
	char *hint = quoting_hint(decoder, value);

	decode_error(decoder, "expected a string%s, found %s%s", example, json_kind(value), hint);
	g_free(hint);
}

/* The text of a value that must be a string; NULL after a mistake. example: of such a string. */
static const char *decode_text(struct decoder *decoder, const json_t *value, const char *example)
{
	const char *text = json_string_value(value);

	if (!text)
		report_no_text(decoder, value, example);
	else if (*text)
		return text;
	else
		decode_error(decoder, "the string is empty");
	return NULL;
}

static bool is_name(const char *text, bool of_file)
{
	for (; *text; text++) {
		if (g_ascii_islower(*text) || g_ascii_isdigit(*text) || *text == '-')
			continue;
		if (of_file || !(g_ascii_isupper(*text) || *text == '_'))
			return false;
	}
	return true;
}

static void decode_string(struct decoder *decoder, const json_t *value, const struct field *field,
			  const char **ret)
{
	const char *text = decode_text(decoder, value, "");

	if (!text)
		return;
	if (field->words && decode_word(decoder, text, field) < 0)
		return;
	if (field->type == FIELD_FILE_NAME && !is_name(text, true))
		decode_error(decoder, "\"%s\" is no name: a-z, 0-9 and \"-\" only", text);
	else if (field->type == FIELD_NAME && !is_name(text, false))
		decode_error(decoder, "\"%s\" is no name: A-Z, a-z, 0-9, \"-\" and \"_\" only",
			     text);
	else if (field->type != FIELD_STRING && strlen(text) > FIELD_NAME_MAX)
		decode_error(decoder, "the name is longer than %d characters", FIELD_NAME_MAX);
	else
		*ret = decode_strdup(decoder, text);
}

static void decode_id_array(struct decoder *decoder, const json_t *value,
			    const struct field *field, struct id_list *ret)
{
	size_t nr = json_array_size(value), index;
	uint64_t *ids;
	json_t *member;

	if (nr == 0 || nr > IDS_MAX) {
		decode_error(decoder, "a list of %" G_GSIZE_FORMAT " numbers: 1 to %d are possible",
			     nr, IDS_MAX);
		return;
	}
	ids = ARENA_NEW_N(decoder->arena, uint64_t, nr);
	json_array_foreach(value, index, member) {
		pointer_push_index(decoder->pointer, index);
		decode_integer(decoder, member, field, &ids[index]);
		pointer_pop(decoder->pointer);
	}
	*ret = (struct id_list){ .word = -1, .nr_ids = (uint32_t)nr, .ids = ids };
}

static void decode_ids(struct decoder *decoder, const json_t *value, const struct field *field,
		       struct id_list *ret)
{
	int word;
	uint64_t *id;

	if (json_is_array(value)) {
		decode_id_array(decoder, value, field, ret);
	} else if (json_is_string(value) && field->words) {
		word = decode_word(decoder, json_string_value(value), field);
		if (word >= 0)
			*ret = (struct id_list){ .word = word };
	} else if (json_is_integer(value)) {
		id = ARENA_NEW(decoder->arena, uint64_t);
		if (decode_integer(decoder, value, field, id))
			*ret = (struct id_list){ .word = -1, .nr_ids = 1, .ids = id };
	} else {
		decode_error(decoder, "expected a word, an integer or a list of integers, found %s",
			     json_kind(value));
	}
}

/* "6.5": two numbers of at most three digits. */
static bool parse_version(const char *text, uint32_t *ret)
{
	const char *at = text;
	guint64 part[2] = { 0, 0 };

	for (int i = 0; i < 2; i++) {
		size_t length = strspn(at, "0123456789");

		if (length == 0 || length > 3)
			return false;
		part[i] = g_ascii_strtoull(at, NULL, 10);
		at += length;
		if (i == 0 && *at++ != '.')
			return false;
	}
	if (*at || part[0] < 3 || part[0] > 255 || part[1] > 255)
		return false;
	*ret = KERNEL(part[0], part[1]);
	return true;
}

static void decode_version(struct decoder *decoder, const json_t *value, uint32_t *ret)
{
	const char *text = decode_text(decoder, value, " such as \"6.5\"");

	if (text && !parse_version(text, ret))
		decode_error(decoder, "\"%s\" is no kernel version such as \"6.5\"", text);
}

/* A string that a function of duration.h parses. */
static void decode_measure(struct decoder *decoder, const json_t *value, const struct field *field,
			   void *ret)
{
	bool frequency = field->type == FIELD_FREQUENCY;
	const char *text = decode_text(decoder, value,
				       frequency ? " such as \"2.5GHz\"" : " such as \"20%\"");
	char *mistake;

	if (!text)
		return;
	mistake = frequency ? frequency_parse(text, ret) : percent_parse(text, ret);
	if (mistake)
		decode_error(decoder, "%s", mistake);
	g_free(mistake);
}

static void decode_bytes(struct decoder *decoder, const json_t *value, const struct field *field,
			 uint64_t *ret)
{
	const char *text = decode_text(decoder, value, " such as \"4KiB\"");

	if (text && decode_word(decoder, text, field) >= 0)
		*ret = g_ascii_strtoull(text, NULL, 10) * 1024;
}

void decode_scalar(struct decoder *decoder, const json_t *value, const struct field *field,
		   void *ret)
{
	const char *text;
	int word;

	switch (field->type) {
	case FIELD_U32:
		decode_u32(decoder, value, field, ret);
		break;
	case FIELD_U64:
	case FIELD_RATE:
		decode_integer(decoder, value, field, ret);
		break;
	case FIELD_LIMIT:
		decode_limit(decoder, value, field, ret);
		break;
	case FIELD_BOOL:
		decode_bool(decoder, value, ret);
		break;
	case FIELD_DURATION:
		decode_field_duration(decoder, value, field, ret);
		break;
	case FIELD_WORD:
		text = decode_text(decoder, value, "");
		word = text ? decode_word(decoder, text, field) : -1;
		if (word >= 0)
			*(int *)ret = word;
		break;
	case FIELD_STRING:
	case FIELD_NAME:
	case FIELD_FILE_NAME:
		decode_string(decoder, value, field, ret);
		break;
	case FIELD_IDS:
		decode_ids(decoder, value, field, ret);
		break;
	case FIELD_VERSION:
		decode_version(decoder, value, ret);
		break;
	case FIELD_FREQUENCY:
	case FIELD_PERCENT:
		decode_measure(decoder, value, field, ret);
		break;
	case FIELD_BYTES:
		decode_bytes(decoder, value, field, ret);
		break;
	case FIELD_OBJECT:
	case FIELD_JSON:
		break;
	}
}
