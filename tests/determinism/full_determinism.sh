#!/bin/sh
# full_determinism.sh - run_determinism.sh with every scenario as long as it is shipped.
set -eu
FULL=1 exec sh "$SRCDIR/tests/determinism/run_determinism.sh"
