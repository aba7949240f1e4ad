# sweep.gp - an interval against a swept value, one curve per alternative with its interval.
#
# With many curves the key goes to the right, and the title over the whole width.
# Uses data (blocks of x, mean, low, high), x_log, the base or 0, x_numbers, nr_tics, tics and
# tics_at, beside what common.gp uses.

if (x_log) set logscale x x_log
place(x) = x_log ? log(x) : x

# A number keeps its tic but not its text where that would touch the one before it.
if (nr_tics) {
	set xtics (tics[1] tics_at[1])
	scale = 600 / (place(tics_at[nr_tics]) - place(tics_at[1]) + 1e-9)
	free = place(tics_at[1]) * scale + 4 * strlen(tics[1]) + 6
	do for [i = 2:nr_tics] {
		at = place(tics_at[i]) * scale
		half = 4 * strlen(tics[i])
		if (x_numbers && at - half < free) {
			set xtics add ('' tics_at[i])
		} else {
			set xtics add (tics[i] tics_at[i])
			free = at + half + 6
		}
	}
}

# The key ends above the note: beside the curves if they are many, else in one or two lines below.
if (many) {
	title_lines = 1
	do for [i = 1:strlen(figure_title)] {
		if (figure_title[i:i] eq "\n") { title_lines = title_lines + 1 }
	}
	set key outside right top vertical maxrows 40 reverse Left spacing 1.2 samplen 4 noenhanced
	unset rmargin
	set bmargin at screen 80.0 / height
	set tmargin at screen 1 - (28.0 + 22.5 * title_lines) / height
	unset title
	set label 2 figure_title at screen 0.5,1 - 25.0 / height center font ',15' noenhanced
} else {
	rows = |labels| > 2 ? 2 : 1
	set bmargin at screen 0.168 + 0.05 * rows
	set key at screen 0.5,0.045 + 0.05 * rows center top horizontal maxrows 2 reverse Left \
		spacing 1.2 samplen 3 noenhanced
}
set autoscale xfix
set offsets graph 0.02, graph 0.02, graph (y_log ? 0 : 0.05), 0
plot for [i = 1:|labels|] data index i - 1 using 1:2:(shown_low($3)):4 \
     with yerrorlines linetype i title labels[i]
set output
