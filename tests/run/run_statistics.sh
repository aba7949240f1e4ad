#!/bin/sh
# run_statistics.sh - intervals of one long run, percentiles of all replications, detected warm-up.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

# two of the scenario's loads are enough
python3 - "$SRCDIR/scenarios/sgi-load.json" >load.json <<'PYTHON'
import json, sys

scenario = json.load(open(sys.argv[1]))
scenario["sweep"] = {pointer: values[-2:] for pointer, values in scenario["sweep"].items()}
print(json.dumps(scenario))
PYTHON

# run NAME ARGUMENTS...
run() {
	name=$1
	shift
	"$IRQSIM" run load.json -o "$name" -q --figures=none \
		--only mpidr-hash --set /stop/interrupts=2000 "$@" >"$name.txt"
}

run many --replications 3
run one --replications 1
run short --replications 1 --set /stop/interrupts=40
run found --replications 1 --set /warmup/detect=true -j 1
run again --replications 1 --set /warmup/detect=true -j 2
run least --replications 1 --set /warmup/detect=true --set /warmup/interrupts=700
run tiny --replications 1 --set /warmup/detect=true --set /stop/interrupts=40

cmp found/result.json again/result.json
grep -q '^+-: 95 % interval of the mean over 3 replications' many.txt
grep -q '^+-: 95 % interval of the mean over .* batches of one run' one.txt
grep -q '^+-: 95 % interval of the mean over 1 replication (none)' short.txt
! grep -q 'too short for their warm-up' found.txt
grep -q 'Warning: 2 of 2 runs are too short for their warm-up' tiny.txt

cat >check.py <<'PYTHON'
import json

def load(name):
    with open(name + "/result.json") as file:
        return json.load(file)

def percentile(samples, share):
    rank = -(-sum(samples.values()) * share // 100)
    seen = 0
    for low in sorted(samples):
        seen += samples[low]
        if seen >= rank:
            return low

many = load("many")
for i, row in enumerate(many["summary"]):
    together = {}
    for run in many["runs"][3 * i:3 * i + 3]:
        assert run["warmup_interrupts"] == 100 and run["warmup_settled"] is None
        for low, count in run["latency"]["deliver"]["histogram"]:
            together[low] = together.get(low, 0) + count
    for name, share in (("p50", 50), ("p90", 90), ("p99", 99)):
        metric = row["metrics"]["deliver." + name]
        low = percentile(together, share)
        assert low <= metric["value"] <= low + low // 256, (name, low, metric)
        assert metric["n"] == metric["sections"] == 3
        assert metric["ci95_low"] <= low
        assert metric["ci95_low"] >= min(together)

for row in load("one")["summary"]:
    for name, metric in row["metrics"].items():
        assert metric["n"] in (0, 1)
        batched = (name.split(".")[0] not in ("lock", "vm", "pcpu")
                   and name.split(".")[-1] in ("mean", "p50", "p90", "p99"))
        assert (metric["sections"] is not None) == (batched and metric["value"] is not None), name
        if batched and metric["value"] is not None:
            assert 8 <= metric["sections"] <= 32, (name, metric)
            assert metric["ci95_low"] <= metric["value"] <= metric["ci95_high"]
for row in load("short")["summary"]:
    mean = row["metrics"]["deliver.mean"]
    assert mean["value"] and mean["sections"] is mean["ci95_low"] is None

for name, least in (("found", 100), ("least", 700)):
    for run in load(name)["runs"]:
        assert run["warmup_settled"] is True
        assert least <= run["warmup_interrupts"] <= max(least, 1050), run["warmup_interrupts"]
        assert 0 < run["warmup_ps"] == run["simulated_ps"] - run["measured_ps"]
assert not any(run["warmup_settled"] for run in load("tiny")["runs"])
PYTHON
python3 check.py
