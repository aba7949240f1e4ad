#!/bin/sh
# The fingerprint of every case of every shipped scenario, against fingerprints.txt: what a run does
# changes only on purpose. NEW=1 rewrites the file; the commit says why.
set -eu
golden=$SRCDIR/tests/determinism/fingerprints.txt
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

for scenario in "$SRCDIR"/scenarios/*.json; do
	"$IRQSIM" run "$scenario" -o "$tmp/out" -q --replications 1 --figures=none --progress=none \
		> /dev/null
	python3 - "$tmp/out/result.json" <<'END'
import json, sys
with open(sys.argv[1]) as file:
    result = json.load(file)
for run in result["runs"]:
    point = " ".join(f"{pointer}={json.dumps(value)}" for pointer, value in run["point"].items())
    print(result["scenario"]["name"], point, run["alternative"], run["fingerprint"])
END
	rm -r "$tmp/out"
done > "$tmp/fingerprints.txt"
if [ "${NEW-}" = 1 ]; then
	cp "$tmp/fingerprints.txt" "$golden"
fi
diff -u "$golden" "$tmp/fingerprints.txt"
