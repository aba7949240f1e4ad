#!/bin/sh
# run_benchmarks.sh - what a benchmark adds to what it measures is added exactly: a probe to inject,
# the benchmark's own code to ack; a line that two threads pass takes the transfer, and nothing else.
# And every scenario about a published table runs. Needs IRQSIM and SRCDIR.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
python3 - "$IRQSIM" "$SRCDIR/scenarios/validation" "$tmp" <<'END'
import glob
import json
import os
import subprocess
import sys

IRQSIM, FOLDER, WORK = sys.argv[1:4]


def run(name, *sets):
    """The result, after a look at how each run has ended."""
    command = [IRQSIM, "run", f"{FOLDER}/{name}.json", "-o", f"{WORK}/out", "-q",
               "--replications", "1", "--figures=none", "--progress=none"]
    for pointer in sets:
        command += ["--set", pointer]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(f"{WORK}/out/result.json", encoding="utf-8") as file:
        result = json.load(file)
    assert all(r["end"] == "stop" for r in result["runs"]), name
    return result


def means(result, interval):
    return [r["latency"][interval]["mean_ps"] for r in result["runs"]]


def differ(with_it, without, interval, ps):
    pairs = list(zip(means(with_it, interval), means(without, interval)))
    assert pairs and all(a - b == ps for a, b in pairs), (interval, ps, pairs)


for path in sorted(glob.glob(f"{FOLDER}/*.json")):
    run(os.path.basename(path)[:-5])

traced = run("m02-dispatch", "/platform/costs/probe_overhead=700ns")
for interval in "inject", "deliver", "ack":
    differ(traced, run("m02-dispatch", "/host/probes=[]"), interval, 700000)
differ(run("m02-ipi", "/platform/costs/probe_overhead=700ns"), run("m02-ipi"), "ack", 0)

longer = run("m25-ipi", "/workloads/0/overhead=123ns")
none = run("m25-ipi", "/workloads/0/overhead=0ns")
differ(longer, none, "ack", 123000)
differ(longer, none, "deliver", 0)

costs = {"same-core": "_core", "same-cluster": "_group", "same-die": "", "other-die": "_remote",
         "same-socket": None, "other-socket": "_remote"}
for path in sorted(glob.glob(f"{FOLDER}/m39-*.json")):
    result = run(os.path.basename(path)[:-5])
    platform = result["scenario"]["effective"]["platform"]
    for r in result["runs"]:
        key = costs[r["alternative"]]
        if key is None:
            key = "" if platform["topology"]["groups"] > 1 else "_group"
        cost = platform["costs"]["cacheline_transfer" + key]["cost"]
        taken, = r["lines"]
        assert cost.endswith("ns"), cost
        assert taken["pass"]["min_ps"] == taken["pass"]["max_ps"] == round(1000 * float(cost[:-2]))
        assert taken["pass"]["count"] > 500
        assert r["probes"] and r["latency"]["ack"] is None
END
