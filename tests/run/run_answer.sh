#!/bin/sh
# run_answer.sh - stdout and stderr of `irqsim run`: table, plan, expectations, progress.
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

few() {
	"$IRQSIM" run "$scenario" --figures=none --replications 2 --set /stop/interrupts=100 "$@"
}

# The table says what is asked, what the costs are worth, and where the rest is.
few >table 2>messages
for words in 'What does' '^ack: ' '^vcpus  *alternative' 'mpidr-hash .*lookup -' 'fitted' \
	'^Result: results/sgi-last-of-64/result.json'; do
	grep -q -e "$words" table || complain "the table does not have: $words"
done
if grep -q "$(printf '\033')" table messages; then
	complain "control sequences where there is no terminal"
fi

# The plan alone.
few --list -o nothing >plan
[ "$(wc -l <plan)" -eq 24 ] || complain "the plan does not have 24 runs"
[ ! -e nothing ] || complain "--list has written something"
few --list --format=json | python3 -c 'import json, sys; assert len(json.load(sys.stdin)) == 24'

# Expectations.
few --set '/expect=[{"metric":"ack.mean","max":"1s"}]' >/dev/null 2>messages ||
	complain "an expectation that holds failed"
status=0
few --set '/expect=[{"alternative":"linear-walk","metric":"lock.irq_lock.hold.max","max":"1ps"},
	{"metric":"flow.ipi.ack.p50","min":"1s"},{"metric":"lock.none.contended","max":1}]' \
	>/dev/null 2>messages || status=$?
[ "$status" -eq 1 ] || complain "status $status of expectations that do not hold"
for words in 'linear-walk vcpus=2: lock.irq_lock.hold.max is' 'at least 1s' 'has no value'; do
	grep -q "$words" messages || complain "the messages do not have: $words"
done
if grep -q 'mpidr-hash.*hold.max' messages; then
	complain "an expectation of one alternative was checked on another"
fi

# A run that does not come to its stop says so.
few --set '/expect=[]' --set /stop/time=50us -o short >table 2>messages || complain "a starved run is not an error"
grep -q '^Warning: 24 of 24 runs did not reach their stop (starved)\.$' table ||
	complain "nothing about starved runs"
few --set '/expect=[]' --set /stop/time=50us -o short --format=csv >table 2>messages
grep -q 'starved' messages || complain "nothing about starved runs on stderr"
few --set '/expect=[]' --set /stop/time=1ps -o short >table 2>messages || complain "a run of nothing is not an error"

# So does one that has nothing left to do, and a table without values says why.
few --set '/expect=[]' --set /workloads/0/count=10 -o short >table 2>messages
grep -q '(drained)' table || complain "nothing about drained runs"
grep -q '^Warning: 12 of 12 rows .* no interrupt was measured\.$' table || complain "no word why"
few --set '/expect=[]' --set /workloads/0/process=constant -o short >table 2>messages
grep -q 'nobody waits for an acknowledgement' table || complain "nothing about open loops"
if grep -q '(drained)\|(starved)' table; then
	complain "runs that reached their stop have a warning"
fi
few --set '/expect=[]' --set /workloads/0/process=constant -o short --format=json >answer 2>messages
grep -q 'warning: 12 of 12 rows' messages || complain "nothing about missing values on stderr"

# The sign of a difference is that of its percentage, however small; no difference has no cause.
python3 - "$SRCDIR" <<'PYTHON'
import json, sys
with open(sys.argv[1] + "/scenarios/sgi-last-of-64.json") as file:
    scenario = json.load(file)
pointer = "/platform/costs/guest_irq_entry"
scenario["alternatives"] = [{"name": name, "set": {pointer: cost}} for name, cost in
                            (("first", "100ns"), ("less", "99ns"), ("more", "101ns"), ("same", "100ns"))]
scenario["workloads"][0]["handler"] = "1ms"
scenario.update(expect=[], sweep={}, metric="complete")
with open("near.json", "w") as file:
    json.dump(scenario, file)
PYTHON
cp -r "$SRCDIR/scenarios/platforms" .
"$IRQSIM" run near.json -q --figures=none --replications 2 --set /stop/interrupts=20 >table
for words in '^less .* -0\.0  *-0\.0%  *[a-z]' '^more .* +0\.0  *+0\.0%  *[a-z]' \
	'^same .* +0\.0  *+0\.0%  *- '; do
	grep -q -e "$words" table || complain "the table does not have $words: $(cat table)"
done

# Where other interrupts are delivered than are acknowledged, deliver's stages are no cause of ack's.
sed 's/"metric": "complete"/"metric": "ack"/' near.json >one.json
sed 's/"workloads": \[/&{"name": "tick", "type": "timer", "vm": "vm0", "period": "1s"}, /' one.json >two.json
for try in 'one [a-z]' 'two - '; do
	"$IRQSIM" run "${try%% *}.json" -o near -q --figures=none --replications 1 \
		--set /stop/interrupts=20 >table
	grep -q -e "^more .* +[0-9.]*%  *${try#* }" table ||
		complain "the table of ${try%% *} does not have '${try#* }': $(cat table)"
done

# Any metric may be the main one: its value, its unit, no stages.
for try in 'handled_per_s|in k/s$|^2 *linear-walk *[0-9]*\.[0-9]{3} ' \
	'exits_per_interrupt|interrupt raised$|^2 *linear-walk *[0-9]\.[0-9]{3} ' \
	'lock.irq_lock.utilization|in %$|^2 *linear-walk *[0-9]*\.[0-9]{2} ' \
	'deliver.max|in [un]s$|^2 *linear-walk *[0-9]*\.[0-9] '; do
	metric=${try%%|*} rest=${try#*|}
	few --set '/expect=[]' --set "/metric=$metric" -o short >table 2>messages ||
		complain "$metric is not a main metric: $(cat messages)"
	for words in "^$metric: .*${rest%%|*}" "${rest#*|}" '^vcpus  *alternative  *value  *\+-  *change'; do
		grep -qE -e "$words" table || complain "the table does not have $words: $(cat table)"
	done
	if grep -q 'p99  *max\|most of it in' table; then
		complain "columns of an interval for $metric"
	fi
done
few --set '/expect=[]' --set /metric=lock.none.contended -o short >table 2>messages
grep -q '^Warning: 12 of 12 rows .* nothing of that name was measured' table || complain "no word why"

# Progress.
[ "$(few --progress=plain 2>&1 >/dev/null | grep -c '^run ')" -eq 24 ] || complain "plain progress"
few --progress=json 2>&1 >/dev/null | grep '^{' | python3 -c '
import json, sys
lines = [json.loads(line) for line in sys.stdin]
assert [line["ended"] for line in lines] == list(range(1, 25))' || complain "json progress"
few -q >/dev/null 2>messages
[ ! -s messages ] || complain "-q is not quiet: $(cat messages)"
exit "$failed"
