#!/bin/sh
# run_exit_codes.sh - every exit status of docs/formats.md, by every command that has it.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
ln -s "$SRCDIR/scenarios/platforms" platforms
cp "$SRCDIR/tests/run/tiny.json" tiny.json
failed=0

# What the table below needs: a result, its baseline, broken and other ones.
mkdir good bad empty other
"$IRQSIM" run tiny.json -q --figures=none -o result >/dev/null
"$IRQSIM" check tiny.json -q --update --baseline=good >/dev/null
head -c 1000 good/tiny.json >bad/tiny.json
sed 's/"seed": "1"/"seed": "2"/' good/tiny.json >other/tiny.json
sed 's/"name": "tiny"/"name": "other"/' good/tiny.json >other/name.json
sed '0,/"values": \[/s//"values": [1/' good/tiny.json >other/value.json
sed 's/"irqsim"/"irqsmi"/' tiny.json >typo.json
slow='--set /platform/costs/vm_exit=200ns'
late='--set /expect=[{"metric":"deliver.mean","max":"1ns"}]'
: >file

# with COMMAND...: a full file system, and a full answer
full_disk() {
	# shellcheck disable=SC3045 # in every shell that is used as sh
	(ulimit -f 1 && "$@")
}
full_answer() {
	"$@" >/dev/full
}

# Status and command, one a line; irqsim is the program.
cat >table <<TABLE
0 irqsim --help
0 irqsim --version
0 irqsim check --help
0 irqsim validate --help
0 irqsim run tiny.json -q --figures=none
0 irqsim lint tiny.json
0 irqsim check tiny.json -q --baseline=good
0 irqsim check tiny.json -q --baseline=good $slow --fail deliver.p90:50%
0 irqsim check tiny.json -q --baseline=good $slow --replications 1
0 irqsim check tiny.json -q --baseline=new --update
0 irqsim compare good/tiny.json result/result.json
1 irqsim run tiny.json -q --figures=none $late
1 irqsim check tiny.json -q --baseline=good $late
1 irqsim check tiny.json -q --baseline=good $slow
1 irqsim check tiny.json -q --baseline=good $slow --fail deliver.p90:1%
1 irqsim check tiny.json -q --baseline=good $slow --replications 1 --strict
1 irqsim check tiny.json -q --baseline=good --set /platform/costs/vm_exit=100ns --fail deliver.p90:1% --two-sided
1 irqsim compare good/tiny.json other/value.json
2 irqsim
2 irqsim nonsense
2 irqsim run
2 irqsim run tiny.json --bogus
2 irqsim run typo.json
2 irqsim lint typo.json
2 irqsim list nonsense
2 irqsim schema x
2 irqsim check
2 irqsim check typo.json --baseline=good
2 irqsim check tiny.json missing.json --baseline=good
2 irqsim check tiny.json --baseline=bad
2 irqsim check tiny.json --baseline=good --fail deliver.p90
2 irqsim check tiny.json --baseline=good --format=csv
2 irqsim check tiny.json --baseline=good --update --seed 2
2 irqsim compare good/tiny.json
2 irqsim compare good/tiny.json bad/tiny.json
2 irqsim compare good/tiny.json missing.json
2 irqsim compare good/tiny.json tiny.json
2 irqsim validate nonsense
3 irqsim run tiny.json -q --figures=none -o /proc/no-such-place/dir
3 irqsim check tiny.json -q --update --baseline=/proc/no-such-place/dir
3 irqsim check tiny.json -q --update --baseline=file
3 full_disk irqsim run tiny.json -q --figures=none -o disk
3 full_disk irqsim check tiny.json -q --update --baseline=disk
3 full_answer irqsim run tiny.json -q --figures=none -o disk
3 full_answer irqsim lint tiny.json
3 full_answer irqsim check tiny.json -q --baseline=good
3 full_answer irqsim compare good/tiny.json result/result.json
4 irqsim check tiny.json -q --baseline=empty
4 irqsim check tiny.json -q --baseline=other
4 irqsim check tiny.json -q --baseline=good --seed 2
4 irqsim compare good/tiny.json other/name.json
4 irqsim compare good/tiny.json other/tiny.json
TABLE

irqsim() {
	"$IRQSIM" "$@"
}

while read -r expected command; do
	case $command in
	full_answer*) [ -e /dev/full ] || continue ;;
	*/proc/*) [ -d /proc/self ] || continue ;;
	esac
	got=0
	# shellcheck disable=SC2086 # words of a command line
	$command >answer 2>messages || got=$?
	[ "$got" -eq "$expected" ] || {
		echo "status $got instead of $expected: $command" >&2
		sed 3q messages >&2
		failed=1
	}
	if [ "$got" -ge 2 ] && ! [ -s messages ]; then
		echo "no message with status $got: $command" >&2
		failed=1
	fi
done <table

# The table reaches every status of the page.
grep -o '^| [0-9] |' "$SRCDIR/docs/formats.md" | tr -dc '0-9\n' >statuses
[ "$(sort -u statuses | tr -d '\n')" = 01234 ] || {
	echo "docs/formats.md has other statuses" >&2
	failed=1
}
while read -r status; do
	grep -q "^$status " table || {
		echo "no command ends with status $status" >&2
		failed=1
	}
done <statuses
[ ! -e disk/tiny.json ] && [ "$(ls -A empty)" = '' ] || {
	echo "something was written by a command that failed" >&2
	failed=1
}
exit "$failed"
