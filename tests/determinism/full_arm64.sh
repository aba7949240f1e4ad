#!/bin/sh
# The lock model on an emulated arm64 machine: the same fingerprint as here, exponential draws
# included. Needs gcc-aarch64-linux-gnu, libc6-dev-arm64-cross, qemu-user-static; test.sh --full
# installs them.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
mkdir "$tmp/include"
ln -s /usr/include/Random123 "$tmp/include/Random123"

cd "$SRCDIR"
# shellcheck disable=SC2046
aarch64-linux-gnu-gcc -std=c17 -O2 -ffp-contract=off -static -I. -isystem "$tmp/include" \
	$(find sim models -name '*.c') tests/oracle/bench_lock.c -o "$tmp/bench_lock"
here=$("$BINDIR/tests/oracle-bench_lock" 50000)
there=$(qemu-aarch64-static "$tmp/bench_lock" 50000)
echo "here:  $here"
echo "arm64: $there"
[ "$here" = "$there" ]
