/*
 * sched_spin - threads that spin until something is so or a reschedule is due.
 */
#include "models/mutex.h"
#include "models/sched.h"

void thread_spin(struct thread *thread)
{
	thread->spins = true;
	pcpu_relax(&thread->context, true);	/* cpu_relax() in the loop */
}

void thread_stop_spin(struct thread *thread, ps_t after_ps)
{
	if (!thread->spins)
		return;
	thread->spins = false;
	pcpu_relax(&thread->context, false);
	if (thread->spins_for)
		mutex_forget_spinner(thread->spins_for, thread);
	path_wake(&thread->context.path, after_ps);
}

void sched_set_need_resched(struct pcpu *pcpu)
{
	pcpu->need_resched = true;
	if (pcpu->rq->current)
		thread_stop_spin(pcpu->rq->current, 0);
}
