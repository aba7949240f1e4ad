"""peers NAME=PROGRAM... - the models of engine.c on irqsim, which comes first, and on its peers.

Programs take turns on one core: each round runs every program once. An engine that does not
simulate the same history, to the picosecond, ends this with a message: it cannot be compared.
"""
import os
import re
import statistics
import subprocess
import sys

from table import Table

ROUNDS = 5
CPU = str(max(os.sched_getaffinity(0)))
programs = dict(argument.split("=", 1) for argument in sys.argv[1:])
peers = [name for name in programs if name != "irqsim"]
table = Table()

# Model, units, rounds, then (must, aim) of how much faster than a peer.
MODELS = [
    ("hold 16", 2000000, ROUNDS, {"SystemC": (2.5, 3)}),
    ("hold 256", 2000000, ROUNDS, {"SystemC": (2.5, 3)}),
    ("hold 4096", 2000000, ROUNDS, {"SystemC": (2.5, 3)}),
    ("hold 65536", 2000000, 3, {}),
    ("hold 1048576", 1000000, 2, {}),
    ("queue", 1000000, ROUNDS, {"SystemC": (3.5, 4.5)}),
    ("lock", 1000000, ROUNDS, {"SystemC": (3, 4), "ns-3": (3, 4)}),
]
UNIT = {"hold": "event", "queue": "customer", "lock": "acquisition"}
CHECKS = {"hold": (990, 1010), "queue": (9000, 11000), "lock": (199.99, 200.1)}

# Bytes per pending event of irqsim; what it needs of SystemC's instructions per acquisition.
BYTES_MUST, BYTES_AIM = 64, 48
INSTRUCTIONS_MUST, INSTRUCTIONS_AIM = 0.45, 0.35


def run(name, model, units, *tool):
    """Standard output and standard error of one program; the tool is what runs it."""
    command = [*tool, programs[name], *model.split(), str(units)]
    env = dict(os.environ, SYSTEMC_DISABLE_COPYRIGHT_MESSAGE="1", LC_ALL="C")
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode != 0:
        sys.exit(f"tools/bench: {' '.join(command)} failed:\n{done.stderr}")
    return done.stdout, done.stderr


def number(key, text):
    return float(re.search(rf"\b{key} ([0-9.]+)", text)[1])


def check_history(model, outputs):
    """The same total, and one that the theory of the model knows."""
    kind = model.split()[0]
    totals = {name: re.search(r"total_ps (\d+)", out)[1] for name, out in outputs.items()}
    low, high = CHECKS[kind]
    check = number("check_ns", outputs["irqsim"])
    if len(set(totals.values())) != 1 or not low <= check <= high:
        sys.exit(f"tools/bench: {model}: not the same model: {totals}, {check} ns")
    return check


def compare_times():
    memory = {}
    for model, units, rounds, limits in MODELS:
        unit = UNIT[model.split()[0]]
        ns = {name: [] for name in programs}
        for _ in range(rounds):
            outputs = {name: run(name, model, units, "taskset", "-c", CPU)[0]
                       for name in programs}
            check = check_history(model, outputs)
            for name, out in outputs.items():
                ns[name].append(number("seconds", out) / units * 1e9)
        table.say(f"{model}: simulated {check:.2f} ns by all, median of {rounds}")
        for name, times in ns.items():
            table.row(f"  {name}, ns per {unit} ({min(times):.1f} to {max(times):.1f})",
                      statistics.median(times), " ns")
        for name in peers:
            must, aim = limits.get(name, (None, None))
            table.row(f"  irqsim against {name}",
                      statistics.median(ns[name]) / statistics.median(ns["irqsim"]), "x",
                      must, aim, least=True)
        memory = outputs if model == "hold 1048576" else memory
    return memory


def compare_memory(outputs):
    table.say("bytes per pending event, growth of the peak at 1048576")
    for name, out in outputs.items():
        limits = (BYTES_MUST, BYTES_AIM) if name == "irqsim" else (None, None)
        table.row(f"  {name}", number("bytes_per_event", out), " B", *limits)


def between(name, model, units, pattern, *tool):
    """What a longer run counts beyond a shorter one, per unit: start-up and end cancel."""
    counts = []
    for units_run in (units, 3 * units):
        found = re.search(pattern, run(name, model, units_run, *tool)[1])
        counts.append(int(found[1].replace(",", "")))
    return (counts[1] - counts[0]) / (2 * units)


def count_allocations():
    table.say("heap allocations per unit, by valgrind")
    pattern = r"total heap usage: ([0-9,]+) allocs"
    for model in ("hold 256", "queue", "lock"):
        table.row(f"  irqsim, {model}", between("irqsim", model, 20000, pattern, "valgrind"), "", 0)


def count_instructions():
    table.say("instructions per unit, by callgrind")
    for model in ("hold 16", "hold 256", "hold 4096", "queue", "lock"):
        counts = {name: between(name, model, 20000, r"Collected : ([0-9]+)", "valgrind",
                                "--tool=callgrind", "--callgrind-out-file=/dev/null")
                  for name in programs}
        for name, count in counts.items():
            table.row(f"  {name}, {model}", count, "")
        if model == "lock" and "SystemC" in counts:
            table.row("  irqsim, lock, part of SystemC's", counts["irqsim"] / counts["SystemC"],
                      "x", INSTRUCTIONS_MUST, INSTRUCTIONS_AIM)


compare_memory(compare_times())
count_allocations()
count_instructions()
table.end()
