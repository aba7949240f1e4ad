#!/bin/sh
# run_check.sh - irqsim check and compare: baselines, verdicts, forms of the answer, bad files.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir scenarios
ln -s "$SRCDIR/scenarios/platforms" scenarios/platforms
cp "$SRCDIR/tests/run/tiny.json" scenarios/tiny.json
tiny=scenarios/tiny.json
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# status EXPECTED WORDS...: its exit status; what it says is in answer and messages
status() {
	expected=$1
	shift
	got=0
	"$@" >answer 2>messages || got=$?
	[ "$got" -eq "$expected" ] ||
		complain "status $got instead of $expected: $* ($(head -3 messages))"
}

# says TEXT; warns TEXT: in the answer, in the messages
says() {
	grep -qF -e "$1" answer || complain "no \"$1\" in the answer: $(head -5 answer)"
}
warns() {
	grep -qF -e "$1" messages || complain "no \"$1\" in the messages: $(head -5 messages)"
}

check() {
	"$IRQSIM" check -q -j 2 "$@"
}
compare() {
	"$IRQSIM" compare "$@"
}
slow=/platform/costs/vm_exit=200ns

# --- baselines ---------------------------------------------------------------------------------

status 4 check $tiny
warns "no baseline results/baseline/tiny.json; irqsim check --update makes it"
status 0 check --update $tiny
says "tiny: new baseline"
baseline=results/baseline/tiny.json
[ "$(ls -A results/baseline)" = tiny.json ] || complain "something else was written"
status 0 check $tiny
says "tiny: no behaviour change (4 cases)"
[ "$(wc -l <answer)" -eq 1 ] || complain "more than one line about nothing"
cp $baseline kept
status 0 check --update $tiny
says "baseline kept, no behaviour change"
for option in --set=/seed=2 --only=walk --seed=2 --replications=2; do
	status 2 check --update $tiny $option
done
cmp -s kept $baseline || complain "the baseline has changed"

# A result and its baseline hold the same; without the others' keys.
"$IRQSIM" run $tiny -q -o whole --figures=none >/dev/null
status 0 compare whole/result.json $baseline
says "no behaviour change"
status 0 compare $baseline whole/result.json
says "no behaviour change"
python3 - $baseline whole/result.json <<'PYTHON' || complain "a baseline is no result that is shorter"
import json, sys
baseline, result = (json.load(open(path)) for path in sys.argv[1:])
assert list(baseline) == list(result)
assert baseline["scenario"] == result["scenario"]
for short, long in zip(baseline["runs"], result["runs"], strict=True):
    assert list(short) == list(long)[:len(short)] and list(short)[-1] == "interrupts"
    assert short == {key: long[key] for key in short}
for short, long in zip(baseline["summary"], result["summary"], strict=True):
    valued = {name: metric for name, metric in long["metrics"].items() if metric["n"]}
    assert list(short["metrics"]) == list(valued)
    for name, metric in short["metrics"].items():
        assert metric == {"unit": valued[name]["unit"], "values": valued[name]["values"]}
PYTHON

# --- verdicts ----------------------------------------------------------------------------------

status 1 check $tiny --set $slow
says "tiny: worse"
says "4 of 4 cases behave differently"
says "/platform/costs/vm_exit/cost: 138ns -> 200ns"
says "exit +61.1"
[ "$(awk '{ print length }' answer | sort -n | tail -1)" -le 100 ] || complain "wider than 100"
status 0 check $tiny --set /platform/costs/vm_exit=100ns --fail deliver.p90:1%
says "better, limit 1%"
status 1 check $tiny --set /platform/costs/vm_exit=100ns --fail deliver.p90:1% --two-sided
status 0 check $tiny --set $slow --fail deliver.p90:20%
says "tiny: same"
says "(worse)"
status 1 check $tiny --set $slow --fail deliver.p90:1%
says "worse, limit 1%"
status 0 check $tiny --set $slow --fail handled_per_s:50%
status 0 check $tiny --set $slow --replications 1
says "inconclusive"
status 1 check $tiny --set $slow --replications 1 --strict
status 0 check $tiny --replications 2 --strict
says "no behaviour change"
status 0 check $tiny --only hash --strict
says "no behaviour change (2 cases)"
status 4 check $tiny --seed 7
warns "two seeds, 1 and 7"
status 2 check $tiny --fail deliver.p98:3%
warns '--fail:1:1: error: unknown metric "deliver.p98"; did you mean "deliver.p90"?'
status 2 check $tiny --fail lock.ap_list_look.contended:3%
warns 'which no result has; did you mean "lock.ap_list_lock.contended"?'
status 2 check $tiny --fail deliver.p90:3
status 1 check $tiny --set '/expect=[{"metric": "deliver.mean", "max": "1ns"}]'
says "expectation failed: walk rate_per_s=20000: deliver.mean is"

# What the scenario limits; a limit of what is not there.
sed 's/"replications"/"limits": { "deliver.p90": "1%" }, "replications"/' $tiny >limited.json
ln -s scenarios/platforms platforms
status 1 check limited.json --set $slow
says "worse, limit 1%"
status 0 check limited.json --set $slow --fail deliver.p90:20%
sed 's/"replications"/"limits": { "lock.none.contended": "1%" }, "replications"/' $tiny >none.json
status 2 check none.json
warns 'a limit of "lock.none.contended", which no result has'
status 2 check none.json --update
cmp -s kept $baseline || complain "the baseline has changed"

# Runs that do not come to their end any more, cases that are gone.
for time in 1ms 2ms; do
	status 1 check $tiny --set "/stop/time=\"$time\"" --fail deliver.p90:1000%
	says "do not come to their end any more (starved)"
done
sed 's/\[20000, 100000\]/[20000]/' $tiny >fewer.json
status 0 check fewer.json
says "walk rate_per_s=100000: not run any more"
status 1 check fewer.json --strict

# --update over another one says what has changed, and passes.
sed 's/"work": "1ms"/"work": "2ms"/' $tiny >changed.json
cp $baseline before.json
status 0 check --update changed.json
says "baseline updated, "
says "/workloads/0/work: 1ms -> 2ms"
cp before.json $baseline

# --- what was measured differently, or by another version --------------------------------------

# edit SCRIPT: python on the baseline `b`, as edited.json
edit() {
	python3 -c "
import json, sys
b = json.load(open('$baseline'))
first = b['summary'][0]['metrics']
$1
json.dump(b, open('edited.json', 'w'))"
}

edit "first['deliver.mean']['values'][0] += 1"
status 1 compare $baseline edited.json
says "tiny: measured differently"
status 1 compare $baseline edited.json --fail deliver.p90:5%
edit "first['new.metric'] = first['deliver.mean']; b['irqsim_version'] = '9.9'"
status 0 compare $baseline edited.json --strict
says "no behaviour change (4 cases); 1 metrics are new"
says "$("$IRQSIM" --version) -> 9.9"
status 1 compare edited.json $baseline
says "measured differently"
edit "
for run in b['runs']: run['fingerprint'] = 'f2' + run['fingerprint'][2:]"
status 0 compare $baseline edited.json
says "fingerprints of another kind, not compared"
edit "b['scenario']['name'] = 'other'"
status 4 compare $baseline edited.json
warns 'of two scenarios, "tiny" and "other"'
edit "
for entry in b['runs'] + b['summary']: entry['alternative'] += 'x'"
status 4 compare $baseline edited.json
warns "no point and alternative in common"

# --- forms -------------------------------------------------------------------------------------

# What is hostile in one of the forms, as the name of an alternative and of a metric.
edit "
name = 'a]]><b>&\"|%0A\\n::error::x\\u0001\`'
for entry in b['runs'] + b['summary']:
    if entry['alternative'] == 'walk': entry['alternative'] = name
first[name] = dict(first['deliver.mean'])
open('other.json', 'w').write(json.dumps(b))
for metric in first.values(): metric['values'] = [v and v + 5 for v in metric['values']]
for run in b['runs']: run['fingerprint'] = 'f1:' + run['fingerprint'][:2:-1]
b['scenario']['effective']['host']['pcpus'] = name"
for format in text json markdown junit github; do
	status 1 compare other.json edited.json --format=$format
	cp answer answer.$format
done
python3 - <<'PYTHON' || complain "a form of the answer is broken"
import json, re
import xml.etree.ElementTree as xml
name = 'a]]><b>&"|%0A\n::error::x\x01`'
check = json.load(open("answer.json"))
assert check["format"] == "irqsim-check/1" and check["status"] == 1
scenario, = check["scenarios"]
assert scenario["verdict"] == "worse" and len(scenario["cases"]) == 4
rows = {row["metric"]: row for row in scenario["cases"][0]["metrics"]}
assert rows[name]["difference"] == 5 and rows[name]["verdict"] == "worse" and rows[name]["fails"]
assert rows["handled_per_s"]["verdict"] == "better"
assert any("/host/pcpus" in line for line in scenario["differences"])
suites = xml.parse("answer.junit").getroot()
suite, = suites
assert suite.get("name") == "tiny" and suite.get("tests") == "4" and suite.get("failures") == "1"
failures = suite.findall("testcase/failure")
assert len(failures) == 1 and name.replace("\x01", "?") in failures[0].text
assert suite.find("testcase").get("name").startswith(name.replace("\x01", "?"))
lines = open("answer.github", encoding="utf-8").read().split("\n")
assert lines.pop() == "" and len(lines) == 3, lines
assert lines[0].startswith("irqsim: tiny: worse")
assert re.match(r"::error file=edited\.json,title=tiny%3A worse::[^\n]*%250A%0A::error", lines[1])
assert lines[2].startswith("::warning file=edited.json,title=tiny%3A cannot be decided::a]]>")
assert not re.search("[\x00-\x1f]", "".join(lines))
text = open("answer.text", encoding="utf-8").read()
assert "\x01" not in text and max(map(len, text.split("\n"))) <= 100
markdown = open("answer.markdown", encoding="utf-8").read()
assert markdown.startswith("**irqsim: failed** (1 scenario, 0 without a change of behaviour)\n")
assert markdown.count("<details>") == markdown.count("</details>") == 1
assert not re.search(r"(?<!\\)<b>", markdown) and "\\<b>\\&" in markdown
for line in markdown.split("\n"):
    if line.startswith("|"):
        assert len(re.findall(r"(?<!\\)\|", line)) == 9, line
PYTHON
for format in json markdown junit github; do
	status 4 check $tiny --baseline=nowhere --format=$format
	says "no baseline"
done

# --- bad files ---------------------------------------------------------------------------------

# bad TEXT: edited.json is no result, and this is why
bad() {
	status 2 compare $baseline edited.json
	warns "$1"
	[ ! -s answer ] || complain "an answer about a broken file"
}

head -c 20000 $baseline >edited.json
bad "edited.json:"
bad "error: not JSON"
: >edited.json
bad "not JSON: the file is empty"
printf '<<<<<<< HEAD\n' | cat - $baseline >edited.json
bad "edited.json:1:1: error: not JSON"
echo '[]' >edited.json
bad "edited.json:1:1: error: expected an object, found an array"
sed 's/"irqsim-result\/1"/"irqsim-result\/2"/' $baseline >edited.json
bad 'edited.json:2:12: error: expected the format "irqsim-result/1", found "irqsim-result/2" [/format]'
cp $tiny edited.json
bad 'there is no "format"'
for value in 1.5 -1 NaN 1e999 99999999999999999999 400000000000000000 '"x"'; do
	sed "0,/\"values\": \[[0-9]*/s//\"values\": [$value/" $baseline >edited.json
	bad "edited.json:"
done
sed '0,/"values": \[[0-9]*/s//"values": [true/' $baseline >edited.json
bad 'expected an integer or null, found a boolean [/summary/0/metrics/inject.mean/values/0]'
sed '0,/"values": \[[0-9]*, /s//"values": [/' $baseline >edited.json
bad "values, expected one for each of"
sed '0,/"f1:/s//"g1:/' $baseline >edited.json
bad "is no fingerprint [/runs/0]"
sed '0,/"end": "stop"/s//"end": "never"/' $baseline >edited.json
bad 'unknown end "never" [/runs/0]'
sed '0,/"seed": "1"/s//"seed": "2"/' $baseline >edited.json
bad "differs from"
sed '0,/"replication": 0/s//"replication": 3/' $baseline >edited.json
bad "replication 3, the case has 3"
sed '0,/"replication": 0/s//"replication": 1/' $baseline >edited.json
bad "the run is there already"
sed '0,/"unit": "ps"/s//"unit": "ns"/' $baseline >edited.json
bad 'unknown unit "ns"'
sed '0,/"replication": 0/s//"replication": 0, "replication": 0/' $baseline >edited.json
bad "duplicate"
edit "b['runs'].pop()"
bad "there is no run of replication 2 [/summary/3]"
edit "b['summary'] = []"
bad "there is no case [/summary]"
edit "b['summary'].append(b['summary'][0])"
bad "the case is there already"
edit "
for entry in b['runs'] + b['summary']: entry['point'] = {'x': 0.5}"
bad "a point has no numbers with a fraction"
python3 -c "print('[' * 100000)" >edited.json
bad "edited.json:1:"
bad "not JSON"
rm -f edited.json
bad "edited.json: error: cannot be read"
mkdir edited.json
bad "Is a directory"

# A broken baseline is found before anything runs, beside every other mistake.
mkdir -p two
echo '{' >two/tiny.json
status 2 check $tiny $SRCDIR/tests/fail/structure/missing-keys.json --baseline=two
warns "two/tiny.json:"
[ "$(grep -c error: messages)" -gt 1 ] || complain "one mistake hid the others"
cp $tiny namesake.json
status 2 check $tiny namesake.json
warns 'namesake.json: error: has the name "tiny" of scenarios/tiny.json, and so its baseline'

exit "$failed"
