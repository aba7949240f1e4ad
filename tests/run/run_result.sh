#!/bin/sh
# run_result.sh - what `irqsim run` writes: format, order of keys, sums that must come out.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"

for name in sgi-last-of-64 sgi-load sgi-broadcast; do
	"$IRQSIM" run "$SRCDIR/scenarios/$name.json" -q --figures=none --replications 2 \
		--set /stop/interrupts=1200 >"$name.txt"
	[ "$(awk '{ print length }' "$name.txt" | sort -n | tail -1)" -le 100 ] || {
		echo "$name: the table is wider than 100 columns" >&2
		exit 1
	}
	[ ! -e "results/$name.partial" ]
	[ "$(tail -c 1 "results/$name/result.json" | od -An -c | tr -d ' ')" = '\n' ]
	! grep -q "$(printf '\r')" "results/$name/result.json"
done

"$IRQSIM" run "$SRCDIR/scenarios/sgi-load.json" -q --figures=none --replications 2 \
	--set /stop/interrupts=1200 --format=json -o other >stdout.json
cmp stdout.json other/result.json
"$IRQSIM" run "$SRCDIR/scenarios/sgi-load.json" -q --figures=none --replications 2 \
	--set /stop/interrupts=1200 --format=csv -o other >stdout.csv
cmp stdout.csv other/summary.csv
cmp other/result.json results/sgi-load/result.json
"$IRQSIM" run "$SRCDIR/scenarios/sgi-load.json" -q --figures=none --replications 2 \
	--set /stop/interrupts=1200 --format=markdown -o other | grep -q '^| .* |$'

cat >check.py <<'PYTHON'
import csv, json, sys

S = "count mean_ps stddev_ps min_ps p50_ps p90_ps p99_ps p999_ps max_ps histogram".split()
COUNTS = "raised handled coalesced dropped pending requests".split()
LATENCIES = "inject deliver complete ack source_wait".split()
STAGES = "source_wait exit lookup lock_wait inject notify wake entry guest".split()
RUN = """point alternative replication seed fingerprint end events ties simulated_ps measured_ps
warmup_interrupts warmup_ps warmup_settled
interrupts latency probes stages flows pairs series exemplars locks lines exits aborted_entries ipis_sent
wakeups context_switches idle_states pcpus vms""".split()
LOCK = """acquisitions contended utilization_ppm mean_queue_ppm wait hold""".split()

def unique(pairs):
    keys = [key for key, value in pairs]
    assert len(keys) == len(set(keys)), keys
    return dict(pairs)

def no_real(text):
    raise AssertionError("a number with a fraction: " + text)

def is_samples(value, histogram):
    if value is None:
        return
    assert list(value) == S, list(value)
    assert value["min_ps"] <= value["mean_ps"] <= value["max_ps"]
    shown = [value[p] for p in S[4:8] if value[p] is not None]
    assert shown == sorted(shown) and all(x <= value["max_ps"] for x in shown)
    assert (value["p50_ps"] is None) == (value["count"] < 20)
    if histogram:
        assert sum(n for low, n in value["histogram"]) == value["count"]
        assert value["histogram"] == sorted(value["histogram"])
    else:
        assert value["histogram"] is None

def is_latency(latency):
    assert list(latency) == LATENCIES
    for value in latency.values():
        is_samples(value, True)

def check_interrupts(counts):
    assert list(counts) == COUNTS
    assert counts["raised"] == counts["handled"] + counts["coalesced"] + counts["pending"] + \
        sum(counts["dropped"].values())

def check_locks(run):
    for lock in run["locks"]:
        assert list(lock) == ["name", "kind", "instances"] + LOCK + ["hottest", "waited_for"]
        pairs = [(waiter, holder) for waiter, holder, ps in lock["waited_for"]]
        assert len(pairs) == len(set(pairs)) and all(ps > 0 for _, _, ps in lock["waited_for"])
        assert bool(pairs) <= bool(lock["mean_queue_ppm"] or lock["contended"])
        # waits for nobody, for the line of a free lock, are not in it
        waited = sum(ps for _, _, ps in lock["waited_for"]) / (run["measured_ps"] or 1) * 1e6
        assert waited <= lock["mean_queue_ppm"] + 1, (lock["name"], waited)
        is_samples(lock["wait"], True)
        is_samples(lock["hold"], False)
        if lock["hottest"]:
            assert list(lock["hottest"]) == LOCK
            assert lock["hottest"]["acquisitions"] <= lock["acquisitions"]
            assert lock["hottest"]["utilization_ppm"] <= 1000000
        if lock["wait"] and run["measured_ps"]:
            # Little's law; waits that reach over an end of the window are in one side only
            waiting = lock["wait"]["mean_ps"] * lock["wait"]["count"] / run["measured_ps"] * 1e6
            assert abs(waiting - lock["mean_queue_ppm"]) <= 2 + 0.02 * waiting, lock["name"]

def check_idle_states(run):
    states = run["idle_states"]
    if states is None:
        return
    for state in states:
        assert list(state) == ["state", "entries", "ppm"]
    idle = sum(pcpu["idle_ppm"] for pcpu in run["pcpus"]) / len(run["pcpus"])
    assert sum(state["ppm"] for state in states) <= idle + len(states) + len(run["pcpus"])

def check_run(run):
    assert list(run) == RUN, list(run)
    assert run["end"] in ("stop", "drained", "deadlock", "starved")
    assert run["fingerprint"].startswith("f1:") and len(run["fingerprint"]) == 19
    check_interrupts(run["interrupts"])
    is_latency(run["latency"])
    deliver = run["latency"]["deliver"]
    assert deliver["count"] > 0
    assert list(run["stages"]) == STAGES
    for value in run["stages"].values():
        is_samples(value, False)
        assert value["count"] == deliver["count"]
    # means are rounded, each by at most a half
    total = sum(value["mean_ps"] for value in run["stages"].values())
    assert abs(total - deliver["mean_ps"]) <= 5, (total, deliver["mean_ps"])
    assert sum(flow["interrupts"]["raised"] for flow in run["flows"]) == \
        run["interrupts"]["raised"]
    for flow in run["flows"]:
        assert list(flow) == ["name", "interrupts", "latency", "by_state"]
        check_interrupts(flow["interrupts"])
        is_latency(flow["latency"])
        assert sum(v["count"] for v in flow["by_state"].values() if v) == \
            flow["latency"]["deliver"]["count"]
    assert sum(pair[2] for pair in run["pairs"]) == deliver["count"]
    assert len(run["series"]) <= 200
    assert sum(slot[1] for slot in run["series"]) == deliver["count"]
    assert max(slot[4] for slot in run["series"] if slot[1]) == deliver["max_ps"]
    check_locks(run)
    check_idle_states(run)
    for vm in run["vms"]:
        assert list(vm) == ["name", "steal_ppm", "pieces"]
        assert vm["steal_ppm"] <= 1000000
    for pcpu in run["pcpus"]:
        assert list(pcpu) == ["id", "guest_ppm", "host_ppm", "idle_ppm"]
        assert sum(list(pcpu.values())[1:]) == 1000000

def check_summary(result):
    for row in result["summary"]:
        assert list(row) == ["point", "alternative", "metrics"]
        runs = [r for r in result["runs"]
                if r["point"] == row["point"] and r["alternative"] == row["alternative"]]
        mean = row["metrics"]["deliver.mean"]
        values = [r["latency"]["deliver"]["mean_ps"] for r in runs]
        assert mean["n"] == len(values) == 2
        assert mean["value"] == (sum(values) * 2 + len(values)) // (2 * len(values))
        for name, metric in row["metrics"].items():
            assert list(metric) == ["unit", "value", "ci95_low", "ci95_high", "n",
                                    "sections", "values", "vs_first"]
            assert len(metric["values"]) == result["scenario"]["effective"]["replications"]
            own = sum(value is not None for value in metric["values"])
            # a percentile of all samples may exist where those of the replications do not
            assert metric["n"] >= own if ".p" in name else metric["n"] == own, name
            assert (metric["sections"] is None) == (metric["ci95_low"] is None)
            assert metric["sections"] in (None, metric["n"])
            assert metric["unit"] in ("ps", "ppm", "per_s"), name
            if metric["value"] is not None and metric["n"] > 1:
                assert metric["ci95_low"] <= metric["value"] <= metric["ci95_high"]

def check(name):
    with open(f"results/{name}/result.json", encoding="utf-8") as file:
        result = json.load(file, object_pairs_hook=unique, parse_float=no_real)
    assert list(result) == ["format", "irqsim_version", "shard", "scenario", "runs", "summary"]
    assert result["format"] == "irqsim-result/1"
    assert list(result["scenario"]) == ["name", "sha256", "effective"]
    effective = result["scenario"]["effective"]
    points = 1
    for values in effective.get("sweep", {}).values():
        points *= len(values)
    cases = points * len(effective["alternatives"])
    assert len(result["runs"]) == 2 * cases and len(result["summary"]) == cases
    for run in result["runs"]:
        check_run(run)
    check_summary(result)
    with open(f"results/{name}/summary.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(len(row["metrics"]) for row in result["summary"])
    host = json.load(open(f"results/{name}/host.json"))
    assert host["cpus"] >= 1 and host["date"].endswith("Z")

for scenario in sys.argv[1:]:
    check(scenario)
PYTHON
python3 check.py sgi-last-of-64 sgi-load sgi-broadcast
