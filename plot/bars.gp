# bars.gp - an interval of each alternative, as bars with their intervals.
#
# On a logarithmic axis, which has no 0 for a bar to stand on, points with their intervals.
# Uses data (a block of one row for each: x, mean, low, high), beside what common.gp uses.

set xrange [0.4:|labels| + 0.6]
set xtics ('' 0)
set for [i = 1:|labels|] xtics add (labels[i] i)
set xtics scale 0
set style fill solid 0.85 border lc rgb '#222222'
set key off
set bmargin at screen 0.13
set offsets 0, 0, graph (y_log ? 0 : 0.1), 0
if (y_log) {
	plot for [i = 1:|labels|] data index i - 1 using (i):2:(shown_low($3)):4 \
	     with yerrorbars linetype i
} else {
	plot for [i = 1:|labels|] data index i - 1 using (i):2:3:4:(0.5) \
	     with boxerrorbars linetype i
}
set output
