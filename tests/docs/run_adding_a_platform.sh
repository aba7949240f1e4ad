#!/bin/sh
# Does what docs/adding-a-platform.md says, block by block, in a copy of the scenarios.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
page=$SRCDIR/docs/adding-a-platform.md
cd "$work"
cp -r "$SRCDIR/scenarios" .
chmod -R u+w scenarios
mkdir -p build/release
ln -s "$IRQSIM" build/release/irqsim

# Blocks that name a file become that file; the commands are one script.
awk '
	/^```/ && out { close(out); out = ""; next }
	/^```json [^ ]+$/ { out = $2; next }
	/^```sh$/ { out = "commands.sh"; next }
	out { print >> out }' "$page"
cp scenarios/platforms/lab.json before.json
sh -eux commands.sh >out 2>&1 || { cat out; exit 1; }

# The costs are determined, and only they have changed.
python3 - before.json scenarios/platforms/lab.json results/validation/validation.json <<'END'
import json, sys
before, after, validation = (json.load(open(name)) for name in sys.argv[1:])
fitted = [name for name, cost in after["costs"].items() if cost["kind"] == "fitted"]
assert fitted == ["ipi_flight_far", "vcpu_walk_step"], fitted
for name in fitted:
    assert after["costs"][name]["source"].startswith("fitted by irqsim calibrate to lab, walk to")
    for key in ("cost", "kind", "source"):
        assert before["costs"][name][key] != after["costs"][name][key]
        after["costs"][name][key] = before["costs"][name][key]
assert before == after
rows = [row for row in validation["rows"] if row["id"] == "lab"]
assert [row["verdict"] for row in rows] == ["within"] * 6, rows
END
cp scenarios/platforms/lab.json fitted.json
build/release/irqsim calibrate lab >again
cmp fitted.json scenarios/platforms/lab.json
