"""The claims of the shipped scenarios, each a function that runs the program and looks."""
import json
import subprocess
import sys

IRQSIM, SCENARIOS, WORK = sys.argv[1:4]


def run(name, *options):
    """Result of a scenario; every run ends as it should and adds up (the program itself asserts
    conservation and the laws of locks and pCPUs in every run)."""
    out = f"{WORK}/{name}-{abs(hash(options))}"
    command = [IRQSIM, "run", f"{SCENARIOS}/{name}.json", "-o", out, "-q",
               "--figures=none", "--progress=none", *options]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    with open(f"{out}/result.json", encoding="utf-8") as file:
        result = json.load(file)
    for r in result["runs"]:
        assert r["end"] == "stop", r["end"]
        assert r["latency"]["deliver"]["count"] > 0
        stages = sum(s["mean_ps"] for s in r["stages"].values() if s)
        assert abs(stages - r["latency"]["deliver"]["mean_ps"]) <= 9, r["alternative"]
        assert r["stages"]["source_wait"]["max_ps"] == r["stages"]["wake"]["max_ps"] == 0
        for lock in r["locks"]:
            assert lock["acquisitions"] >= lock["contended"]
        for pcpu in r["pcpus"]:
            assert pcpu["guest_ppm"] + pcpu["host_ppm"] + pcpu["idle_ppm"] == 1000000
    return result


def value(result, alternative, metric, point=None):
    """Value of one metric of the summary; point: the swept value, None for the last."""
    rows = [s for s in result["summary"] if s["alternative"] == alternative
            and (point is None or point in s["point"].values())]
    return rows[-1]["metrics"][metric]["value"]


def first_run(result, alternative, point):
    return next(r for r in result["runs"] if r["alternative"] == alternative
                and point in r["point"].values())


def cost_ps(result, name):
    cost = result["scenario"]["effective"]["platform"]["costs"][name]["cost"]
    assert cost.endswith("ns"), cost
    return round(float(cost[:-2]) * 1000)


def within(a, b, share):
    assert abs(a - b) <= share * b, (a, b)


def claim_published():
    """The calibration rows, 3832 ns and 2593 ns at 64 vCPUs; at 2 vCPUs 1777-1926 ns, which no
    cost was fitted on; the lookup is all that differs."""
    result = run("sgi-last-of-64")
    within(value(result, "linear-walk", "ack.mean"), 3832000, 0.01)
    within(value(result, "mpidr-hash", "ack.mean"), 2593000, 0.01)
    assert 1777000 <= value(result, "mpidr-hash", "ack.mean", 2) <= 1926000
    walk, fast = (first_run(result, a, 64)["stages"] for a in ("linear-walk", "mpidr-hash"))
    change = {s: abs(walk[s]["mean_ps"] - fast[s]["mean_ps"]) for s in walk if walk[s]}
    assert max(change, key=change.get) == "lookup", change
    assert sum(v for s, v in change.items() if s != "lookup") == 0, change


def claim_step():
    """A longer step moves the walk to index 63 by 64 times the difference, and the hash by nothing."""
    plain = run("sgi-last-of-64", "--replications", "1")
    slow = run("sgi-last-of-64", "--replications", "1",
               "--set", "/platform/costs/vcpu_walk_step=29.672ns")
    for vcpus in (2, 4, 8, 16, 32, 64):
        moved = value(slow, "linear-walk", "ack.mean", vcpus) - value(plain, "linear-walk", "ack.mean", vcpus)
        assert moved == vcpus * 10000, (vcpus, moved)
        assert value(slow, "mpidr-hash", "ack.mean", vcpus) == value(plain, "mpidr-hash", "ack.mean", vcpus)


def claim_position():
    """At equal distance the walk grows by the same step per index; the hash stays within 1 %."""
    result = run("sgi-target-position", "--replications", "1")
    indices = [s["point"]["/workloads/0/to"] for s in result["summary"]
               if s["alternative"] == "linear-walk"]
    walk = [value(result, "linear-walk", "ack.mean", i) for i in indices]
    fast = [value(result, "mpidr-hash", "ack.mean", i) for i in indices]
    for a, b, wa, wb in zip(indices, indices[1:], walk, walk[1:]):
        assert wb - wa == (b - a) * 19672, (a, b, wb - wa)
    within(min(fast), max(fast), 0.01)


def claim_distance():
    """With the natural placement the hash, too, differs between near and far: by the constant of a
    far pair, which is fitted, on both ways of nothing but the IPI."""
    result = run("sgi-target-distance", "--replications", "1")
    near, far = (value(result, "mpidr-hash", "ack.mean", i) for i in (16, 63))
    assert 0 < far - near == cost_ps(result, "ipi_flight_far"), far - near


def claim_broadcast():
    """The sender injects into one after the other: the last waits for all the others."""
    result = run("sgi-broadcast", "--replications", "1")
    for alternative in ("linear-walk", "mpidr-hash"):
        small, large = (first_run(result, alternative, n)["latency"]["deliver"] for n in (8, 64))
        assert large["max_ps"] - large["min_ps"] > 5 * (small["max_ps"] - small["min_ps"])


def claim_hostile():
    """Without a table there is one scan per bit: 16 of them against one walk."""
    result = run("sgi-hostile-mpidr", "--replications", "1")
    scans = first_run(result, "mpidr-hash", 65535)["latency"]["inject"]["mean_ps"]
    walk = first_run(result, "linear-walk", 65535)["latency"]["inject"]["mean_ps"]
    steps_scan, steps_walk = 12 * 32 + 1 + 2 + 3 + 4, 32
    assert scans - walk == (steps_scan - steps_walk) * 19672, scans - walk


def claim_load():
    """Kicks fall, merging and aborted entries and lock waits appear, the tail grows."""
    result = run("sgi-load", "--replications", "1")
    points = sorted({s["point"]["/workloads/0/rate_per_s"] for s in result["summary"]})
    for alternative in ("linear-walk", "mpidr-hash"):
        runs = [first_run(result, alternative, p) for p in points]
        kicks = [r["ipis_sent"] / r["latency"]["deliver"]["count"] for r in runs]
        assert all(b < a for a, b in zip(kicks, kicks[1:])), kicks
        low, high = runs[0], runs[-1]
        assert high["interrupts"]["coalesced"] > low["interrupts"]["coalesced"]
        assert high["aborted_entries"] > 0
        lists = next(lock for lock in high["locks"] if lock["name"] == "ap_list_lock")
        assert lists["contended"] > 0 and lists["wait"]["max_ps"] > 0
        assert high["latency"]["deliver"]["p99_ps"] > 1.5 * high["latency"]["deliver"]["p50_ps"]
        quiet = run("sgi-load", "--replications", "1", "--only", alternative,
                    "--set", "/workloads/0/rate_per_s=200")["runs"][0]["latency"]["deliver"]
        within(low["latency"]["deliver"]["p50_ps"], quiet["p50_ps"], 0.02)
        waits = [r["latency"]["source_wait"]["mean_ps"] for r in runs]
        assert all(b > a for a, b in zip(waits, waits[1:])), waits


for name, claim in list(globals().items()):
    if name.startswith("claim_"):
        claim()
        print(f"ok {name[6:]}: {claim.__doc__}")
