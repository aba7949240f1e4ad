#!/bin/sh
# run_points.sh - docs/determinism.md lists exactly the trace points of models/points.h.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

sed -n 's|^\tPOINT_\([A-Z_]*\) = \([0-9]*\),.*|\2 \1|p' "$SRCDIR/models/points.h" >"$tmp/code"
sed -n 's/^| \([0-9]*\) | \([A-Z_]*\) | .*/\1 \2/p' "$SRCDIR/docs/determinism.md" >"$tmp/page"
[ -s "$tmp/code" ] || {
	echo "no points found in models/points.h" >&2
	exit 1
}
diff -u "$tmp/code" "$tmp/page"
[ -z "$(cut -d' ' -f1 "$tmp/code" | sort -n | uniq -d)" ] || {
	echo "a number stands for two points" >&2
	exit 1
}
