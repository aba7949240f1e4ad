#!/bin/sh
# Does what docs/adding-a-strategy.md says, in a copy of the tree, block by block: from an empty file
# to a third curve beside the others.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/irqsim
page=$SRCDIR/docs/adding-a-strategy.md

mkdir "$tree"
(cd "$SRCDIR" && tar cf - CMakeLists.txt CMakePresets.json sim models app bench plot scenarios tests/support tests/timeline README.md LICENSE) |
	(cd "$tree" && tar xf -)

# Blocks that name a file become that file.
awk -v tree="$tree" '
	/^```/ && out { close(out); out = ""; next }
	/^```(c|json) [^ ]+$/ { out = tree "/" $2; next }
	out { print > out }' "$page"

# The diff block: each added line goes above the line that follows it.
awk '/^```diff$/ { on = 1; next } /^```$/ { on = 0 } on' "$page" > "$work/table.diff"
awk '
	FNR == NR {
		if (/^\+[^+]/) { add = add substr($0, 2) "\n" }
		else if (/^ / && add) { above[substr($0, 2)] = add; add = "" }
		next
	}
	$0 in above { printf "%s", above[$0]; delete above[$0]; nr++ }
	{ print }
	END { exit nr == 2 ? 0 : 1 }' "$work/table.diff" "$tree/models/route/table.c" > "$work/table.c"
cp "$work/table.c" "$tree/models/route/table.c"

cd "$tree"
cmake -S . -B build -G Ninja -DCMAKE_C_COMPILER="$CC" -DCMAKE_C_FLAGS=-O1 > "$work/log"
cmake --build build --target irqsim timeline-test_last_target >> "$work/log" ||
	{ tail -30 "$work/log"; exit 1; }
build/tests/timeline-test_last_target
build/irqsim run scenarios/sgi-last-target.json --figures=none --progress=none
python3 - results/sgi-last-target/result.json <<'END'
import json, sys
with open(sys.argv[1]) as file:
    summary = json.load(file)["summary"]
ack = {(s["alternative"], len(s["point"]["/workloads/0/to"])): s["metrics"]["ack.mean"]["value"]
       for s in summary}
assert len(ack) == 9, ack
# Remembered, it is nearly the hash; in turns it is the walk and one step more.
assert ack["last-target", 1] <= ack["mpidr-hash", 1] + 1000, ack
for targets in (2, 4):
    assert ack["last-target", targets] > ack["linear-walk", targets], ack
END
