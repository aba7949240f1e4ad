#!/bin/sh
# run_schema.sh - `irqsim schema` against an independent validator. Needs IRQSIM and SRCDIR, and
# python3-jsonschema (skipped without).
#
# What irqsim ships is valid; structure/ is not; meaning/ is, because only the program can see what
# is wrong there.
set -eu

if ! python3 -c 'from jsonschema import Draft202012Validator' 2>/dev/null; then
	echo "skipped: python3-jsonschema is not installed" >&2
	exit 0
fi
schema=$(mktemp)
trap 'rm -f "$schema"' EXIT
"$IRQSIM" schema >"$schema"
python3 - "$schema" "$SRCDIR" <<'END'
import glob
import json
import sys

from jsonschema import Draft202012Validator

with open(sys.argv[1]) as file:
    schema = json.load(file)
Draft202012Validator.check_schema(schema)
scenario = Draft202012Validator(schema)
platform = Draft202012Validator({"$ref": "#/$defs/platform", "$defs": schema["$defs"]})
failed = 0


def check(validator, pattern, valid):
    global failed
    paths = sorted(glob.glob(sys.argv[2] + "/" + pattern))
    if not paths:
        print("no file:", pattern)
        failed = 1
    for path in paths:
        with open(path) as file:
            errors = list(validator.iter_errors(json.load(file)))
        if valid != (not errors):
            print(path, "is", "valid" if not errors else errors[0].message[:200])
            failed = 1


check(scenario, "scenarios/*.json", True)
check(scenario, "scenarios/validation/*.json", True)
check(platform, "scenarios/platforms/*.json", True)
check(scenario, "tests/fail/structure/*.json", False)
check(scenario, "tests/fail/meaning/*.json", True)
sys.exit(failed)
END
