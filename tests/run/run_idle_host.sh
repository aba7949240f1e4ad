#!/bin/sh
# A halted vCPU costs no events: a host with 4096 of them does the same in one simulated second as in
# ten, and its run takes little memory.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
ln -s "$SRCDIR/scenarios/platforms" "$tmp/platforms"
cat > "$tmp/idle.json" <<'END'
{ "irqsim": 1, "name": "idle", "replications": 1, "workloads": [],
  "platform": { "name": "wide", "extends": "ampere-altra", "topology": { "groups": 64, "cores": 64 } },
  "host": { "pcpus": 4096, "kernel": "6.8" },
  "vms": [ { "name": "vm0", "vcpus": 4096, "routes": { "ipi": "mpidr-hash" } } ],
  "warmup": { "interrupts": 0 }, "stop": { "interrupts": null, "window": "1s", "time": "20s" } }
END
for window in 1s 10s; do
	"$IRQSIM" run "$tmp/idle.json" -o "$tmp/$window" -q --figures=none \
		--set "/stop/window=$window" > /dev/null
done
python3 - "$tmp" <<'END'
import json, sys
one, ten = [json.load(open(f"{sys.argv[1]}/{window}/result.json"))["runs"][0] for window in ("1s", "10s")]
assert (one["end"], ten["end"]) == ("stop", "stop")
assert ten["measured_ps"] == 10 * one["measured_ps"] == 10 ** 13
assert one["exits"]["halt"] == ten["exits"]["halt"] == 4096
assert one["events"] == ten["events"], (one["events"], ten["events"])
assert one["context_switches"] == ten["context_switches"] == 4096
END
