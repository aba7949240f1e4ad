#!/bin/sh
# run_fail.sh - bad inputs and the messages that they get. Needs IRQSIM and SRCDIR.
#
# text/       no JSON at all, or not JSON as irqsim takes it
# structure/  what the JSON Schema refuses too (run_schema.sh)
# meaning/    what only the program can see: names, sums, settings
# NAME.json is checked with the arguments of NAME.args, if there are any, one a line; what it prints
# is NAME.err, it exits with 2 and has no answer. NEW=1 rewrites the .err files: read the diff.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0
checked=0

complain() {
	echo "$*" >&2
	failed=1
}

# expect_failure NAME: what ran has left out, err and its status in $tmp
expect_failure() {
	checked=$((checked + 1))
	[ "$(cat "$tmp/status")" = 2 ] || complain "$1: exit status $(cat "$tmp/status"), expected 2"
	[ ! -s "$tmp/out" ] || complain "$1: it printed an answer"
}

# irqsim ARGUMENTS...: in the folder of the cases
irqsim() {
	status=0
	(cd "$tmp/cases" && "$IRQSIM" "$@") >"$tmp/out" 2>"$tmp/err" || status=$?
	echo $status >"$tmp/status"
}

check_file() {
	set -- "$1" "$(basename "$1" .json)"
	mkdir -p "$tmp/cases"
	cp "$1" "$tmp/cases/$2.json"
	case=${1%.json}
	name=$2
	set -- lint "$name.json"
	if [ -f "$case.args" ]; then
		while IFS= read -r argument; do
			set -- "$@" "$argument"
		done <"$case.args"
	fi
	irqsim "$@"
	expect_failure "$name"
	# where else platforms are searched is the installation's: run/run_platforms.sh
	sed 's/\(; searched: platforms, \)[^[]* \[/\1... [/' "$tmp/err" >"$tmp/shown"
	mv "$tmp/shown" "$tmp/err"
	if [ "${NEW:-}" = 1 ]; then
		cp "$tmp/err" "$case.err"
	fi
	diff -u "$case.err" "$tmp/err" >&2 || complain "$name: other messages"
}

# usage TEXT ARGUMENTS...: the message holds the text
usage() {
	text=$1
	shift
	irqsim "$@"
	expect_failure "irqsim $*"
	grep -qF -e "$text" "$tmp/err" || complain "irqsim $*: expected \"$text\", got $(cat "$tmp/err")"
}

mkdir -p "$tmp/cases/platforms"
cp "$SRCDIR"/scenarios/platforms/*.json "$SRCDIR"/tests/fail/platforms/*.json "$tmp/cases/platforms"
for file in "$SRCDIR"/tests/fail/text/*.json "$SRCDIR"/tests/fail/structure/*.json \
	"$SRCDIR"/tests/fail/meaning/*.json; do
	check_file "$file"
done

head -c 5000000 /dev/zero | tr '\0' ' ' >"$tmp/cases/large.json"
mkdir "$tmp/cases/folder.json"
cp "$SRCDIR/scenarios/sgi-last-of-64.json" "$tmp/cases/good.json"
usage 'large.json:1:1: error: is larger than 4 MiB' lint large.json
usage 'folder.json: error: cannot be read: Is a directory' lint folder.json
usage 'missing.json: error: cannot be read: No such file or directory' lint missing.json
usage 'Usage: irqsim COMMAND'
usage 'unknown command "lnit"; did you mean "lint"?' lnit good.json
usage 'Unknown option --sede; did you mean "--seed"?' lint --sede 1 good.json
usage 'Missing argument for --seed' lint good.json --seed
usage 'unknown option "--bogus"' --bogus lint good.json
usage '--seed:1:1: error: expected a whole number from 0 to 9223372036854775807, found "0x10"' \
	lint good.json --seed 0x10
usage 'expected the argument SCENARIO' lint
usage 'expected one SCENARIO, found 2' lint good.json good.json
usage 'schema: unexpected argument "x"' schema x
usage 'list: unknown word "route"; did you mean "routes"?' list route
usage '--format: unknown word "xml"; known: text, json' list routes --format=xml
usage '-j: "0" is no number of workers: 1 to 1024' run good.json -j 0
usage '--figures: unknown word "some"; known: auto, none' run good.json --figures=some
usage '--only:1:1: error: unknown alternative "mpidr-hush"; did you mean "mpidr-hash"?' \
	lint good.json --only mpidr-hush

[ $checked -gt 50 ] || complain "only $checked cases were found"
exit $failed
