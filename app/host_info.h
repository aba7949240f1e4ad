/*
 * host_info - host.json: everything about a run that is no part of its result.
 */
#ifndef APP_HOST_INFO_H
#define APP_HOST_INFO_H

#include <glib.h>
#include <stdint.h>

/* The text of host.json. The caller frees it. */
GString *host_info_format(uint32_t nr_workers, gint64 elapsed_us);

#endif
