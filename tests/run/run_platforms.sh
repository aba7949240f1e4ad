#!/bin/sh
# run_platforms.sh - where platforms are found: beside the scenario, and beside a program that moved.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# A name that no installation has, so that only the folders of this test can have it.
platforms() {
	mkdir -p "$1"
	sed 's/"ampere-altra"/"moved-altra"/' "$SRCDIR/scenarios/platforms/ampere-altra.json" \
		>"$1/moved-altra.json"
}
mkdir here
sed 's/"ampere-altra"/"moved-altra"/' "$SRCDIR/scenarios/sgi-last-of-64.json" >here/scenario.json

# try NAME PROGRAM: runs it, its result is NAME/result.json
try() {
	"$2" run here/scenario.json -o "$1" -q --figures=none --replications 1 \
		--set /stop/interrupts=100 >/dev/null 2>messages || complain "$1: $(cat messages)"
}

# An installation that was copied, and a build folder in its source.
mkdir -p prefix/bin source/build/any
cp "$IRQSIM" prefix/bin/irqsim
cp "$IRQSIM" source/build/any/irqsim
status=0
prefix/bin/irqsim lint here/scenario.json 2>messages || status=$?
[ "$status" -eq 2 ] || complain "a platform that is nowhere: status $status"
for words in 'unknown platform "moved-altra"' 'searched: here/platforms, ' \
	"$tmp/prefix/share/irqsim/scenarios/platforms"; do
	grep -qF "$words" messages || complain "the message does not have: $words"
done
platforms prefix/share/irqsim/scenarios/platforms
platforms source/scenarios/platforms
try installed prefix/bin/irqsim
try built source/build/any/irqsim
prefix/bin/irqsim list platforms | grep -q '^moved-altra .*prefix/share' ||
	complain "list does not have the platform beside the program"

# Beside the scenario comes first, and where it was found is not in the result.
platforms here/platforms
try beside prefix/bin/irqsim
cmp installed/result.json built/result.json
cmp installed/result.json beside/result.json
if grep -q "$tmp" installed/result.json; then
	complain "the result holds a path"
fi
sed 's/"costs": {/"costs": { "nothing": 1,/' here/platforms/moved-altra.json >changed
mv changed here/platforms/moved-altra.json
if prefix/bin/irqsim lint here/scenario.json 2>messages; then
	complain "the platform beside the scenario was passed over"
fi
grep -q '^here/platforms/moved-altra.json:' messages || complain "other messages: $(cat messages)"

# What is shipped is whole: a scenario that is not for its architecture is the only mistake there.
mkdir -p shipped/platforms
cp "$SRCDIR"/scenarios/platforms/*.json shipped/platforms
for file in shipped/platforms/*.json; do
	name=$(basename "$file" .json)
	sed "s/\"ampere-altra\"/\"$name\"/" "$SRCDIR/scenarios/sgi-last-of-64.json" \
		>shipped/scenario.json
	"$IRQSIM" lint shipped/scenario.json >answer 2>messages || true
	if grep -q '^shipped/platforms/' messages; then
		complain "$name: $(cat messages)"
	fi
	grep -q -e ': valid, ' answer || grep -q 'the platform is x86' messages ||
		complain "$name: $(cat messages)"
	grep -q '"exit_latency"' "$file" || complain "$name has no idle states"
done
exit "$failed"
