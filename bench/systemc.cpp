/*
 * systemc - the models of engine.c on SystemC, each in its natural style.
 *
 * hold	a method process per event, which triggers itself again
 * queue	two thread processes and an sc_fifo
 * lock	a thread process per client and one FIFO lock with an event per client, since sc_mutex
 *	wakes all that wait and is not FIFO
 */
#include <deque>
#include <vector>

#define SC_INCLUDE_DYNAMIC_PROCESSES
#include <systemc>

#include "bench/bench.h"

using sc_core::sc_time;
using sc_core::sc_time_stamp;

static struct meter meter;

static sc_time ps(uint64_t value)
{
	return sc_time::from_value(value);
}

static struct stream stream_named(const char *name)
{
	struct stream stream;

	stream_init(&stream, 1, 0, name);
	return stream;
}

static void wait_drawn(const struct dist *dist, struct stream *stream)
{
	sc_core::wait(ps(dist_draw(dist, stream)));
}

/* --- hold ---------------------------------------------------------------------------------- */

static const struct dist delay = dist_exponential(HOLD_MEAN_PS);
static struct stream delays = stream_named("hold");
static std::vector<bool> hold_begun;

static void hold_fire(size_t i)
{
	/* A method runs once at time 0, to be armed for the first time. */
	if (!hold_begun[i])
		hold_begun[i] = true;
	else if (meter_count(&meter))
		sc_core::sc_stop();
	sc_core::next_trigger(ps(dist_draw(&delay, &delays)));
}

static void hold_run(uint64_t nr_pending, uint64_t nr_events)
{
	long before_kib = bench_peak_kib();
	uint64_t nr_warmup = 2 * nr_pending;

	hold_begun.resize(nr_pending);
	for (size_t i = 0; i < nr_pending; i++) {
		sc_core::sc_spawn_options options;

		options.spawn_method();
		sc_core::sc_spawn([i] { hold_fire(i); }, nullptr, &options);
	}
	meter_start(&meter, nr_warmup, nr_events);
	sc_core::sc_start();
	bench_print("hold", &meter, sc_time_stamp().value() * nr_pending, nr_warmup + nr_events);
	bench_print_memory(before_kib, nr_pending);
}

/* --- queue --------------------------------------------------------------------------------- */

static void queue_source(sc_core::sc_fifo<uint64_t> *customers)
{
	const struct dist gap = dist_exponential(ARRIVAL_MEAN_PS);
	struct stream gaps = stream_named("gaps");

	for (uint64_t i = 0; i < meter.nr_units; i++) {
		wait_drawn(&gap, &gaps);
		customers->write(sc_time_stamp().value());
	}
}

static void queue_server(sc_core::sc_fifo<uint64_t> *customers, uint64_t *total_ps)
{
	const struct dist service = dist_exponential(SERVICE_MEAN_PS);
	struct stream services = stream_named("services");

	for (;;) {
		uint64_t arrival_ps = customers->read();

		wait_drawn(&service, &services);
		*total_ps += sc_time_stamp().value() - arrival_ps;
		if (meter_count(&meter))
			sc_core::sc_stop();
	}
}

static void queue_run(uint64_t nr_customers)
{
	sc_core::sc_fifo<uint64_t> customers("customers", 1 << 16);
	uint64_t total_ps = 0;

	sc_core::sc_spawn([&] { queue_source(&customers); });
	sc_core::sc_spawn([&] { queue_server(&customers, &total_ps); });
	meter_start(&meter, 0, nr_customers);
	sc_core::sc_start();
	bench_print("queue", &meter, total_ps, nr_customers);
}

/* --- lock ---------------------------------------------------------------------------------- */

struct fifo_lock {
	bool held = false;
	std::deque<sc_core::sc_event *> waiters;

	void take(sc_core::sc_event &mine)
	{
		if (held) {
			waiters.push_back(&mine);
			sc_core::wait(mine);
		}
		held = true;
	}

	void release()
	{
		if (waiters.empty()) {
			held = false;
			return;
		}
		waiters.front()->notify();
		waiters.pop_front();
	}
};

static void client(struct fifo_lock *lock, unsigned int index)
{
	const struct dist think = dist_exponential(THINK_MEAN_PS);
	struct stream thinks = stream_named(("client" + std::to_string(index)).c_str());
	sc_core::sc_event mine;

	for (;;) {
		wait_drawn(&think, &thinks);
		lock->take(mine);
		sc_core::wait(ps(LOCKED_PS));
		lock->release();
		if (meter_count(&meter))
			sc_core::sc_stop();
	}
}

static void lock_run(uint64_t nr_acquisitions)
{
	struct fifo_lock lock;

	for (unsigned int i = 0; i < NR_CLIENTS; i++)
		sc_core::sc_spawn([&lock, i] { client(&lock, i); });
	meter_start(&meter, 0, nr_acquisitions);
	sc_core::sc_start();
	bench_print("lock", &meter, sc_time_stamp().value(), nr_acquisitions);
}

int sc_main(int argc, char **argv)
{
	uint64_t nr_pending, nr_units;

	if (!bench_arguments(argc, argv, &nr_pending, &nr_units))
		return 2;
	sc_core::sc_set_time_resolution(1, sc_core::SC_PS);
	if (strcmp(argv[1], "hold") == 0)
		hold_run(nr_pending, nr_units);
	else if (strcmp(argv[1], "queue") == 0)
		queue_run(nr_units);
	else
		lock_run(nr_units);
	return 0;
}
