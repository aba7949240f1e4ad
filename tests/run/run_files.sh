#!/bin/sh
# run_files.sh - the run directory is whole or untouched: killed runs, full disks, foreign files.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
scenario=$SRCDIR/scenarios/sgi-last-of-64.json
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# status EXPECTED WORDS...: the program's exit status; its messages are in $tmp/messages
status() {
	expected=$1
	shift
	got=0
	"$@" >answer 2>messages || got=$?
	[ "$got" -eq "$expected" ] || complain "status $got instead of $expected: $*"
}

run() {
	"$IRQSIM" run "$scenario" --figures=none --replications 1 --set /stop/interrupts=100 "$@"
}

# A good run to begin with; everything below must leave it alone.
status 0 run -o dir
cksum dir/* 2>/dev/null | sort >before
unchanged() {
	cksum dir/* 2>/dev/null | sort | cmp -s before - || complain "$1 changed the run directory"
	[ ! -e dir.partial ] || complain "$1 left dir.partial behind"
	[ ! -e dir.previous ] || complain "$1 left dir.previous behind"
}

# Inputs that are wrong write nothing.
status 2 run -o dir --set /nothing=1
status 2 run -o new --set /nothing=1
[ ! -e new ] || complain "an invalid run wrote something"
unchanged "an invalid run"

# No space: the limit on file sizes stands for a full disk.
limited() {
	# shellcheck disable=SC3045 # in every shell that is used as sh
	(ulimit -f 16 && run -o dir)
}
status 3 limited
grep -q 'cannot write' messages || complain "no message about the full disk"
unchanged "a full disk"
full() {
	run -o other >/dev/full
}
if [ -e /dev/full ]; then
	status 3 full
fi

# No directory to be had.
: >file
status 2 run -o file/sub
if [ -d /proc/self ]; then
	status 3 run -o /proc/no-such-place/dir
fi
status 2 run -o file
[ ! -s file ] || complain "a file was written over"

# Files of somebody else.
mkdir mine
echo thesis >mine/thesis.tex
status 2 run -o mine
grep -q 'thesis.tex' messages || complain "the message does not name the foreign file"
[ "$(cat mine/thesis.tex)" = thesis ] || complain "a foreign file was touched"

# Names of ours alone make no run directory, and a run directory no names that the run has not.
mkdir csv json
echo mine >csv/summary.csv
echo '{ "format": "mine" }' >json/result.json
for name in csv json; do
	cksum $name/* >kept
	status 2 run -o $name
	cksum $name/* | cmp -s kept - || complain "files of somebody else were touched in $name"
done
cp -r dir drawn
echo mine >drawn/figures/mine.svg
status 2 run -o drawn
grep -q 'figures/mine.svg' messages || complain "the message does not name the foreign figure"
[ -s drawn/figures/mine.svg ] || complain "a foreign figure was removed"
mkdir empty
status 0 run -o empty
[ -s empty/result.json ] || complain "an empty directory was not used"
mkdir previous.previous
echo mine >previous.previous/thesis.tex
status 0 run -o previous
[ -s previous.previous/thesis.tex ] || complain "a directory beside the run's was moved"

# The directory that the user stands in, and those above.
mkdir -p above/here
inside() {
	(cd above/here && run -o "$1")
}
for name in '' . .. ../.. "$tmp" / ../here; do
	status 2 inside "$name"
done
[ -z "$(ls -A above/here)" ] || complain "something was written into the current directory"
for name in above.partial above/here.partial "$tmp.partial"; do
	[ ! -e "$name" ] || complain "$name was written"
done
status 0 inside ../beside

# Killed in the middle: the old one stays, the next run clears away what was left.
"$IRQSIM" run "$scenario" -o dir --figures=none -q --replications 1000 >/dev/null 2>&1 &
victim=$!
tries=0
while [ ! -s dir.partial/result.json ] && [ "$tries" -lt 300 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
status 3 run -o dir
grep -q 'another irqsim' messages || complain "two runs wrote one directory"
kill -9 "$victim"
wait "$victim" 2>/dev/null || true
[ -e dir.partial/result.json ] || complain "the victim was gone before it was killed"
cksum dir/* 2>/dev/null | sort | cmp -s before - || complain "a killed run changed the directory"
status 0 run -o dir
[ ! -e dir.partial ] || complain "dir.partial was not cleared"

# A reader that goes away early: the run directory is written nevertheless.
run -o gone 2>/dev/null | head -1 >/dev/null
[ -s gone/result.json ] || complain "no result when the reader of the table goes away"

exit "$failed"
