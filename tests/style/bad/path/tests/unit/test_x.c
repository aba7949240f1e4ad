#define SLEEP_ON(q)						\
	do {							\
		CALL(queue_sleep, .queue = (q));		\
	} while (0)

#define IRQ_RESTORE(p)						\
	do {							\
		if (pcpu_irq_on(p)) {				\
			PATH_STOP(p)				\
		}						\
	} while (0)

static enum flow good_path(struct path *p, void *frame)
{
	struct good *f = frame;

	switch (f->a) {
	default:
		return FLOW_STOP;
	}
	PATH_BEGIN(p);
	SPEND(COST(p, C_A)); /* SPEND(1); return; */
	if (f->a)
		DONE(1);
	UNSPEND(1); SPEND(2);
	DONE(0);
	PATH_END(p);
}

static enum flow worse_path(struct path *p, void *frame)
{
	PATH_BEGIN(p);
	SLEEP_ON(1); IRQ_RESTORE(p);	/* bad */
	SPEND(1); WAIT();		/* bad */
	switch (f->a) {			/* bad */
	case 1:
		return FLOW_STOP;	/* bad */
	}
	DONE(0);
	PATH_END(p);
}
