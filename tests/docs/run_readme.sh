#!/bin/sh
# run_readme.sh - every command in the README works, every link leads somewhere, CI runs the rest.
#
# Commands that begin with irqsim run here, from a folder that looks like the root; ./demo.sh and
# ./test.sh must be what CI runs.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

complain() {
	echo "README.md: $*" >&2
	failed=1
}

sed -n '/^```sh$/,/^```$/p' "$SRCDIR/README.md" | grep -v '^```' | sed 's/ *#.*//' >"$tmp/commands"
mkdir "$tmp/bin" "$tmp/root"
ln -s "$IRQSIM" "$tmp/bin/irqsim"
ln -s "$SRCDIR/scenarios" "$tmp/root/scenarios"
mkdir "$tmp/root/results"
ln -s "$SRCDIR/results/baseline" "$tmp/root/results/baseline"
cd "$tmp/root"
while read -r program arguments; do
	case $program in
	irqsim)
		# shellcheck disable=SC2086 # words of a command line
		PATH=$tmp/bin:$PATH irqsim $arguments >"$tmp/answer" ||
			complain "this failed: irqsim $arguments"
		[ -s "$tmp/answer" ] || complain "no answer from irqsim $arguments"
		;;
	./*)
		[ -x "$SRCDIR/$program" ] || complain "$program is not executable"
		grep -q "$program" "$SRCDIR/.ci/run" "$SRCDIR/test.sh" || complain "no CI for $program"
		;;
	*)
		complain "no command of ours: $program"
		;;
	esac
done <"$tmp/commands"
[ "$(grep -c '^irqsim' "$tmp/commands")" -ge 4 ] || complain "commands not found by this test"
[ -s results/sgi-last-of-64/result.json ] || complain "the first command wrote no result"

grep -o '](\([^)]*\))' "$SRCDIR"/README.md "$SRCDIR"/docs/*.md | grep -v '](http\|](#' |
	sed 's|^\(.*\)/[^/]*:](\([^)#]*\).*|\1/\2|' >"$tmp/links"
while read -r link; do
	[ -e "$link" ] || complain "a link leads nowhere: $link"
done <"$tmp/links"
grep -o '^| `[a-z]*/`' "$SRCDIR/README.md" | tr -d '|` ' >"$tmp/folders"
while read -r folder; do
	[ -d "$SRCDIR/$folder" ] || complain "there is no folder $folder"
done <"$tmp/folders"
exit "$failed"
