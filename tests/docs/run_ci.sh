#!/bin/sh
# run_ci.sh - the shell lines of the jobs in docs/ci.md: what they build is what test.sh builds, what
# they check passes here, and fails when a cost is another.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
page=$SRCDIR/docs/ci.md
failed=0

complain() {
	echo "docs/ci.md: $*" >&2
	failed=1
}

# Of each block of YAML: the lines under "run: |", and those of "script:".
awk '
	/^```yaml$/ { yaml = 1; block++; next }
	/^```$/ { yaml = 0 }
	!yaml { next }
	{ match($0, /^ */); indent = RLENGTH }
	/run: \|$/ { under = indent; next }
	/script:$/ { under = indent; next }
	indent <= under { under = -1 }
	under >= 0 { sub(/^ *(- )?/, ""); print > ("'"$tmp"'/lines." block) }
	BEGIN { under = -1 }
' "$page"

# A folder that looks like the root of the project, with two of its scenarios.
mkdir -p "$tmp/root/build/release" "$tmp/root/scenarios" "$tmp/root/results"
cd "$tmp/root"
ln -s "$IRQSIM" build/release/irqsim
cp -r "$SRCDIR/scenarios/platforms" "$SRCDIR/scenarios/halt-polling-rr.json" \
	"$SRCDIR/scenarios/halt-polling-idle.json" scenarios/
cp -r "$SRCDIR/results/baseline" results/

# run_lines FILE: those that check; says with which status the last one that failed ended
run_lines() {
	worst=0
	while read -r line; do
		case $line in
		build/release/irqsim*) ;;
		cmake*)
			[ -f "$SRCDIR/CMakePresets.json" ]
			grep -q '"name": "release"' "$SRCDIR/CMakePresets.json" ||
				complain "no preset for $line"
			continue
			;;
		'sudo tools/install-packages.sh'* | tools/install-packages.sh*)
			# shellcheck disable=SC2086 # a list of names
			for package in ${line#*.sh}; do
				grep -qw -e "$package" "$SRCDIR/test.sh" ||
					complain "test.sh does not need $package"
			done
			continue
			;;
		*)
			complain "this test does not know: $line"
			continue
			;;
		esac
		checked=$((checked + 1))
		status=0
		GITHUB_STEP_SUMMARY=$tmp/summary sh -c "$line" >>"$tmp/answer" 2>"$tmp/messages" ||
			status=$?
		[ "$status" -le "$worst" ] || worst=$status
	done <"$1"
	echo "$worst" >"$tmp/worst"
}

checked=0
for expected in 0 1; do
	for lines in "$tmp"/lines.*; do
		run_lines "$lines"
		[ "$(cat "$tmp/worst")" = $expected ] ||
			complain "status $(cat "$tmp/worst") instead of $expected: $(cat "$lines")"
	done
	[ -s gate.xml ] && [ -s "$tmp/summary" ] || complain "no report"
	sed -i 's/"cost": "[0-9.]*us"/"cost": "9us"/; s/"cost": "[0-9.]*ns"/"cost": "900ns"/' \
		scenarios/platforms/*.json
done
[ "$checked" -eq 6 ] || complain "$checked lines of a gate, expected 6"
grep -q '^::error file=scenarios/' "$tmp/answer" || complain "no annotation"
grep -q '<failure' gate.xml || complain "no failure in the report"
grep -q '^\*\*irqsim: failed\*\*' "$tmp/summary" || complain "no verdict in the summary"
exit "$failed"
