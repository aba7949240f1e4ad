#!/bin/sh
# run_formats.sh - docs/formats.md has every key, command, option, route and metric that there is.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
page=$SRCDIR/docs/formats.md
failed=0

# named WHAT: each word of stdin stands in backquotes on the page, alone or with others
named() {
	while read -r word; do
		grep -q '`[^`]*'"$word"'[^`]*`' "$page" || {
			echo "docs/formats.md does not have the $1 $word" >&2
			failed=1
		}
	done <"$tmp/words"
	[ -s "$tmp/words" ] || {
		echo "no $1 found: this test does not work" >&2
		failed=1
	}
}

# All keys of the "properties" of a JSON Schema; of a JSON value.
schema_keys='
import json, sys
def walk(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "properties":
                print("\n".join(inner))
            walk(inner)
    elif isinstance(value, list):
        for inner in value:
            walk(inner)
walk(json.load(sys.stdin))'
result_keys='
import json, sys
def walk(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in ("effective", "exits", "dropped", "metrics", "point"):
                print(key)
                walk(inner)
    elif isinstance(value, list):
        for inner in value:
            walk(inner)
walk(json.load(sys.stdin))'

# Costs have a list of their own: irqsim list costs.
"$IRQSIM" list costs | sed 's/ .*//' | sort >"$tmp/costs"
"$IRQSIM" schema | python3 -c "$schema_keys" | sort -u | comm -23 - "$tmp/costs" >"$tmp/words"
named key
for what in routes metrics; do
	"$IRQSIM" list "$what" | sed 's/ .*//' >"$tmp/words"
	named "${what%s}"
done
"$IRQSIM" run "$SRCDIR/scenarios/sgi-last-of-64.json" -o "$tmp/run" --figures=none -q \
	--replications 2 --set /stop/interrupts=200 >/dev/null
python3 -c "$result_keys" <"$tmp/run/result.json" | sort -u >"$tmp/words"
named "result key"
"$IRQSIM" run "$SRCDIR/scenarios/sgi-last-of-64.json" -o "$tmp/slower" --figures=none -q \
	--replications 2 --set /stop/interrupts=200 --set /platform/costs/vm_exit=200ns \
	--set '/expect=[]' >/dev/null
"$IRQSIM" compare "$tmp/run/result.json" "$tmp/slower/result.json" --format=json |
	python3 -c "$result_keys" | sort -u >"$tmp/words"
named "check key"
for command in "" run check compare validate calibrate lint schema list; do
	# shellcheck disable=SC2086 # none or one word
	"$IRQSIM" $command --help
done | grep -o -e '--[a-z-]*' | sort -u >"$tmp/words"
named option

# The example is a scenario.
sed -n '/^```json$/,/^```$/p' "$page" | grep -v '^```' >"$tmp/example.json"
ln -s "$SRCDIR/scenarios/platforms" "$tmp/platforms"
"$IRQSIM" lint -q "$tmp/example.json" >/dev/null || failed=1
exit "$failed"
