"""scenarios IRQSIM - wall time and memory of the program: the main scenario, all, an idle host."""
import glob
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

from table import Table

irqsim = sys.argv[1]
tmp = tempfile.TemporaryDirectory()
table = Table()


def run(scenario, *options):
    """Seconds of wall time and peak memory in MiB of one irqsim run."""
    out = os.path.join(tmp.name, "out")
    start = time.monotonic()
    process = subprocess.Popen(
        [irqsim, "run", scenario, "--figures=none", "-q", "-o", out, *options],
        stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - start
    if status != 0:
        sys.exit(f"tools/bench: irqsim run {scenario} failed")
    return seconds, usage.ru_maxrss / 1024


def idle_host(path):
    """A scenario of 4096 pCPUs and vCPUs without any workload."""
    with open("scenarios/platforms/ampere-altra.json") as file:
        wide = json.load(file)
    wide["name"] = "wide"
    wide["topology"].update(groups=64, cores=64)
    with open(path, "w") as file:
        json.dump({"irqsim": 1, "name": "idle", "replications": 1, "workloads": [],
                   "platform": wide, "host": {"pcpus": 4096, "kernel": "6.8"},
                   "vms": [{"name": "vm0", "vcpus": 4096, "routes": {"ipi": "mpidr-hash"}}],
                   "warmup": {"interrupts": 0}, "stop": {"interrupts": None, "window": "1s"}},
                  file)
    return path


main = [run("scenarios/sgi-last-of-64.json", "-j", "2") for _ in range(5)]
table.row("sgi-last-of-64, wall time, median of 5", statistics.median(m[0] for m in main), " s", 2)
table.row("sgi-last-of-64, peak resident memory", max(m[1] for m in main), " MiB", 64)
total = 0
for scenario in sorted(glob.glob("scenarios/*.json")):
    seconds, _ = run(scenario, "--replications", "1", "-j", "2")
    table.row(f"  {os.path.basename(scenario)}", seconds, " s")
    total += seconds
table.row("all scenarios, --replications 1, wall time", total, " s", 30)
seconds, memory = run(idle_host(os.path.join(tmp.name, "idle.json")))
table.row("idle host, 4096 vCPUs, one simulated second", seconds, " s", 1)
table.row("  its peak resident memory (a test limits the vCPU's)", memory, " MiB")
table.end()
