/*
 * sched - threads, run queues, wake-ups: who executes on which pCPU, and what changing it costs.
 *
 * A thread is a context that the scheduler puts at the bottom of a pCPU's stack. __schedule() runs
 * in a context of its own, one per pCPU (CONTEXT_SWITCH), on top of the thread that gives way and
 * then under nothing but the next one: so a thread is paused wherever it is, and no path contains
 * code for being preempted. The kernel is fully preemptible: a due reschedule runs where a hardirq
 * returns to a thread, at UNLOCK and at IRQ_ON, unless locks are held or irqs are off.
 *
 * Follows: __schedule(), try_to_wake_up(), ttwu_queue(), select_task_rq_fair(), newidle_balance()
 *          in kernel/sched/ (Linux v5.4-v6.18)
 * Leaves out: priorities, groups, stop and deadline classes, the tick of a pCPU with one thread (as
 *             with nohz_full).
 */
#ifndef MODELS_SCHED_H
#define MODELS_SCHED_H

#include <stdbool.h>
#include <stdint.h>

#include "models/context.h"
#include "models/lock.h"
#include "models/pcpu.h"
#include "models/sched_fair.h"
#include "sim/path.h"

struct host;
struct mutex;
struct thread;

enum thread_state {
	THREAD_RUNNABLE,	/* executing, queued, or about to be */
	THREAD_SLEEPING,	/* TASK_INTERRUPTIBLE: set before the last test of the condition */
	THREAD_ENDED,
};

/* Preempt notifiers: paths of the switch context, irqs off; frame is struct thread_switch. */
struct thread_ops {
	path_fn sched_out;	/* kvm_sched_out(); NULL: none */
	path_fn sched_in;	/* kvm_sched_in() */
};

/* Frame of both. */
struct thread_switch {
	struct thread *thread;
	uint32_t index;			/* for the hook's own use */
};

struct thread {
	struct context context;		/* first */
	struct sched_entity se;
	const struct thread_ops *ops;
	uint32_t id;			/* over the host, in order of creation */
	enum thread_state state;
	struct pcpu *pcpu;		/* task_cpu(): where it is or was last */
	const struct pcpu *pinned;	/* NULL: any pCPU */
	bool on_cpu;			/* executing, or still switching out */
	bool waking;			/* between the decision to wake it and its run queue */
	bool waits;			/* in a run queue */
	bool migrating;			/* between two run queues */
	bool polls;			/* its WAIT_UP_TO ends when it is not alone any more */
	bool spins;			/* its WAIT ends when a reschedule is due: see SPIN() */
	struct lock pi_lock;		/* serialises wake-ups */
	struct path *spinner;		/* its waker, until on_cpu or migrating is false */
	struct thread *next_woken;	/* on a pCPU's wake list */
	ps_t queued_ps;			/* since when it waits on a run queue */
	ps_t run_delay_ps;		/* time on run queues in the window, not executing: steal */
	struct mutex *held;		/* that it owns: who spins for one watches on_cpu */
	struct mutex *spins_for;	/* whose owner it watches; NULL: none */
	struct thread *next;		/* of the host */
};

struct run_queue {
	struct pcpu *pcpu;
	struct lock lock;		/* "rq_lock" */
	struct fair_rq fair;
	struct thread *current;		/* NULL: idle; its TIF_NEED_RESCHED is pcpu->need_resched */
	struct thread *first_woken, *last_woken;	/* wake list */
	struct line woken_line;		/* of its head */
	struct event tick;		/* armed while two or more threads are runnable */
	struct context switcher;	/* CONTEXT_SWITCH */
	bool scheduling;		/* in __schedule(): it does not look for wake-ups */
	ps_t next_balance_ps;		/* load balancing: not before */
	uint32_t nr_balance_failed;	/* in a row, for an imbalance of less than one thread */
	uint64_t nr_switches;		/* in the window, as the next three */
	ps_t queue_ps;			/* integral of the number of threads that wait */
	ps_t wait_ps;			/* sum of their waits: the same, by Little's law */
	ps_t queue_changed_ps;		/* up to when the integral goes */
	uint32_t nr_waiting;		/* queued, without the current one */
};

#define SCHED_TICK_PS (4 * PS_PER_MS)	/* default of host_config.tick_ps: HZ = 250 */

static inline struct thread *thread_of(struct path *p)
{
	return (struct thread *)(void *)p;
}

static inline struct thread *thread_of_entity(struct sched_entity *se)
{
	return (struct thread *)(void *)((char *)se - offsetof(struct thread, se));
}

/* Run queues of all pCPUs, lock classes. In host_new(). */
void sched_init(struct host *host);

/*
 * A thread that is asleep; name keys its random streams. pinned: NULL lets it float. ops may be
 * NULL. Its acquirer is ACQUIRER_THREAD until its owner sets another one.
 */
void thread_init(struct thread *thread, struct host *host, const char *name, struct pcpu *pinned,
		 const struct thread_ops *ops);

/* What it executes once it is started or woken: THREAD_PATH(thread, name, .field = value, ...). */
#define THREAD_PATH(thread, callee, ...)						\
	do {										\
		PATH_START(&(thread)->context.path, callee, __VA_ARGS__);		\
		path_pause(&(thread)->context.path);					\
	} while (0)

/*
 * Before time begins (and in tests): the thread executes on its pCPU if that has none, else it
 * waits in its run queue. home: where a floating thread begins. Takes no time.
 */
void thread_start(struct thread *thread, struct pcpu *home);

/* Step, the last one of a thread's path. */
#define THREAD_END()									\
	do {										\
		thread_of(p)->state = THREAD_ENDED;					\
		SCHEDULE();								\
	} while (0)

/*
 * To sleep, in the thread's own path, as in the kernel:
 *
 *	for (;;) {
 *		thread_prepare_sleep(thread);		set_current_state()
 *		if (condition)				a wake-up from here on is not lost
 *			break;
 *		SCHEDULE();				returns at once if it was woken meanwhile
 *	}
 *	thread_cancel_sleep(thread);			__set_current_state(TASK_RUNNING)
 */
static inline void thread_prepare_sleep(struct thread *thread)
{
	thread->state = THREAD_SLEEPING;
}

static inline void thread_cancel_sleep(struct thread *thread)
{
	thread->state = THREAD_RUNNABLE;
}

/* Step of a thread: schedule(), irqs on, no lock held. */
#define SCHEDULE()									\
	do {										\
		sched_schedule(p);							\
		PATH_STOP(p)								\
	} while (0)

/* What SCHEDULE needs: the switcher is on top now, and p is paused. */
void sched_schedule(struct path *p);

/*
 * try_to_wake_up(): any host context, any irq state. p->ret is 1 if the thread was asleep, or on
 * its way there.
 */
struct sched_wake {
	struct thread *thread;
	bool irqs_on, woken;
};
enum flow sched_wake_path(struct path *p, void *frame);

/* Ends the wait of a thread that polls, if it does. */
void thread_end_poll(struct thread *thread);

/* True when the pCPU's current thread is the only runnable one: single_task_running(). */
bool sched_alone(const struct pcpu *pcpu);

/*
 * yield_to(): a thread that waits in a run queue is to be next there, and the caller, a thread with
 * irqs on, gives way. p->ret is 1 if it was done, 0 if the thread does not wait there, -1 if nobody
 * waits in either queue.
 */
struct sched_yield_to {
	struct thread *thread;
	struct run_queue *own, *other, *first, *second;
	int yielded;
};
enum flow sched_yield_to_path(struct path *p, void *frame);

/*
 * resched_curr(): the current thread of that pCPU gives way at its next preemption point. With the
 * run queue's lock held, if the pCPU is another one; an IPI goes out if it is needed.
 */
struct sched_resched {
	struct run_queue *rq;
};
enum flow sched_resched_path(struct path *p, void *frame);

/*
 * Step of a thread, preemption off: spins until what it looks at changes or a reschedule is due
 * (osq.h, mutex.h), without an event meanwhile. Who changes it calls thread_stop_spin(): the thread
 * looks again after_ps of its own time later. That does nothing to a thread that does not spin.
 */
#define SPIN()										\
	do {										\
		thread_spin(thread_of(p));						\
		WAIT();									\
	} while (0)

void thread_spin(struct thread *thread);
void thread_stop_spin(struct thread *thread, ps_t after_ps);

/* set_tsk_need_resched() of the pCPU's current thread. */
void sched_set_need_resched(struct pcpu *pcpu);

/* --- between the files of the scheduler, pcpu.c and host.c ----------------------------------- */

/* The switch context has ended: what is below it goes on, or the pCPU is idle. */
void sched_switch_finished(struct path *path);

/* The part of [start, now] that lies in the measured window. */
ps_t sched_in_window(const struct host *host, ps_t start_ps);

/* A thread begins to wait in the queue, or ends to: it executes, or goes to another one. */
void sched_wait_begin(struct run_queue *rq, struct thread *thread);
void sched_wait_end(struct run_queue *rq, struct thread *thread);

/* The tick runs while two or more threads are runnable. */
void sched_arm_tick(struct run_queue *rq);

/* The current thread's poll goes on only while it is alone. */
void sched_disturb(struct run_queue *rq);

/* Whoever spins until the thread is nowhere may look. */
void thread_end_spin(struct thread *thread);

/* Onto a run queue, under its lock; off it, to that of another pCPU (not the current thread). */
void sched_activate(struct run_queue *rq, struct thread *thread, bool wakeup);
void sched_detach(struct run_queue *rq, struct thread *thread, struct pcpu *to);

/* set_task_cpu(): of a thread that is on no queue. */
void sched_set_pcpu(struct thread *thread, struct pcpu *pcpu);

/* One thread onto a run queue, under its lock, and a reschedule if it preempts. Irqs off. */
struct sched_attach {
	struct run_queue *rq;
	struct thread *thread;
	bool wakeup;
};
enum flow sched_attach_path(struct path *p, void *frame);

/* sched_ttwu_pending(): the wake list onto the run queue. That pCPU, irqs off. */
struct sched_take_woken {
	struct run_queue *rq;
	struct thread *first, *thread;
};
enum flow sched_take_woken_path(struct path *p, void *frame);

/* newidle_balance(): a thread that waits elsewhere onto this run queue. Irqs off, no lock held. */
struct sched_pull {
	struct run_queue *rq, *busiest;
	struct thread *thread;
};
enum flow sched_pull_path(struct path *p, void *frame);
bool sched_may_pull(const struct pcpu *pcpu);

/*
 * trigger_load_balance(): an idle pCPU shall pull from this queue of two or more, or a shorter one
 * gets a thread of it. Hardirq.
 */
struct sched_balance {
	struct run_queue *rq;
	struct pcpu *to;
	struct thread *thread;
};
enum flow sched_balance_path(struct path *p, void *frame);

/* scheduler_tick(): hardirq. */
struct sched_tick {
	struct run_queue *rq;
};
enum flow sched_tick_path(struct path *p, void *frame);

/* available_idle_cpu(). */
bool sched_is_idle(const struct pcpu *pcpu);

/* A hardirq (and its softirq) has ended: preempt what it interrupted, or be idle again. */
void sched_irq_exit(struct pcpu *pcpu);

/* Does it idle and watch need_resched (TIF_POLLING_NRFLAG)? Then no IPI is needed, but ... */
bool sched_is_polling(const struct pcpu *pcpu);

/* ... need_resched, which was set, is seen after the transfer of its line from the setter. */
void sched_leave_idle(struct context *setter, struct pcpu *pcpu);

/* Asserts what must hold of threads and pCPUs between two events. */
void sched_check(const struct host *host);

/* Little's law of every run queue, to the picosecond. After sched_close_window(). */
void sched_check_window(const struct host *host);

/* The measured window opens; run delays are brought up to now. */
void sched_open_window(struct host *host);
void sched_close_window(struct host *host);

#endif
