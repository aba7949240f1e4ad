#!/bin/sh
# run_calibrate.sh - irqsim calibrate: what is shipped is what it makes, whatever the costs were
# before; what the rows do not determine; exit status. Needs IRQSIM and SRCDIR.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
shipped=$SRCDIR/scenarios/platforms
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# expect STATUS ARGUMENTS...: leaves out and err
expect() {
	wanted=$1
	shift
	status=0
	"$IRQSIM" calibrate "$@" >out 2>err || status=$?
	[ "$status" -eq "$wanted" ] || complain "calibrate $*: status $status, not $wanted: $(cat out err)"
}

# says TEXT FILE
says() {
	grep -qF -e "$1" "$2" || complain "not there: $1, but: $(head -n 30 "$2")"
}

# change FROM TO CODE: a platform file with other entries; costs is the object, free its free ones.
# Layout and order stay, so that what calibrate makes of it can be compared byte by byte.
change() {
	python3 - "$1" "$2" "$3" <<'END'
import json
import sys

with open(sys.argv[1]) as file:
    platform = json.load(file)
costs = platform["costs"]
free = [cost for cost in costs.values() if "fit" in cost]
exec(sys.argv[3])
with open(sys.argv[2], "w") as file:
    json.dump(platform, file, indent="\t")
    file.write("\n")
END
}

# Fitted costs say between what; a platform that has some is what calibrate makes of any other
# values of them.
nr=0
for file in "$shipped"/*.json; do
	name=$(basename "$file")
	change "$file" counted 'print(sum(cost["kind"] == "fitted" for cost in costs.values()),
		sum(cost["kind"] == "fitted" and "fit" in cost for cost in costs.values()), len(free))' >counts
	read -r fitted with_fit free <counts
	[ "$fitted" -eq "$with_fit" ] || complain "$name: a fitted cost without fit"
	[ "$free" -gt 0 ] || continue
	change "$file" "$name" 'for i, cost in enumerate(free):
    cost.update(cost=cost["fit"]["min" if i % 2 else "max"], kind="estimated", source="x")'
	expect 0 "$name" -o made.json
	change "$file" same ''
	change made.json made ''
	cmp made same || complain "$name: calibrate makes another file"
	nr=$((nr + 1))
done
[ "$nr" -ge 2 ] || complain "no platform has free costs"

# In place: the costs' text alone, and only once.
expect 0 ampere-altra -o named.json
cmp named.json "$shipped/ampere-altra.json"
says 'Platform: named.json' out
python3 - named.json ampere-altra.json <<'END'
import re
import sys

with open(sys.argv[1]) as file:
    text = file.read()
text, nr = re.subn(r'("ipi_flight_far": \{\s*"cost": )"[^"]*"', r'\1"0.9us"', text)
assert nr == 1
with open(sys.argv[2], "w") as file:
    file.write(text)
END
expect 0 ampere-altra.json
cmp ampere-altra.json named.json
grep -q '^ipi_flight_far  *900ns ' out || complain "before is not what the file had: $(cat out)"
touch -d 2001-01-01 ampere-altra.json
expect 0 ./ampere-altra.json
[ -z "$(find ampere-altra.json -newer "$shipped/ampere-altra.json")" ] ||
	complain "a file that needs no change was written"

# What the rows do not determine, and then nothing is written.
undetermined() {
	change "$shipped/ampere-altra.json" ampere-altra.json "
fit = lambda low, high: {'min': low, 'max': high, 'why': 'x'}
$1"
	cp ampere-altra.json before.json
	expect 1 ampere-altra.json
	cmp ampere-altra.json before.json
	says 'Nothing is written' out
	says "$2" out
}
undetermined 'costs["rcu_grace"]["fit"] = fit("1ms", "20ms")' 'rcu_grace: no row depends on it'
undetermined 'costs["ipi_flight"]["fit"] = fit("100ns", "400ns")
costs["hash_lookup"]["fit"] = fit("10ns", "40ns")' \
	'ipi_flight: no row tells it from other costs: 1 ns more of it is like 1 ns more of ipi_flight_far'
undetermined 'costs["ipi_flight_far"].update(cost="1us", fit=fit("900ns", "1us"))' \
	'ipi_flight_far: at the lower bound: the rows would have it below'
undetermined 'costs["ipi_flight_far"].update(cost="1ns", fit=fit("1ns", "700ns"))' \
	'ipi_flight_far: at the upper bound: the rows would have it above'
expect 1 ampere-altra.json --format=json
python3 - out <<'END'
import json
import sys

with open(sys.argv[1]) as file:
    answer = json.load(file)
assert answer["format"] == "irqsim-calibration/1" and answer["platform"] == "ampere-altra"
assert answer["complete"] and answer["written"] is None and answer["evaluations"] > 1
by_name = {cost["cost"]: cost for cost in answer["costs"]}
far, walk = by_name["ipi_flight_far"], by_name["vcpu_walk_step"]
assert (far["verdict"], far["after_ps"], far["max_ps"]) == ("at_max", 700000, 700000)
assert walk["verdict"] == "determined" and walk["low_ps"] < walk["after_ps"] < walk["high_ps"]
row = [row for row in answer["rows"] if row["id"] == "M03"][0]
assert row["published"] == [3832000, 3832000] and row["unit"] == "ps"
assert row["verdict"] == "within" and abs(row["error_ppm"]) < 50000
END

# Rows that no values of the costs can meet: the best of them is written, and the answer is no.
mkdir -p scenarios/validation scenarios/platforms
change "$shipped/ampere-altra.json" scenarios/platforms/ampere-altra.json 'for name in costs:
    if name not in ("ipi_flight_far", "vcpu_walk_step"):
        costs[name].pop("fit", None)'
python3 - "$SRCDIR/scenarios/validation/m03-last-of-64.json" scenarios/validation/m03.json <<'END'
import json
import sys

with open(sys.argv[1]) as file:
    scenario = json.load(file)
second = dict(scenario["published"][1], what="again", value="3593ns")
scenario["published"].append(second)
with open(sys.argv[2], "w") as file:
    json.dump(scenario, file)
END
expect 1 ampere-altra
says 'missed' out
says 'Platform: scenarios/platforms/ampere-altra.json' out
says 'again: 3593 ns' scenarios/platforms/ampere-altra.json
python3 - <<'END'
import json

with open("scenarios/validation/m03.json") as file:
    scenario = json.load(file)
for row in scenario["published"]:
    row["role"] = "prediction"
with open("scenarios/validation/m03.json", "w") as file:
    json.dump(scenario, file)
END
expect 2 ampere-altra
says 'no validation scenario of platform "ampere-altra" has a row of role calibration' err
rm -r scenarios

# What cannot be calibrated, and what cannot be written.
expect 2 ampere-alta
says 'unknown platform "ampere-alta"; did you mean "ampere-altra"?' err
expect 2 skylake-sp
says 'no cost in it has "fit"' err
expect 2 missing/ampere-altra.json
says 'missing/ampere-altra.json: error: cannot be read' err
echo '{' >ampere-altra.json
expect 2 ampere-altra.json
says 'ampere-altra.json:2:1: error: not JSON' err
cp "$shipped/ampere-altra.json" my-altra.json
expect 2 my-altra.json
says 'no validation scenario of platform "my-altra"' err
change "$shipped/ampere-altra.json" ampere-altra.json 'platform = {"name": "ampere-altra", "extends": "mother"}'
sed 's/"ampere-altra"/"mother"/' "$shipped/ampere-altra.json" >mother.json
expect 2 ampere-altra.json
says 'no cost in it has "fit"' err
expect 3 ampere-altra -o missing/altra.json
says 'missing/altra.json' err
exit "$failed"
