#!/bin/sh
# run_style.sh - the style rules as a test. Needs BINDIR (the build) and CC, as ctest gives them.
#
# Text of every .c and .h (rules.awk):
#   file-size       at most 500 lines
#   function-size   at most 60 lines
#   parameters      at most 5
#   line-length     at most 100 columns, tabs are 8
#   tabs            indentation by tabs
#   trailing-blank  none
#   banned-word     no mark of unfinished work
#   guard           include guard FOLDER_FILE_H
#   layers          sim/ includes sim/; models/ sim/ and models/; app/ all three; by that path;
#                   sim/ and models/ besides that the C library and Random123
#   path            between PATH_BEGIN and PATH_END: one step a line, no switch, no return
# Text of sim/ and models/:
#   head            opens with the comment ` * name - what this is'
#   integers        no double, no float
#   outside-world   no rand, clock, getenv, setlocale, %p
#   memory          malloc and free in sim/arena.c only
#   printing        no output but that of sim/assert.c
# Objects of sim/ and models/:
#   mutable-state   no symbol in .data, .bss or thread storage but sim_running; constant data,
#                   .data.rel.ro too, is fine
# The program:
#   libm            nothing of libm but sqrt and floor
#   contraction     no fused multiply-add
#
# Every rule has a sample that breaks it: bad/RULE/ for text, the functions below for objects. The
# test fails when it finds anything else in bad/RULE/ than RULE, in each line that says `bad'.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

# check_text ROOT: one line per violation
check_text() {
	(
		cd "$1"
		# shellcheck disable=SC2046 # no blanks in these names
		set -- $(find sim models app bench tests tools -name '*.[ch]' ! -path 'tests/style/*' \
			2>/dev/null | LC_ALL=C sort)
		LC_ALL=C awk -f "$here/rules.awk" pass=1 "$@" pass=2 "$@"
	)
}

# check_objects FILE...: objects or archives
check_objects() {
	objdump -t "$@" | awk '
		/file format/ { file = $1 }
		match($0, / (\.data|\.bss|\.tdata|\.tbss|\*COM\*)[^\t]*\t/) {
			section = substr($0, RSTART + 1, RLENGTH - 2)
			kind = substr($0, 18, RSTART - 18)
			if (section ~ /^\.data\.rel\.ro/ || kind ~ /d/)
				next
			if (section == ".tbss" && $NF == "sim_running")
				next
			print file " mutable-state: " $NF " in " section
		}'
}

# check_program FILE
check_program() {
	nm -D --defined-only "$(${CC:-cc} -print-file-name=libm.so.6)" |
		awk '{ print $NF }' | sed 's/@.*//' | LC_ALL=C sort -u >"$tmp/libm"
	nm -D --undefined-only "$1" | awk '{ print $NF }' | grep -v '^sqrt@\|^floor@' |
		sed 's/@.*//' | LC_ALL=C sort -u | LC_ALL=C comm -12 - "$tmp/libm" |
		sed "s|^|$1: libm: |"
	objdump -d --no-show-raw-insn "$1" |
		awk -v file="$1" '$2 ~ /^(vfn?m(add|sub)|fn?m(add|sub)$)/ {
			print file ": contraction: " $2
			exit
		}'
}

# expect RULE WHAT OUTPUT: the sample broke RULE and no other
expect() {
	case $3 in
	*" $1: "*) ;;
	*) complain "the sample for $1 ($2) is not found: the rule does not work" ;;
	esac
	others=$(printf '%s\n' "$3" | grep -v " $1: " || true)
	[ -z "$others" ] || complain "the sample for $1 ($2) breaks another rule: $others"
}

# long_sample NAME LINES: a function of LINES lines in a tree of its own
long_sample() {
	mkdir -p "$tmp/$1/app"
	{
		printf 'static int long_sample(int x)\n{\n'
		yes '	x++;' | head -n "$2"
		printf '}\n'
	} >"$tmp/$1/app/long.c"
}

test_text_samples() {
	for sample in "$here"/bad/*/; do
		rule=$(basename "$sample")
		(cd "$sample" && grep -rn bad .) | sed "s|^\./||; s|^\([^:]*:[0-9]*:\).*|\1 $rule:|" |
			LC_ALL=C sort >"$tmp/wanted"
		check_text "$sample" | sed 's|^\([^:]*:[0-9]*: [a-z-]*:\).*|\1|' |
			LC_ALL=C sort >"$tmp/found"
		diff -u "$tmp/wanted" "$tmp/found" || complain "rule $rule: $sample, wanted and found"
	done
	long_sample just-right 60
	[ -z "$(check_text "$tmp/just-right")" ] || complain "60 lines are too many for it"
	long_sample function-size 61
	expect function-size "61 lines" "$(check_text "$tmp/function-size")"
	mkdir -p "$tmp/file-size/app"
	yes 'extern int x;' | head -n 501 >"$tmp/file-size/app/long.c"
	expect file-size "501 lines" "$(check_text "$tmp/file-size")"
	sed -n 's/.*report("\([a-z-]*\)".*/\1/p' "$here/rules.awk" | sort -u >"$tmp/rules"
	while read -r rule; do
		[ -d "$here/bad/$rule" ] || [ -d "$tmp/$rule" ] || complain "no sample for $rule"
		grep -q "^#   $rule " "$0" || complain "the list of rules lacks $rule"
	done <"$tmp/rules"
}

# object_sample C-TEXT: compiles it, prints the violations
object_sample() {
	printf '%s\n' "$1" >"$tmp/sample.c"
	${CC:-cc} -O2 -fPIE -c "$tmp/sample.c" -o "$tmp/sample.o"
	check_objects "$tmp/sample.o"
}

test_object_samples() {
	[ -z "$(object_sample 'const int a = 1; const char *const b[] = { "c" };
		_Thread_local const void *sim_running;')" ] || complain "constants are not mutable"
	for text in 'int x;' 'int x = 1;' 'static int x; int f(void); int f(void) { return x++; }' \
		'int f(void); int f(void) { static int x = 1; return x++; }' \
		'const char *x[] = { "a" };' '_Thread_local int x;' '_Thread_local int x = 1;'; do
		expect mutable-state "$text" "$(object_sample "$text")"
	done
	cat >"$tmp/program.c" <<-'END'
	#include <math.h>
	int main(int argc, char **argv)
	{
		(void)argv;
		return (int)(log(argc) + sqrt(argc));
	}
	END
	${CC:-cc} -O0 "$tmp/program.c" -o "$tmp/program" -lm
	expect libm "log()" "$(check_program "$tmp/program")"
	if [ "$(uname -m)" = x86_64 ]; then
		echo 'int main(void) { __asm__("vfmadd231sd %xmm0, %xmm1, %xmm2"); return 0; }' \
			>"$tmp/program.c"
		${CC:-cc} "$tmp/program.c" -o "$tmp/program"
		expect contraction "vfmadd" "$(check_program "$tmp/program")"
	fi
}

# visible LAYER HEADER: does the include directory of the layer offer it
visible() {
	printf '#if !__has_include("%s")\n#error\n#endif\n' "$2" >"$tmp/visible.c"
	${CC:-cc} -I "$BINDIR/include/$1" -fsyntax-only "$tmp/visible.c" 2>/dev/null
}

# The build enforces the layers too: a wrong include does not compile.
test_include_dirs() {
	for pair in "sim sim/sim.h" "models sim/sim.h" "models models/vm.h" "app models/vm.h" \
		"app app/plan.h"; do
		visible "${pair% *}" "${pair#* }" || complain "not visible: $pair"
	done
	for pair in "sim models/vm.h" "sim app/plan.h" "sim glib.h" "models app/plan.h" \
		"models glib.h"; do
		! visible "${pair% *}" "${pair#* }" || complain "visible: $pair"
	done
}

test_text_samples
test_object_samples
test_include_dirs

[ -x "$BINDIR/irqsim" ] || complain "no program in $BINDIR"
check_text "$root" >"$tmp/found"
if nm "$BINDIR/libirqsim_sim.a" 2>/dev/null | grep -q __asan_; then
	echo "a sanitized build: its objects are not checked"
else
	check_objects "$BINDIR/libirqsim_sim.a" "$BINDIR/libirqsim_models.a" >>"$tmp/found"
	check_program "$BINDIR/irqsim" >>"$tmp/found"
fi
if [ -s "$tmp/found" ]; then
	cat "$tmp/found"
	complain "style: $(wc -l <"$tmp/found") violations"
fi
exit "$failed"
