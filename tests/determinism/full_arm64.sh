#!/bin/sh
# Lock, queue and events on an emulated arm64 machine: the same fingerprint as here, exponential draws
# included. Needs gcc-aarch64-linux-gnu, libc6-dev-arm64-cross, qemu-user-static; test.sh --full
# installs them.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/include"
ln -s /usr/include/Random123 "$tmp/include/Random123"

cd "$SRCDIR"
# shellcheck disable=SC2046
aarch64-linux-gnu-gcc -std=c17 -D_POSIX_C_SOURCE=200809L -O2 -ffp-contract=off -static -I. \
	-isystem "$tmp/include" $(find sim models -name '*.c') bench/engine.c -o "$tmp/engine"

# What depends on the machine goes.
facts() {
	grep -v '^seconds \|^bytes_per_event '
}

for model in "hold 100 50000" "queue 50000" "lock 50000"; do
	# shellcheck disable=SC2086
	here=$("$BINDIR/bench-engine" $model | facts)
	# shellcheck disable=SC2086
	there=$(qemu-aarch64-static "$tmp/engine" $model | facts)
	echo "here:  $here"
	echo "arm64: $there"
	[ "$here" = "$there" ]
done
