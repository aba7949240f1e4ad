#include "app/host_info.h"

#include <sys/utsname.h>

#include "app/json_writer.h"

static void put_machine(struct json_writer *writer)
{
	struct utsname name;

	if (uname(&name) != 0) {
		json_put_null(writer, "uname");
		return;
	}
	json_begin_object(writer, "uname", JSON_LINE);
	json_put_string(writer, "sysname", name.sysname);
	json_put_string(writer, "nodename", name.nodename);
	json_put_string(writer, "release", name.release);
	json_put_string(writer, "version", name.version);
	json_put_string(writer, "machine", name.machine);
	json_end(writer);
}

GString *host_info_format(uint32_t nr_workers, gint64 elapsed_us)
{
	GDateTime *now = g_date_time_new_now_utc();
	char *date = g_date_time_format(now, "%Y-%m-%dT%H:%M:%SZ");
	GString *out = g_string_new(NULL);
	struct json_writer writer;

	json_writer_init(&writer, out);
	json_begin_object(&writer, NULL, JSON_LINES);
	json_put_string(&writer, "format", "irqsim-host/1");
	json_put_string(&writer, "irqsim_version", IRQSIM_VERSION);
	json_put_string(&writer, "compiler",
#ifdef __clang__
			"clang " __clang_version__
#else
			"gcc " __VERSION__
#endif
	);
	put_machine(&writer);
	json_put_u64(&writer, "cpus", g_get_num_processors());
	json_put_u64(&writer, "workers", nr_workers);
	json_put_string(&writer, "date", date);
	json_put_u64(&writer, "elapsed_us", (uint64_t)elapsed_us);
	json_end(&writer);
	g_string_append_c(out, '\n');
	g_free(date);
	g_date_time_unref(now);
	return out;
}
