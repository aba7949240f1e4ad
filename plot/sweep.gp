# sweep.gp - an interval against a swept value, one curve per alternative with its interval.
#
# With many curves the key goes to the right, and the title over the whole width.
# Uses data (blocks of x, mean, low, high), labels and x_log, the base or 0, beside what common.gp uses.

if (x_log) set logscale x x_log
if (|labels| > 4) {
	set key outside right top vertical maxrows 30
	unset rmargin
	set bmargin at screen 0.16
	set tmargin at screen 0.84
	unset title
	set label 2 figure_title at screen 0.5,0.95 center font ',15' noenhanced
}
set autoscale xfix
set offsets graph 0.02, graph 0.02, graph 0.05, 0
plot for [i = 1:|labels|] data index i - 1 using 1:2:3:4 \
     with yerrorlines linetype i title labels[i]
set output
