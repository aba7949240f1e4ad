#!/bin/sh
# demo.sh - from a fresh Debian 12 to the answer: packages, build, the main scenario, its figure.
set -eu
cd "$(dirname "$0")"

tools/install-packages.sh libglib2.0-dev libjansson-dev librandom123-dev gnuplot-nox \
	cmake ninja-build gcc

echo "Building ..." >&2
cmake --preset release >/dev/null
cmake --build --preset release --target irqsim >/dev/null

build/release/irqsim run scenarios/sgi-last-of-64.json

figure=results/sgi-last-of-64/figures/sgi-last-of-64.svg
if [ -e "$figure" ]; then
	echo "Look at file://$PWD/$figure"
fi
