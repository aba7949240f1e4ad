#!/bin/sh
# The engine allocates nothing while a run goes on: three times as many events, customers or
# acquisitions (bench/engine.c) take as many calls of malloc() as a third of them.
set -eu

if grep -q '^IRQSIM_SANITIZE:BOOL=ON' "$BINDIR/CMakeCache.txt"; then
	echo "a sanitized build: valgrind cannot count"
	exit 0
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# allocations MODEL... UNITS
allocations() {
	valgrind --log-file="$tmp/log" "$BINDIR/bench-engine" "$@" >/dev/null
	sed -n 's/.*total heap usage: \([0-9,]*\) allocs.*/\1/p' "$tmp/log"
}

for model in "hold 256" queue lock; do
	# shellcheck disable=SC2086 # model and size are two words
	short=$(allocations $model 2000) long=$(allocations $model 6000)
	echo "$model: $short allocations, $long in a run three times as long"
	[ -n "$short" ] && [ "$short" = "$long" ]
done
