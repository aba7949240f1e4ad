#!/bin/sh
# run_check_baselines.sh - every shipped scenario behaves as its baseline says, event by event, and
# every baseline has its scenario. What a run does changes only on purpose: irqsim check --update
# scenarios/*.json writes them anew, the commit says why.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$SRCDIR"
# All replications in the build that users run; two of them where everything takes longer.
some=
grep -q '^IRQSIM_SANITIZE:BOOL=ON\|^CMAKE_BUILD_TYPE:[A-Z]*=Debug' "$BINDIR/CMakeCache.txt" &&
	some='--replications 2'
# shellcheck disable=SC2086 # none or two words
"$IRQSIM" check scenarios/*.json -q -j 2 $some >"$tmp/answer" || {
	cat "$tmp/answer" >&2
	exit 1
}
for scenario in scenarios/*.json; do
	name=$(basename "$scenario" .json)
	grep -q "^$name: no behaviour change ([0-9]* cases\{0,1\})\$" "$tmp/answer" || {
		grep -A20 "^$name:" "$tmp/answer" >&2 || echo "$name: no answer" >&2
		exit 1
	}
done
for baseline in results/baseline/*.json; do
	[ -e "scenarios/$(basename "$baseline")" ] || {
		echo "$baseline has no scenario" >&2
		exit 1
	}
	[ "$(wc -c <"$baseline")" -lt 200000 ] || {
		echo "$baseline is larger than 200 kB" >&2
		exit 1
	}
done
