# published.gp - what the simulator says against what has been published, on equal logarithmic axes.
#
# A panel per unit, each with the diagonal and the band of the error that a prediction may have.
# Roles are told apart by shape and filling, in grey too. Uses data (a block per panel and role:
# published middle, low, high, simulated value, low, high), image, titles, nr_rows, nr_roles, ranges
# (low and high of each panel) and limit, which the lines above it have set.

set encoding utf8
nr_panels = 0
do for [i = 1:|titles|] { nr_panels = nr_panels + (nr_rows[i] > 0) }
nr_panels = nr_panels > 0 ? nr_panels : 1
set terminal svg size 380 * nr_panels + 20,440 dynamic noenhanced \
	font 'Helvetica,Arial,sans-serif,14' background '#ffffff'
set output image
set border 3 lc rgb '#555555'
set tics nomirror out textcolor rgb '#222222'
set grid lt 1 lc rgb '#dddddd' lw 1 dt 1
set logscale xy
set samples 50
set errorbars 0
set key at graph 0.02,0.98 left top reverse Left samplen 1 spacing 1.2 noenhanced
set multiplot layout 1,nr_panels margins 0.16 / nr_panels,1 - 0.06 / nr_panels,0.16,0.9 \
	spacing 0.2 / nr_panels

# Few decades have tics at 2 and 5 too. The key is in the first panel alone.
first = 1
array colours[3] = ['#222222', '#d55e00', '#888888']
array points[3] = [6, 7, 2]
array roles[3] = ['calibration', 'prediction', 'recalled']
do for [i = 1:|titles|] {
	if (nr_rows[i] > 0) {
		low = ranges[2 * i - 1] / 1.6
		high = ranges[2 * i] * 1.6
		numbers = high < 10000 ? '%g' : '%.0s%c'
		set format xy numbers
		if (!first) { unset key }
		first = 0
		set xrange [low:high]
		set yrange [low:high]
		set size square
		set title titles[i] font ',15'
		set xlabel 'published' offset 0, 0.4
		set ylabel 'simulated' offset 1
		unset xtics
		unset ytics
		set xtics nomirror out textcolor rgb '#222222'
		set ytics nomirror out textcolor rgb '#222222'
		if (high / low < 200) {
			set xtics ('' high * 10)
			set ytics ('' high * 10)
			do for [e = -4:12] {
				do for [m in '1 2 5'] {
					at = m * 10.0 ** e
					if (at >= low && at <= high) {
						set xtics add (gprintf(numbers, at) at)
						set ytics add (gprintf(numbers, at) at)
					}
				}
			}
		}
		plot '+' using 1:($1 * (1 - limit)):($1 * (1 + limit)) with filledcurves \
			     fc rgb '#eeeeee' title sprintf('within %g %%', limit * 100), \
		     x with lines lc rgb '#888888' lw 1 notitle, \
		     for [r = 1:nr_roles] data index 3 * (i - 1) + r - 1 using 1:4:2:3:5:6 \
			     with xyerrorbars lc rgb colours[r] pt points[r] ps 0.9 lw 1.2 \
			     title roles[r]
	}
}
unset multiplot
set output
