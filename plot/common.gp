# common.gp - what all figures share: terminal, colours, shapes, texts, the y axis.
#
# Uses image, figure_title, note, x_title, y_title, y_span, y_smallest, y_top, labels and
# nr_alternatives, which the lines above it have set. Colours are Okabe and Ito's, told apart by colour-blind readers, in an
# order of falling contrast to white; every curve has a shape too, for print without colour. With
# more curves than colours an alternative keeps its colour, as far as they go, and each round over
# the colours has its own dashes, every other one hollow and larger shapes: 70 looks in all.

set encoding utf8
many = |labels| > 4
width = many ? 1000 : 800
rows = |labels| < 40 ? |labels| : 40
height = rows > 12 ? 205 + 25.2 * rows : 500
set terminal svg size width,height dynamic noenhanced font 'Helvetica,Arial,sans-serif,14' background '#ffffff'
set output image

colours = '#0072b2 #d55e00 #009e73 #cc79a7 #000000 #e69f00 #56b4e9'
full = '7 5 9 11 13 15 3'
hollow = '6 4 8 10 12 14 2'
round = |labels| > 7 && nr_alternatives < 7 ? 7 / nr_alternatives * nr_alternatives : 7
do for [i = 1:|labels|] {
	c = (i - 1) % round + 1
	r = (i - 1) / round
	set linetype i lc rgb word(colours, c) lw 2 dt 1 + r % 5 \
		pt int(word(r % 2 ? hollow : full, c)) ps (r % 2 ? 1.3 : 0.8)
}

set border 3 lc rgb '#555555'
set tics nomirror out textcolor rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 1 dt 1
set title figure_title font ',15' noenhanced
set xlabel x_title offset 0, 0.5 noenhanced
set ylabel y_title noenhanced
set label 1 note at screen 0.985,0.02 right font ',11' textcolor rgb '#666666' noenhanced
set rmargin 4

# Small values beside large ones: a logarithmic axis, with 2 and 5 between few decades. An interval
# that reaches below it ends at its lower end.
y_log = y_span > 20
y_low = y_log ? y_smallest / 1.5 : 0
shown_low(low) = y_log && low < y_low ? y_low : low
if (y_log) {
	set logscale y
	set yrange [y_low:y_top * 1.2]
	if (y_span < 1000) {
		set ytics ('' y_top * 10)
		do for [e = -9:18] {
			do for [m in '1 2 5'] {
				set ytics add (sprintf('%g', m * 10.0 ** e) m * 10.0 ** e)
			}
		}
	}
} else {
	set yrange [0:*]
}
