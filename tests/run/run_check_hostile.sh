#!/bin/sh
# run_check_hostile.sh - irqsim check and compare: paths, values and limits that nobody expects.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
ln -s "$SRCDIR/scenarios/platforms" platforms
cp "$SRCDIR/tests/run/tiny.json" tiny.json
slow=/platform/costs/vm_exit=200ns
baseline=results/baseline/tiny.json
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# status EXPECTED COMMAND ARGUMENTS...: what it says is in answer and messages
status() {
	expected=$1
	command=$2
	shift 2
	got=0
	"$IRQSIM" "$command" "$@" >answer 2>messages || got=$?
	[ "$got" -eq "$expected" ] ||
		complain "status $got instead of $expected: $* ($(head -3 messages))"
}
says() {
	grep -qF -e "$1" answer || complain "no \"$1\" in the answer: $(head -5 answer)"
}
warns() {
	grep -qF -e "$1" messages || complain "no \"$1\" in the messages: $(head -5 messages)"
}

# edit SCRIPT: python on the baseline `b`, as edited.json
edit() {
	python3 -c "
import json
b = json.load(open('$baseline'))
metrics = [case['metrics'] for case in b['summary']]
$1
json.dump(b, open('edited.json', 'w'))"
}

# xml CONDITION: of the answer's `suite` and its `tests` by name
xml() {
	python3 -c "
import xml.etree.ElementTree as xml
suite, = xml.parse('answer').getroot()
tests = {test.get('name'): test for test in suite}
assert $1" || complain "JUnit: not $1"
}

status 0 check -q --update tiny.json

# --- paths -------------------------------------------------------------------------------------

strange=$(printf 'not\374utf8\374\n<"&')
for format in text json junit github markdown; do
	status 4 check -q tiny.json "--baseline=$strange" --format=$format
	says "no baseline"
	iconv -f UTF-8 -t UTF-8 answer >/dev/null || complain "$format: not UTF-8"
	[ "$(wc -l <messages)" -eq 1 ] || complain "a path makes a line of its own"
	case $format in
	json) python3 -m json.tool answer >/dev/null || complain "no JSON" ;;
	junit) xml 'suite.get("errors") == "1"' ;;
	esac
done
cp $baseline "$strange"
status 0 compare "$strange" "$strange" --format=json
python3 -m json.tool answer >/dev/null || complain "compare: no JSON"
edit "b['scenario']['name'] = 'x\\n::error::y\\u001b[1m'"
status 4 compare $baseline edited.json
warns 'x\x0a::error::y\x1b[1m'
status 2 check -q tiny.json --baseline=
warns "--baseline: the name is empty"
status 2 calibrate ampere-altra -o ''
warns "-o: the name is empty"
: >file
status 3 check -q --update tiny.json --baseline=file
warns "cannot make file: "

# --update keeps what the file is.
mkdir linked
sed 's/"irqsim_version": "[^"]*"/"irqsim_version": "0.0.9"/' $baseline >target.json
grep -q 0.0.9 target.json || complain "the version is not where it was"
chmod 640 target.json
ln -s ../target.json linked/tiny.json
status 0 check -q --update tiny.json --baseline=linked
says "baseline updated"
[ -L linked/tiny.json ] || complain "a link was replaced"
cmp -s target.json $baseline || complain "not what the link names was written"
[ "$(stat -c %a target.json)" = 640 ] || complain "the mode has changed"

# A baseline of other seeds is replaced, too.
sed 's/"seed": "1"/"seed": "2"/' $baseline >linked/tiny.json
status 0 check -q --update tiny.json --baseline=linked
says "tiny: baseline updated, the one before does not compare with it"

# --- values ------------------------------------------------------------------------------------

edit "
for case in metrics:
    for metric in case.values(): metric['values'] = [(1 << 58) - 1] * 3"
cp edited.json huge.json
edit "
for case in metrics:
    for metric in case.values(): metric['values'] = [1000] * 3"
status 1 compare edited.json huge.json
says "+28823037615171074.30%"
edit "
for run in b['runs']: run['end'] = 'starved'"
status 1 compare $baseline edited.json
says "tiny: worse"
says "do not come to their end any more (starved)"

# --- limits ------------------------------------------------------------------------------------

# The limit is of another scenario of the call: this one is not waved through in silence.
sed 's/"tiny"/"other"/' tiny.json >other.json
edit "
b['scenario']['name'] = 'other'
for run in b['runs']: run['fingerprint'] = 'f1:' + '0' * 16
for case in metrics: case['lock.other.wait.mean'] = {'unit': 'ps', 'values': [1, 1, 1]}"
cp edited.json results/baseline/other.json
limit="--fail=lock.other.wait.mean:3%"
status 0 check -q tiny.json other.json "$limit" --set $slow --only hash
says "tiny: inconclusive"
says "nothing decides: no metric that has a limit was measured"
status 1 check -q tiny.json other.json "$limit" --set $slow --only hash --strict
status 0 check -q tiny.json other.json "$limit" --set $slow --only hash --format=github
says "::warning file=tiny.json,title=tiny%3A cannot be decided::nothing decides"
status 0 check -q tiny.json other.json "$limit" --only hash
says "tiny: no behaviour change"
rm results/baseline/other.json

# --- JUnit: what fails is what the exit status says ----------------------------------------------

# In the first case something is gone, in the second one something got worse.
edit "
for run in b['runs']: run['fingerprint'] = 'f1:' + '0' * 16
metrics[0]['lock.gone.contended'] = {'unit': 'ppm', 'values': [1, 1, 1]}"
mkdir gone
cp edited.json gone/tiny.json
expect='/expect=[{"metric": "deliver.mean", "max": "1ns"}]'
status 1 check -q tiny.json --baseline=gone --set "$expect" --format=junit
xml 'suite.get("failures") == "1" and tests["expect"].find("failure") is not None'
xml 'suite[0].find("system-out") is not None and suite[0].find("failure") is None'
edit "
for run in b['runs']: run['fingerprint'] = 'f1:' + '0' * 16
metrics[0]['lock.gone.contended'] = {'unit': 'ppm', 'values': [1, 1, 1]}
metrics[1]['deliver.mean']['values'] = [1, 2, 3]"
cp edited.json gone/tiny.json
status 1 check -q tiny.json --baseline=gone --format=junit
xml 'suite.get("failures") == "1" and suite[0].find("failure") is None'
status 1 check -q tiny.json --baseline=gone --strict --format=junit
xml 'suite.get("failures") == "2" and suite[0].find("failure") is not None'
status 1 check -q tiny.json --baseline=gone --strict --format=github
[ "$(grep -c ^::error answer)" -eq 2 ] || complain "with --strict all is an error"

exit "$failed"
