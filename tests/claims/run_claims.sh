#!/bin/sh
# What the shipped scenarios are there to show, asked of the built program.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
exec_claims() { python3 "$SRCDIR/tests/claims/claims.py" "$IRQSIM" "$SRCDIR/scenarios" "$work"; }
exec_claims
