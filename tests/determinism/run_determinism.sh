#!/bin/sh
# run_determinism.sh - the same scenario and seed give the same bytes of result.json.
#
# Needs IRQSIM (the program) and SRCDIR. IRQSIM_OTHERS may name more builds of it: other compiler,
# other optimisation. Every scenario runs with few interrupts; with FULL=1 as it is shipped.
set -eu

others=${IRQSIM_OTHERS:-}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# Locales with a decimal comma and a dotless i, where the tools to make them are installed.
for name in de_DE tr_TR; do
	localedef -i "$name" -f UTF-8 "$tmp/$name.UTF-8" >/dev/null 2>&1 || true
done

# once OUT PROGRAM JOBS [VARIABLE=VALUE...]: runs $scenario, keeps its result as OUT
once() {
	out=$1
	program=$2
	jobs=$3
	shift 3
	set -- env "$@" "$program" run "$scenario" -o "$tmp/run" -j "$jobs" --figures=none -q
	if [ "${FULL:-}" = 1 ]; then
		set -- "$@" --replications 1
	else
		set -- "$@" --replications 2 --set /stop/interrupts=200
	fi
	rm -rf "$tmp/run"
	"$@" >/dev/null
	mv "$tmp/run/result.json" "$tmp/$out"
}

# same AS-WHAT PROGRAM JOBS [VARIABLE=VALUE...]: the result is the reference's
same() {
	what=$1
	shift
	once other "$@"
	cmp "$tmp/reference" "$tmp/other" || {
		echo "$scenario: other bytes with $what" >&2
		failed=1
	}
}

for scenario in "$SRCDIR"/scenarios/*.json; do
	once reference "$IRQSIM" 1
	same "a second run" "$IRQSIM" 1 MALLOC_PERTURB_=165
	same "-j 2" "$IRQSIM" 2
	same "no FMA, no AVX2" "$IRQSIM" 2 GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-AVX2
	same "German" "$IRQSIM" 2 LOCPATH="$tmp" LC_ALL=de_DE.UTF-8 TZ=Asia/Kathmandu
	same "Turkish" "$IRQSIM" 2 LOCPATH="$tmp" LC_ALL=tr_TR.UTF-8 G_RANDOM_VERSION=2.0
	for program in $others; do
		same "$program" "$program" 2
	done
done

# That these runs can differ at all: another seed draws other numbers.
scenario=$SRCDIR/scenarios/sgi-load.json
once reference "$IRQSIM" 2
rm -rf "$tmp/run"
grep -o '"fingerprint": *"[^"]*"' "$tmp/reference" >"$tmp/seed-1"
"$IRQSIM" run "$scenario" -o "$tmp/run" --figures=none -q --seed 2 --replications 2 \
	--set /stop/interrupts=200 >/dev/null
grep -o '"fingerprint": *"[^"]*"' "$tmp/run/result.json" >"$tmp/seed-2"
if cmp -s "$tmp/seed-1" "$tmp/seed-2"; then
	echo "$scenario: seeds 1 and 2 have the same fingerprints" >&2
	failed=1
fi
exit "$failed"
