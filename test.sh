#!/bin/sh
# test.sh - packages, builds, tests. Stays below 15 minutes on two cores.
#
# ./test.sh           the demo; release build (gcc -O2 -Werror), the tests labelled quick, which
#                     compare its results with those of gcc -O0 and clang; the same tests under
#                     AddressSanitizer and UndefinedBehaviorSanitizer
# ./test.sh --full    after these the tests labelled full
set -eu
cd "$(dirname "$0")"

case "${1-}" in
'' | --full) ;;
*)
	sed -n '2,/^set/s/^# \{0,1\}//p' test.sh >&2
	exit 2
	;;
esac

step() {
	echo "== $*"
}

step "packages"
tools/install-packages.sh libglib2.0-dev libjansson-dev librandom123-dev gnuplot-nox \
	cmake ninja-build gcc clang valgrind python3-jsonschema locales

for preset in release debug clang asan; do
	step "build $preset"
	cmake --preset "$preset" >/dev/null
	cmake --build --preset "$preset"
done

step "demo"
./demo.sh

step "tests, release"
IRQSIM_OTHERS="$PWD/build/debug/irqsim $PWD/build/clang/irqsim" ctest --preset release

step "tests, asan"
ctest --preset asan

if [ "${1-}" = --full ]; then
	tools/install-packages.sh gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static
	step "tests, full"
	IRQSIM_OTHERS="$PWD/build/debug/irqsim $PWD/build/clang/irqsim" ctest --preset full
fi
step "all passed"
