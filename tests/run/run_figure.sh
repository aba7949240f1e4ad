#!/bin/sh
# run_figure.sh - figures: drawn again by their own script, harmless texts, life without gnuplot.
set -eu

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
scenario=$SRCDIR/scenarios/sgi-last-of-64.json
name=sgi-last-of-64
failed=0

complain() {
	echo "$*" >&2
	failed=1
}

few() {
	"$IRQSIM" run "$@" --replications 2 --set /stop/interrupts=100
}

# Without gnuplot: a warning, and everything else.
mkdir bin
for tool in sh; do
	ln -s "$(command -v $tool)" bin/
done
PATH=$tmp/bin few "$scenario" -o without >table 2>messages ||
	complain "a missing gnuplot is the end of a run"
grep -q 'warning: .*gnuplot' messages || complain "no warning about a missing gnuplot"
for file in result.json summary.csv host.json figures/$name.dat figures/$name.gp; do
	[ -s "without/$file" ] || complain "without gnuplot there is no $file"
done
[ ! -e without/figures/$name.svg ] || complain "a figure without gnuplot"
if grep -q '^Figure' table; then
	complain "the table promises a figure without gnuplot"
fi

# One that fails.
printf '#!/bin/sh\necho "line 7: it broke" >&2\nexit 1\n' >bin/gnuplot
chmod +x bin/gnuplot
PATH=$tmp/bin few "$scenario" -o broken >table 2>messages || complain "a failing gnuplot is the end"
grep -q 'it broke' messages || complain "gnuplot's own message is not shown"
[ -s broken/result.json ] || complain "no result after a failing gnuplot"
if grep -q '^Figure' table; then
	complain "the table promises a figure of a failing gnuplot"
fi

# One that says nothing and draws nothing.
printf '#!/bin/sh\n' >bin/gnuplot
PATH=$tmp/bin few "$scenario" -o idle >table 2>messages || complain "an idle gnuplot is the end"
grep -q 'has not written one' messages || complain "no warning about an idle gnuplot"
if grep -q '^Figure' table; then
	complain "the table promises a figure of an idle gnuplot"
fi

command -v gnuplot >/dev/null || {
	echo "no gnuplot here: the rest is not tested" >&2
	exit "$failed"
}

# The same bytes each time, and from the script alone.
few "$scenario" -o one -q >table
grep -q "^Figure: one/figures/$name.svg" table || complain "the table does not name the figure"
few "$scenario" -o two -q >/dev/null
cmp one/figures/$name.svg two/figures/$name.svg || complain "another run, another figure"
(cd one/figures && rm $name.svg && gnuplot $name.gp 2>/dev/null)
cmp one/figures/$name.svg two/figures/$name.svg || complain "the script draws another figure"
python3 -c '
import sys, xml.dom.minidom
text = open(sys.argv[1], encoding="utf-8").read()
xml.dom.minidom.parseString(text)
for word in ("linear-walk", "mpidr-hash", "ack", "vcpus", "ampere-altra", "f1:"):
    assert word in text, word' two/figures/$name.svg || complain "not the SVG that was expected"

# What is drawn can be read: every text in its own place, every curve with its own look.
cat >readable.py <<'END'
import re, sys
text = open(sys.argv[1], encoding="utf-8").read()
width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', text).groups())
shown = [(float(x), float(y), words) for x, y, words in re.findall(
    r'translate\(([\d.]+),([\d.]+)\)[^>]*>\s*<text>([^<]*)</text>', text)]
note = next(y for _, y, words in shown if " on " in words and "f1:" in words)
curves = [part.split("</title>", 1) for part in
          re.split(r'<g id="gnuplot_plot_\d+" ><title>', text)[1:]]
labels = [label for label, _ in curves]
looks = {re.search("stroke='rgb[^']*'", drawn).group() +
         str(re.findall("stroke-dasharray='[^']*'", drawn)[:1]) +
         str(re.findall("#gpPt[0-9]+", drawn)[:1]) for _, drawn in curves}
assert len(curves) == len(looks) == int(sys.argv[2]), (len(curves), len(looks))
places = [(x, y, words) for x, y, words in shown if words in labels]
assert len(places) == len(curves)
assert max(y for _, y, _ in places) < note - 12 and note < height, "the key is under the note"
numbers = [place for place in shown if re.fullmatch(r"\d+([mun]?s)?", place[2])]
tics_y = max(y for _, y, _ in numbers)
numbers = sorted({(x, words) for x, y, words in numbers if y == tics_y})
for (x, words), (next_x, next_words) in zip(numbers, numbers[1:]):
    assert next_x - x > 4 * (len(words) + len(next_words)), (words, next_words)
words = {words.strip() for _, _, words in shown}
for word in sys.argv[3:]:
    assert (word[1:] not in words) if word[0] == "!" else (word in words), word
END
readable() {	# SCENARIO CURVES TEXT..., of which !TEXT is not in the figure
	few "$SRCDIR/scenarios/$1.json" -o "$1" -q >/dev/null 2>messages || complain "$(cat messages)"
	python3 readable.py "$1/figures/$1.svg" "$2" $3 || complain "$1: its figure cannot be read"
}

readable $name 2 '0 1000 2000 vcpus 2 64'
readable halt-wake 8 '100 1000 10000 !0 work 20us 2ms'
readable overcommit 2 '2 20 200 !0'
readable lock-scaling 4 '0.05 0.5 5 !0 1 2 4 16 !18 32 64'
readable sgi-target-distance 2 '0 1 8 56 63'

# Texts are texts: no command, no markup, no format.
cp -r "$SRCDIR/scenarios/platforms" .
python3 -c '
import json, sys
scenario = json.load(open(sys.argv[1]))
scenario["name"] = "hostile"
scenario["about"]["question"] = (
    "`touch pwned`\x27.system(\x27touch pwned\x27) \"; !touch pwned\n"
    "@x $y <b>&amp; </b> {/Bold a} %s%n \\n \\\" é # ^ _ ~ | \x27\x27\x27 \x07")
for sweep in (scenario["sweep"], {}, {"/platform/costs/vm_exit/source": ["`touch pwned`", "\x27 %d <&>", "50%"]}):
    scenario["sweep"] = sweep
    json.dump(scenario, open("hostile%d.json" % len(str(sweep)), "w"))' "$scenario"
for hostile in hostile*.json; do
	few "$hostile" -o hostile >table 2>messages || complain "$hostile: $(cat messages)"
	if grep -v 'is new in Linux' messages; then
		complain "$hostile: messages"
	fi
	python3 -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' \
		hostile/figures/hostile.svg || complain "$hostile: no SVG"
	if find . -name pwned | grep .; then
		complain "$hostile: a text was executed"
	fi
done
exit "$failed"
