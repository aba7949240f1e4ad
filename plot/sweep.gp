# sweep.gp - an interval against a swept value, one curve per alternative with its interval.
#
# Uses data (blocks of x, mean, low, high), labels and x_log, the base or 0, beside what common.gp uses.

if (x_log) set logscale x x_log
set autoscale xfix
set offsets graph 0.02, graph 0.02, graph 0.05, 0
plot for [i = 1:|labels|] data index i - 1 using 1:2:3:4 with yerrorlines linetype i title labels[i]
set output
