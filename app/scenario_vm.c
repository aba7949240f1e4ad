/*
 * VMs, their routes, and workloads: the parts of a scenario that use the tables of models/.
 */
#include <string.h>

#include "app/scenario_parts.h"
#include "models/guest.h"
#include "models/kernel.h"

enum {
	VMS_MAX = 256,
	WORKLOADS_MAX = 1024,
};

static const struct field route_head_fields[] = {
	{ "route", FIELD_STRING, 0, 0, 0, NULL, NULL, "name of the route", NULL },
};

FIELD_TABLE(route_table_head, "a route", const char *, "how requests find their targets",
	    route_head_fields);

static const struct field routes_fields[NR_ROUTE_CLASSES] = {
	[ROUTE_IPI] = { "ipi", FIELD_JSON, 0, 0, 0, "null", NULL,
			"route of inter-processor interrupts", NULL },
	[ROUTE_MSI] = { "msi", FIELD_JSON, 0, 0, 0, "null", NULL,
			"route of message-signalled interrupts of devices", NULL },
};

FIELD_TABLE(routes_table, "routes", struct vm_config, "one route per class of interrupts",
	    routes_fields);

struct workload_head_values {
	const char *name, *type, *vm;
};

#define WORKLOAD_HEAD_FIELDS								\
	{ "name", FIELD_NAME, offsetof(struct workload_head_values, name), 0, 0, NULL, NULL,	\
	  "name of the workload, unique", NULL },					\
	{ "type", FIELD_STRING, offsetof(struct workload_head_values, type), 0, 0, NULL, NULL,	\
	  "type of the workload: decides which further keys there are", NULL }

static const struct field workload_head_fields[] = {
	WORKLOAD_HEAD_FIELDS,
	{ "vm", FIELD_STRING, offsetof(struct workload_head_values, vm), 0, 0, NULL, NULL,
	  "name of the VM that it runs on", NULL },
};

static const struct field workload_host_head_fields[] = { WORKLOAD_HEAD_FIELDS };

FIELD_TABLE(workload_head, "a workload", struct workload_head_values, "what a guest does",
	    workload_head_fields);
FIELD_TABLE(workload_host_head, "a workload of the host", struct workload_head_values,
	    "what threads of the host do", workload_host_head_fields);

const struct field_table *workload_head_of(const struct workload_ops *ops)
{
	return ops->scope == WORKLOAD_HOST ? &workload_host_head : &workload_head;
}

static const struct route_ops *find_route(struct decoder *decoder, const char *name)
{
	const struct route_ops *ops = route_by_name(name);
	GPtrArray *names;

	if (ops)
		return ops;
	names = g_ptr_array_new();
	for (size_t i = 0; i < nr_routes; i++)
		g_ptr_array_add(names, (char *)route_table[i]->name);
	decode_unknown(decoder, "route", name, names);
	return NULL;
}

static void check_route(struct decoder *decoder, const struct route_ops *ops,
			enum route_class class, const struct scenario *scenario)
{
	int arch = scenario->platform.arch;

	if (ops->class != class)
		decode_error(decoder, "route \"%s\" is for %s requests, not for %s", ops->name,
			     route_class_words[ops->class], route_class_words[class]);
	else if (arch >= 0 && (int)ops->arch != arch)
		decode_error(decoder, "route \"%s\" is for %s, the platform is %s", ops->name,
			     arch_words[ops->arch], arch_words[arch]);
	else if (ops->since == 0)
		decode_warning(decoder, "route \"%s\" is in no kernel", ops->name);
	else if (ops->since > scenario->kernel && scenario->kernel > 0)
		decode_warning(decoder, "route \"%s\" is new in Linux %u.%u, the host runs %u.%u",
			       ops->name, ops->since / 256, ops->since % 256,
			       scenario->kernel / 256, scenario->kernel % 256);
}

/* A route in its object form, at the decoder's pointer. */
static void decode_route(struct decoder *decoder, json_t *value, enum route_class class,
			 const struct scenario *scenario, struct vm_config *ret)
{
	const json_t *name = json_object_get(value, "route");
	const struct field_table *tables[2] = { &route_table_head, NULL };
	const struct route_ops *ops = NULL;
	void *params;

	if (!name) {
		decode_missing(decoder, "route", route_head_fields[0].help);
		return;
	}
	pointer_push(decoder->pointer, "route");
	if (json_is_string(name))
		ops = find_route(decoder, json_string_value(name));
	else
		decode_error(decoder, "expected the name of a route, found %s", json_kind(name));
	if (ops)
		check_route(decoder, ops, class, scenario);
	pointer_pop(decoder->pointer);
	if (!ops)
		return;

	tables[1] = ops->params;
	decode_shape(decoder, value, tables, ops->params ? 2 : 1);
	ret->routes[class].ops = ops;
	if (!ops->params)
		return;
	params = arena_alloc(decoder->arena, ops->params->size);
	decode_values(decoder, value, ops->params, params);
	ret->routes[class].params = params;
}

static void decode_routes(struct decoder *decoder, json_t *value, const struct scenario *scenario,
			  struct vm_config *ret)
{
	const struct field_table *table = &routes_table;

	if (!decode_shape(decoder, value, &table, 1))
		return;
	for (int class = 0; class < NR_ROUTE_CLASSES; class++) {
		const char *word = route_class_words[class];
		json_t *route = json_object_get(value, word);

		if (json_is_string(route)) {
			route = json_pack("{s:O}", "route", route);
			json_object_set_new(value, word, route);
		}
		if (!route || json_is_null(route))
			continue;
		pointer_push(decoder->pointer, word);
		if (json_is_object(route))
			decode_route(decoder, route, (enum route_class)class, scenario, ret);
		else
			decode_error(decoder, "expected a route, found %s", json_kind(route));
		pointer_pop(decoder->pointer);
	}
}

/* What is not stated is decided by architecture and kernel. */
static void fill_halt_poll(struct decoder *decoder, const struct scenario *scenario,
			   struct vm_config *ret)
{
	int arch = scenario->platform.arch;

	if (arch < 0 || scenario->kernel == 0)
		return;		/* a mistake, which has been reported */
	halt_poll_fill(&ret->halt_poll, (enum arch)arch, scenario->kernel);
	if (arch == ARCH_ARM64 && ret->idle == GUEST_IDLE_HALTPOLL) {
		pointer_push(decoder->pointer, "idle");
		decode_warning(decoder, "no arm64 kernel that is modelled has haltpoll");
		pointer_pop(decoder->pointer);
	}
}

static void decode_vm(struct decoder *decoder, json_t *value, const struct scenario *scenario,
		      struct vm_config *ret)
{
	json_t *routes;

	ret->halt_poll = halt_poll_unset;
	if (!decode_object(decoder, value, &vm_table, ret))
		return;
	fill_halt_poll(decoder, scenario, ret);
	routes = json_object_get(value, "routes");
	pointer_push(decoder->pointer, "routes");
	decode_routes(decoder, routes, scenario, ret);
	pointer_pop(decoder->pointer);
}

void scenario_decode_vms(struct decoder *decoder, json_t *value, struct scenario *ret)
{
	struct vm_config *vms;
	size_t nr, index;
	json_t *vm;

	if (!value)
		return;
	pointer_push(decoder->pointer, "vms");
	nr = decode_array(decoder, value, 0, VMS_MAX);
	vms = ARENA_NEW_N(decoder->arena, struct vm_config, nr);
	for (index = 0; index < nr; index++) {
		vm = json_array_get(value, index);
		pointer_push_index(decoder->pointer, index);
		decode_vm(decoder, vm, ret, &vms[index]);
		for (size_t i = 0; i < index; i++)
			if (vms[index].name && g_strcmp0(vms[i].name, vms[index].name) == 0)
				decode_error_in(decoder, "name", "another VM has the name \"%s\"",
						vms[i].name);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
	ret->nr_vms = (uint32_t)nr;
	ret->vms = vms;
}

static void find_vm(struct decoder *decoder, const char *name, const struct scenario *scenario,
		    uint32_t *ret)
{
	GPtrArray *names;

	for (uint32_t i = 0; i < scenario->nr_vms; i++) {
		if (!scenario->vms[i].name)
			return;		/* a name that is a mistake may be the one */
		if (strcmp(scenario->vms[i].name, name) == 0) {
			*ret = i;
			return;
		}
	}
	names = g_ptr_array_new();
	for (uint32_t i = 0; i < scenario->nr_vms; i++)
		g_ptr_array_add(names, (char *)scenario->vms[i].name);
	pointer_push(decoder->pointer, "vm");
	decode_unknown(decoder, "VM", name, names);
	pointer_pop(decoder->pointer);
}

static const struct workload_ops *decode_type(struct decoder *decoder, const json_t *workload,
					      const struct scenario *scenario)
{
	const json_t *type = json_object_get(workload, "type");
	const struct workload_ops *ops = NULL;
	int arch = scenario->platform.arch;
	GPtrArray *names;

	if (!type) {
		decode_missing(decoder, "type", "type of the workload");
		return NULL;
	}
	pointer_push(decoder->pointer, "type");
	if (json_is_string(type)) {
		ops = workload_by_name(json_string_value(type));
		if (!ops) {
			names = g_ptr_array_new();
			for (size_t i = 0; i < nr_workloads; i++)
				g_ptr_array_add(names, (char *)workload_table[i]->name);
			decode_unknown(decoder, "workload type", json_string_value(type), names);
		} else if (arch >= 0 && !(ops->archs & (1U << arch))) {
			decode_error(decoder, "workload type \"%s\" is not for %s", ops->name,
				     arch_words[arch]);
		}
	} else {
		decode_error(decoder, "expected the name of a workload type, found %s",
			     json_kind(type));
	}
	pointer_pop(decoder->pointer);
	return ops;
}

/* A type without a VM: said once, and not as an unknown key. */
static void refuse_vm(struct decoder *decoder, json_t *value, const struct workload_ops *ops)
{
	if (ops->scope != WORKLOAD_HOST || !json_object_get(value, "vm"))
		return;
	decode_error_key(decoder, "vm",
			 "workload type \"%s\" is threads of the host: it runs on no VM",
			 ops->name);
	json_object_del(value, "vm");
}

static void decode_workload(struct decoder *decoder, json_t *value,
			    const struct scenario *scenario, struct workload_config *ret)
{
	const struct field_table *tables[2] = { &workload_head, NULL };
	struct workload_head_values head = { NULL, NULL, NULL };
	const struct workload_ops *ops;
	void *params;

	if (!json_is_object(value)) {
		decode_error(decoder, "expected an object (a workload), found %s",
			     json_kind(value));
		return;
	}
	ops = decode_type(decoder, value, scenario);
	if (!ops) {		/* what every type has can be looked at all the same */
		decode_values(decoder, value, &workload_head, &head);
		if (head.vm && scenario->nr_vms > 0)
			find_vm(decoder, head.vm, scenario, &ret->vm_index);
		return;
	}
	refuse_vm(decoder, value, ops);
	tables[0] = workload_head_of(ops);
	tables[1] = ops->params;
	decode_shape(decoder, value, tables, 2);
	decode_values(decoder, value, tables[0], &head);
	params = arena_alloc(decoder->arena, ops->params->size);
	decode_values(decoder, value, ops->params, params);
	*ret = (struct workload_config){
		.name = head.name, .ops = ops, .params = params,
	};
	if (head.vm && scenario->nr_vms > 0)
		find_vm(decoder, head.vm, scenario, &ret->vm_index);
}

void scenario_decode_workloads(struct decoder *decoder, json_t *value, struct scenario *ret)
{
	struct workload_config *list;
	size_t nr, index;

	if (!value)
		return;
	pointer_push(decoder->pointer, "workloads");
	nr = decode_array(decoder, value, 0, WORKLOADS_MAX);
	list = ARENA_NEW_N(decoder->arena, struct workload_config, nr);
	for (index = 0; index < nr; index++) {
		pointer_push_index(decoder->pointer, index);
		decode_workload(decoder, json_array_get(value, index), ret, &list[index]);
		list[index].index = (uint32_t)index;
		for (size_t i = 0; i < index; i++)
			if (list[index].name && g_strcmp0(list[i].name, list[index].name) == 0)
				decode_error_in(decoder, "name",
						"another workload has the name \"%s\"",
						list[i].name);
		pointer_pop(decoder->pointer);
	}
	pointer_pop(decoder->pointer);
	ret->nr_workloads = (uint32_t)nr;
	ret->workloads = list;
}
