#!/bin/sh
# run_fidelity.sh - the tables of docs/fidelity.md are those that the program prints today.
# NEW=1 writes them anew: read the diff.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
page=$SRCDIR/docs/fidelity.md
mark='<!-- irqsim validate --format=markdown -->'

cd "$SRCDIR"
"$IRQSIM" validate --format=markdown -o "$tmp/out" --figures=none --progress=none >"$tmp/tables"
sed "/^$mark\$/q" "$page" >"$tmp/page"
cat "$tmp/tables" >>"$tmp/page"
if [ "${NEW:-}" = 1 ]; then
	cp "$tmp/page" "$page"
fi
diff -u "$page" "$tmp/page"
