/*
 * ns3 - the models of engine.c on ns-3, whose natural style is a callback per event. Its default
 * scheduler, a map; time in picoseconds.
 */
#include <deque>
#include <vector>

#include <ns3/core-module.h>

#include "bench/bench.h"

using ns3::Simulator;

static struct meter meter;

static ns3::Time ps(uint64_t value)
{
	return ns3::PicoSeconds(value);
}

static uint64_t now_ps(void)
{
	return (uint64_t)Simulator::Now().GetPicoSeconds();
}

static struct stream stream_named(const char *name)
{
	struct stream stream;

	stream_init(&stream, 1, 0, name);
	return stream;
}

/* --- hold ---------------------------------------------------------------------------------- */

static const struct dist delay = dist_exponential(HOLD_MEAN_PS);
static struct stream delays = stream_named("hold");

static void hold_fire(void)
{
	if (meter_count(&meter))
		Simulator::Stop();
	Simulator::Schedule(ps(dist_draw(&delay, &delays)), &hold_fire);
}

static void hold_run(uint64_t nr_pending, uint64_t nr_events)
{
	long before_kib = bench_peak_kib();
	uint64_t nr_warmup = 2 * nr_pending;

	for (uint64_t i = 0; i < nr_pending; i++)
		Simulator::Schedule(ps(dist_draw(&delay, &delays)), &hold_fire);
	meter_start(&meter, nr_warmup, nr_events);
	Simulator::Run();
	bench_print("hold", &meter, now_ps() * nr_pending, nr_warmup + nr_events);
	bench_print_memory(before_kib, nr_pending);
}

/* --- queue --------------------------------------------------------------------------------- */

struct queue {
	struct dist gap = dist_exponential(ARRIVAL_MEAN_PS);
	struct dist service = dist_exponential(SERVICE_MEAN_PS);
	struct stream gaps = stream_named("gaps"), services = stream_named("services");
	std::deque<uint64_t> arrivals_ps;
	uint64_t nr_arrived = 0, total_ps = 0;

	void next_arrival()
	{
		Simulator::Schedule(ps(dist_draw(&gap, &gaps)), &queue::arrive, this);
	}

	void serve()
	{
		Simulator::Schedule(ps(dist_draw(&service, &services)), &queue::leave, this);
	}

	void arrive()
	{
		arrivals_ps.push_back(now_ps());
		if (arrivals_ps.size() == 1)
			serve();
		if (++nr_arrived < meter.nr_units)
			next_arrival();
	}

	void leave()
	{
		total_ps += now_ps() - arrivals_ps.front();
		arrivals_ps.pop_front();
		if (meter_count(&meter))
			Simulator::Stop();
		if (!arrivals_ps.empty())
			serve();
	}
};

static void queue_run(uint64_t nr_customers)
{
	struct queue queue;

	meter_start(&meter, 0, nr_customers);
	queue.next_arrival();
	Simulator::Run();
	bench_print("queue", &meter, queue.total_ps, nr_customers);
}

/* --- lock ---------------------------------------------------------------------------------- */

struct fifo_lock;

struct client {
	struct fifo_lock *lock;
	struct stream thinks;

	void think();
	void want();
	void own();
	void release();
};

struct fifo_lock {
	struct dist think = dist_exponential(THINK_MEAN_PS);
	bool held = false;
	std::deque<struct client *> waiters;
};

void client::think()
{
	Simulator::Schedule(ps(dist_draw(&lock->think, &thinks)), &client::want, this);
}

void client::want()
{
	if (lock->held)
		lock->waiters.push_back(this);
	else
		own();
}

void client::own()
{
	lock->held = true;
	Simulator::Schedule(ps(LOCKED_PS), &client::release, this);
}

void client::release()
{
	lock->held = false;
	if (!lock->waiters.empty()) {
		struct client *next = lock->waiters.front();

		lock->waiters.pop_front();
		lock->held = true;
		Simulator::ScheduleNow(&client::own, next);
	}
	if (meter_count(&meter))
		Simulator::Stop();
	think();
}

static void lock_run(uint64_t nr_acquisitions)
{
	struct fifo_lock lock;
	std::vector<struct client> clients(NR_CLIENTS);

	for (unsigned int i = 0; i < NR_CLIENTS; i++) {
		clients[i].lock = &lock;
		clients[i].thinks = stream_named(("client" + std::to_string(i)).c_str());
		clients[i].think();
	}
	meter_start(&meter, 0, nr_acquisitions);
	Simulator::Run();
	bench_print("lock", &meter, now_ps(), nr_acquisitions);
}

int main(int argc, char **argv)
{
	uint64_t nr_pending, nr_units;

	if (!bench_arguments(argc, argv, &nr_pending, &nr_units))
		return 2;
	ns3::Time::SetResolution(ns3::Time::PS);
	if (strcmp(argv[1], "hold") == 0)
		hold_run(nr_pending, nr_units);
	else if (strcmp(argv[1], "queue") == 0)
		queue_run(nr_units);
	else
		lock_run(nr_units);
	Simulator::Destroy();
	return 0;
}
