/*
 * mpidr-hash - a table from the affinity bits that differ between vCPUs to the vCPU's index.
 *
 * Follows:      kvm_init_mpidr_data(), kvm_mpidr_to_vcpu(), vgic_v3_dispatch_sgi()  (Linux v6.7 on;
 *               read in v6.8 and v6.18)
 * Leaves out:   config_lock (the others wait until the table is there, with no hand-over), the end
 *               of the table when a vCPU is created late (v6.10), RCU, the loop over the bits.
 */
#include "models/mpidr.h"
#include "models/route/broadcast.h"
#include "models/route/route.h"
#include "sim/arena.h"

/* Per VM. The table is one page at most: the mask, then an index of 2 bytes per entry. */
struct mpidr_hash {
	bool begun;
	ps_t built_ps;			/* nobody runs before */
	uint32_t mask;			/* affinity bits that are not the same in all vCPUs */
	uint16_t *index;		/* by compressed affinity; NULL: does not fit in a page */
};

enum { MASK_BYTES = 8, ENTRY_BYTES = 2 };

static struct mpidr_hash *mpidr_hash_of(const struct vm *vm)
{
	return vm->routes[ROUTE_IPI].state;
}

static uint32_t mpidr_hash_mask(const struct vm *vm)
{
	uint32_t any = 0, all = UINT32_MAX;

	for (uint32_t i = 0; i < vm->nr_vcpus; i++) {
		any |= vm->vcpus[i]->mpidr;
		all &= vm->vcpus[i]->mpidr;
	}
	return any ^ all;
}

/* kvm_mpidr_index(): the masked bits, gathered. Pure. */
static uint32_t mpidr_hash_compress(uint32_t mask, uint32_t mpidr)
{
	uint32_t index = 0;

	for (uint32_t bit = 0; mask; mask &= mask - 1, bit++)
		index |= (mpidr >> __builtin_ctz(mask) & 1) << bit;
	return index;
}

static void mpidr_hash_fill(const struct vm *vm, struct mpidr_hash *hash)
{
	uint64_t nr_entries = UINT64_C(1) << __builtin_popcount(mpidr_hash_mask(vm));

	hash->mask = mpidr_hash_mask(vm);
	if (MASK_BYTES + nr_entries * ENTRY_BYTES > vm->config->page_bytes)
		return;
	hash->index = ARENA_NEW_N(vm->host->arena, uint16_t, nr_entries);
	for (uint32_t i = 0; i < vm->nr_vcpus; i++)
		hash->index[mpidr_hash_compress(hash->mask, vm->vcpus[i]->mpidr)] = (uint16_t)i;
}

/*
 * kvm_init_mpidr_data(), on the first KVM_RUN of each vCPU: the first of all builds the table, the
 * others wait for it. One vCPU needs no table.
 */
static enum flow mpidr_hash_init_path(struct path *p, void *frame)
{
	struct route_init *f = frame;
	const struct vm *vm = f->vcpu->vm;
	struct mpidr_hash *hash = mpidr_hash_of(vm);

	PATH_BEGIN(p);
	if (vm->nr_vcpus == 1)
		DONE(0);
	if (!hash->begun) {
		hash->begun = true;
		mpidr_hash_fill(vm, hash);
		/* OR and AND of all affinities; then, if it fits, every index. */
		hash->built_ps = p->sim->now_ps +
				 COST_N(p, C_HASH_BUILD_STEP,
					hash->index ? 2 * vm->nr_vcpus : vm->nr_vcpus);
	}
	if (hash->built_ps > p->sim->now_ps)
		SPEND(hash->built_ps - p->sim->now_ps);
	DONE(0);
	PATH_END(p);
}

/* kvm_mpidr_to_vcpu(): the full affinity is compared, an unused slot names vCPU 0. Pure. */
static struct vcpu *mpidr_hash_lookup(const struct vm *vm, uint32_t mpidr)
{
	const struct mpidr_hash *hash = mpidr_hash_of(vm);
	struct vcpu *vcpu = vm->vcpus[hash->index[mpidr_hash_compress(hash->mask, mpidr)]];

	return vcpu->mpidr == mpidr ? vcpu : NULL;
}

/* Without a table; from v6.10 also when the table names another vCPU. */
static bool mpidr_hash_scans(const struct route_exit *f)
{
	const struct vm *vm = f->vcpu->vm;

	if (!mpidr_hash_of(vm)->index)
		return true;
	return !f->target && host_has(vm->host, KERNEL_MPIDR_SCAN);
}

/* One kvm_mpidr_to_vcpu(): f->target is what it finds, or NULL. */
struct mpidr_hash_find {
	struct route_exit *request;
};

static enum flow mpidr_hash_find_path(struct path *p, void *frame)
{
	struct mpidr_hash_find *f = frame;
	struct route_exit *r = f->request;
	const struct vm *vm = r->vcpu->vm;

	PATH_BEGIN(p);
	r->target = NULL;
	if (mpidr_hash_of(vm)->index) {
		SPEND(COST(p, C_HASH_LOOKUP));
		r->target = mpidr_hash_lookup(vm, r->affinity);
	}
	if (mpidr_hash_scans(r)) {
		r->index = mpidr_scan(vm, r->affinity);
		r->nr_steps = r->index < vm->nr_vcpus ? r->index + 1 : vm->nr_vcpus;
		SPEND(COST_N(p, vcpu_step_cost(vm->host), r->nr_steps));
		r->target = r->index < vm->nr_vcpus ? vm->vcpus[r->index] : NULL;
	}
	DONE(0);
	PATH_END(p);
}

static enum flow mpidr_hash_exit_path(struct path *p, void *frame)
{
	struct route_exit *f = frame;

	PATH_BEGIN(p);
	if (f->request->broadcast) {
		CALL(route_broadcast, .vcpu = f->vcpu);
		DONE(0);
	}
	for (f->wanted = f->request->target_list; f->wanted; f->wanted &= f->wanted - 1) {
		f->affinity = f->request->affinity << MPIDR_AFF0_BITS |
			      (uint32_t)__builtin_ctz(f->wanted);
		CALL(mpidr_hash_find, .request = f);
		if (f->target)
			CALL(vgic_inject, .vcpu = f->target,
			     .irq = request_routed(f->vcpu, f->target));
	}
	DONE(0);
	PATH_END(p);
}

const struct route_ops route_mpidr_hash = {
	.name       = "mpidr-hash",
	.summary    = "compressed MPIDR table of one page at most, fallback to a scan per target",
	.arch       = ARCH_ARM64,
	.class      = ROUTE_IPI,
	.since      = KERNEL(6, 7),
	.state_size = sizeof(struct mpidr_hash),
	.init       = mpidr_hash_init_path,
	.exit       = mpidr_hash_exit_path,
};
