/*
 * document_scan - where in a JSON text the values stand; the inner half of document.
 *
 * Called by document.c only. Never makes a tree: jansson does.
 */
#ifndef APP_DOCUMENT_SCAN_H
#define APP_DOCUMENT_SCAN_H

#include "app/document.h"

/*
 * Fills document->values and keys up to where the text is no JSON: of all values, or of those that
 * stand around the pointer `wanted`. Adds duplicate keys and what is nested too deep to mistakes,
 * unless that is NULL. False: it is nested too deep.
 */
bool document_scan(struct document *document, const char *text, size_t length, const char *wanted,
		   struct mistakes *mistakes);

/* The place of the byte at `at`. */
struct place document_place_of(const char *text, const char *at);

#endif
