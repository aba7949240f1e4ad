#!/bin/sh
# Two workloads on one VM: each has its own flow, and together they are what the run has.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cp -r "$SRCDIR/scenarios/platforms" "$tmp"
cat > "$tmp/flows.json" <<'END'
{ "irqsim": 1, "name": "flows", "platform": "ampere-altra", "host": { "pcpus": 8, "kernel": "6.8" },
  "vms": [ { "name": "vm0", "vcpus": 8, "routes": { "ipi": "mpidr-hash" } } ],
  "workloads": [
    { "name": "near", "type": "ipi", "vm": "vm0", "from": 0, "to": 1 },
    { "name": "all", "type": "ipi", "vm": "vm0", "from": 2, "to": "broadcast", "intid": 3 } ],
  "stop": { "interrupts": 500 } }
END
"$IRQSIM" run "$tmp/flows.json" -o "$tmp/out" -q -j2 --figures=none --format=csv > /dev/null
python3 - "$tmp/out/result.json" <<'END'
import json, sys
with open(sys.argv[1]) as file:
    runs = json.load(file)["runs"]
assert len(runs) == 5
for run in runs:
    near, everybody = run["flows"]
    assert (near["name"], everybody["name"]) == ("near", "all")
    for key in ("raised", "handled", "coalesced", "pending", "requests"):
        assert near["interrupts"][key] + everybody["interrupts"][key] == run["interrupts"][key], key
    assert everybody["interrupts"]["raised"] == 7 * everybody["interrupts"]["requests"]
    assert near["interrupts"]["raised"] == near["interrupts"]["requests"]
    deliver = [flow["latency"]["deliver"] for flow in (near, everybody)]
    assert sum(d["count"] for d in deliver) == run["latency"]["deliver"]["count"]
    assert deliver[0]["mean_ps"] < deliver[1]["mean_ps"]
END
