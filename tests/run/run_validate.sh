#!/bin/sh
# run_validate.sh - simulated beside published: verdicts, exit status, files, what was fitted.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# validate STATUS ARGUMENTS...: answer in out, messages in err
validate() {
	expected=$1
	shift
	status=0
	"$IRQSIM" validate --progress=none -o result "$@" >out 2>err || status=$?
	[ "$status" = "$expected" ] ||
		complain "validate $*: status $status, expected $expected: $(cat err)"
}

# says TEXT: the last messages have it
says() {
	grep -qF -e "$1" err || complain "expected \"$1\", got: $(cat err)"
}

# fresh: the shipped scenarios again, to be changed
fresh() {
	rm -rf scenarios
	cp -r "$SRCDIR/scenarios" .
	chmod -R u+w scenarios
}

# change FILE PATTERN REPLACEMENT: a line that must be there
change() {
	grep -q -e "$2" "scenarios/$1" || complain "scenarios/$1 has no $2"
	sed -i "s/$2/$3/" "scenarios/$1"
}

# --- what is shipped ---------------------------------------------------------------------------

fresh
validate 0 --format=json
[ ! -s err ] || complain "messages about what is shipped: $(cat err)"
cmp -s out result/validation.json || complain "stdout is not validation.json"
cp out all.json
for file in validation.md figures/published.svg figures/published.gp figures/published.dat; do
	[ -s "result/$file" ] || complain "no result/$file"
done
validate 0 --format=markdown -j 1 --figures=none
cmp -s out result/validation.md || complain "stdout is not validation.md"
cmp -s all.json result/validation.json || complain "one worker says something else"
[ ! -e result/figures/published.svg ] || complain "a figure with --figures=none"
validate 0
grep -q '^Result: result/validation.json$' out || complain "the table does not say where it is"

python3 - all.json scenarios <<'EOF' || failed=1
import glob, json, os, sys

with open(sys.argv[1]) as file:
    all = json.load(file)
rows, summary = all["rows"], all["summary"]
assert list(all) == ["format", "irqsim_version", "rows", "summary", "fits"], list(all)
assert all["format"] == "irqsim-validation/1"
assert len(rows) >= 40, len(rows)
limits = {"calibration": 50000, "prediction": 200000}
for row in rows:
    assert list(row) == ["id", "scenario", "point", "alternative", "metric", "what", "unit",
                         "published", "spread_ppm", "simulated", "ci95_low", "ci95_high",
                         "error_ppm", "role", "verdict", "reason", "source"], row
    ends = row["published"]
    low, high = ends if isinstance(ends, list) else (ends, ends)
    value = row["simulated"]
    end = high if value > high else low
    error = 0 if low <= value <= high else 1e6 * (value - end) / end
    assert abs(error - row["error_ppm"]) <= 0.51, (row, error)
    within = abs(row["error_ppm"]) <= limits[row["role"]]
    assert row["verdict"] == ("within" if within else "explained"), row
    assert within == (row["reason"] is None), row
for role in limits:
    own = [row for row in rows if row["role"] == role]
    mean = sum(abs(row["error_ppm"]) for row in own) / len(own)
    assert summary[role]["rows"] == len(own)
    assert summary[role]["within"] + summary[role]["explained"] == len(own)
    assert abs(summary[role]["mean_error_ppm"] - mean) <= 0.51
    assert abs(summary[role]["worst_error_ppm"]) == max(abs(row["error_ppm"]) for row in own)
assert summary["rows"] == len(rows)

# at most one fitted number for three rows; the costs are those of the platform files
fitted = 0
for path in glob.glob(sys.argv[2] + "/platforms/*.json"):
    with open(path) as file:
        fitted += sum(cost["kind"] == "fitted" for key, cost in json.load(file)["costs"].items()
                      if not key.startswith("//"))
assert fitted > 0 and summary["fitted"] == fitted, fitted
assert summary["constants"] + fitted == len(all["fits"])
assert 3 * len(all["fits"]) <= len(rows), "too many fitted numbers for %d rows" % len(rows)

# a cost has one value in all scenarios of a platform: no scenario sets one
for path in glob.glob(sys.argv[2] + "/validation/*.json"):
    with open(path) as file:
        text = file.read()
    scenario = json.loads(text)
    assert scenario["name"] + ".json" == os.path.basename(path), path
    assert isinstance(scenario["platform"], str), path
    assert '"/platform' not in text, path
    assert scenario["published"], path
EOF

# --- one of them, and names ---------------------------------------------------------------------

validate 0 m03-last-of-64 --format=json --figures=none
[ "$(grep -c '"scenario": "m03-last-of-64"' out)" = 2 ] || complain "the rows of one scenario"
grep -q '"fitted": null' out || complain "fitted costs are counted against the rows of one"
validate 2 m03-last-of-46
says 'unknown validation scenario "m03-last-of-46"; did you mean "m03-last-of-64"?'

# --- verdicts -----------------------------------------------------------------------------------

change platforms/ampere-altra.json '"135ns"' '"435ns"'
validate 1 m03-last-of-64 --figures=none
[ "$(grep -c ' missed$' out)" = 2 ] || complain "a cost that is wrong misses no row: $(cat out)"
fresh
change validation/m03-last-of-64.json '"value": "2593ns"' '"value": "2593ns", "reason": "none"'
validate 0 m03-last-of-64 --figures=none
says 'm03-last-of-64: M03, 64 vCPUs, MPIDR hash: the reason is no longer needed'
validate 0 m03-last-of-64 --figures=none -q
[ ! -s err ] || complain "-q: $(cat err)"
change validation/m03-last-of-64.json '2593ns' '2400ns'
validate 0 m03-last-of-64 --figures=none
grep -q ' explained$' out || complain "a reason does not explain: $(cat out)"
grep -q '^Explained (64 vCPUs, MPIDR hash): none.$' out || complain "the reason is not shown"
change validation/m03-last-of-64.json '"calibration"' '"prediction"'
validate 0 m03-last-of-64 --figures=none
grep -q '2400 ns .* prediction  within$' out || complain "8 % of a prediction: $(cat out)"
change validation/m03-last-of-64.json '"2400ns"' '"1ns"'
change validation/m03-last-of-64.json '"prediction"' '"recalled"'
validate 0 m03-last-of-64 --figures=none
grep -q ' recalled  *recalled$' out || complain "a recalled row is judged: $(cat out)"
fresh
change validation/m03-last-of-64.json '"ack.mean"' '"ack.p999"'
validate 1 m03-last-of-64 --figures=none
grep -q ' none .* missed$' out || complain "a metric without a value: $(cat out)"

# --- fitted numbers ------------------------------------------------------------------------------

fresh
change validation/m30-tcp-rr.json '"tcp-rr work":' '"lock2 gap":'
validate 2
says 'the constant "lock2 gap" is 615ns in m41-lock2, and 21.3us in m30-tcp-rr'
fresh
change validation/m41-lock2.json '"sweep": {' '"sweep": { "\/platform\/costs\/atomic_rmw": ["9ns"],'
validate 0 m41-lock2 --figures=none
says 'm41-lock2: sets values of its platform'
fresh
(cd scenarios/validation && rm m02-* m2* m30-idle.json m39-* m4*)
validate 0 --figures=none
says 'more than one for 3'

# --- a scenario is in the file of its name, and has something to be held to ---------------------------

fresh
cp scenarios/validation/m39-altra.json scenarios/validation/copy.json
validate 2
says 'copy.json: error: the validation scenario "m39-altra" is to be in a file m39-altra.json [/name]'
sed 's/"m39-altra"/"copy"/' scenarios/validation/m39-altra.json |
	python3 -c 'import json, sys
scenario = json.load(sys.stdin)
del scenario["published"]
json.dump(scenario, sys.stdout)' >scenarios/validation/copy.json
validate 0 copy --figures=none
says 'warning: copy has no published number: nothing is validated'

# --- where they are found: beside a program that was moved ------------------------------------------

fresh
mkdir -p prefix/bin prefix/share/irqsim elsewhere
cp "$IRQSIM" prefix/bin/irqsim
mv scenarios prefix/share/irqsim/
(cd elsewhere && ../prefix/bin/irqsim validate m39-altra --figures=none >../out 2>../err) ||
	complain "an installed validation scenario: $(cat err)"
[ -s elsewhere/results/validation/validation.json ] || complain "not in results/validation"

# --- a text of a scenario has one line, whatever is in it -------------------------------------------

fresh
python3 - <<'PYTHON'
import json
path = "scenarios/validation/m39-altra.json"
scenario = json.load(open(path))
hostile = "a|b<c>\n\n::error::x\n| d |\x1b[1m"
scenario["about"] = {"question": "Q" + hostile, "source": "S" + hostile}
row, = scenario["published"]
row |= {"what": "W" + hostile, "source": None, "reason": "R" + hostile, "value": "10ns"}
json.dump(scenario, open(path, "w"))
PYTHON
for format in text markdown; do
	validate 0 m39-altra --figures=none --format=$format
	for text in Q S W R; do
		grep -q "$text.*::error::x.*d.*?" out || complain "$format: $text is not one line"
	done
	[ "$(grep -c "^::error\|$(printf '\033')" out)" -eq 0 ] || complain "$format: a line of its own"
done
[ "$(grep -c '^| M39' out)" -eq 1 ] || complain "a row of Markdown is broken"
sed -i 's/"10ns"/"47ns"/' scenarios/validation/m39-altra.json
validate 0 m39-altra --figures=none
says 'W'
[ "$(wc -l <err)" -eq 1 ] || complain "a warning has more than one line: $(cat err)"

# --- the directory -------------------------------------------------------------------------------

fresh
touch result/thesis.tex
validate 2 --figures=none
says 'result: is not a run directory, it holds thesis.tex; not replaced'
[ ! -s out ] || complain "an answer without a directory"
rm result/thesis.tex
printf '{' >scenarios/validation/m03-last-of-64.json
validate 2
says 'scenarios/validation/m03-last-of-64.json:1:'

exit $failed
