#!/bin/sh
# full_gnuplot_hangs.sh - a gnuplot that does not end: half a minute, then a warning and no figure.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
mkdir bin
printf '#!%s\nexec %s 600\n' "$(command -v sh)" "$(command -v sleep)" >bin/gnuplot
chmod +x bin/gnuplot
timeout 100 env PATH="$tmp/bin" "$IRQSIM" run "$SRCDIR/scenarios/sgi-last-of-64.json" -o out \
	--replications 1 --set /stop/interrupts=100 >table 2>messages
grep -q 'warning: no figure: gnuplot has not ended' messages
if grep '^Figure' table; then
	exit 1
fi
[ -s out/result.json ]
