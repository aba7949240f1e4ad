# common.gp - what all figures share: terminal, colours, shapes, texts.
#
# Uses image, figure_title, note, x_title, y_title, which the lines above it have set.
# Colours are Okabe and Ito's, told apart by colour-blind readers, in an order of falling contrast
# to white; every curve has a shape too, for print without colour: 63 pairs before any comes again.

set encoding utf8
set terminal svg size 800,500 dynamic noenhanced font 'Helvetica,Arial,sans-serif,14' background '#ffffff'
set output image

colours = '#0072b2 #d55e00 #009e73 #cc79a7 #000000 #e69f00 #56b4e9'
shapes = '7 5 9 11 13 6 4 8 10'
do for [i = 1:63] {
	set linetype i lc rgb word(colours, (i - 1) % 7 + 1) lw 2 \
		pt int(word(shapes, (i - 1) % 9 + 1)) ps 0.8
}
set linetype cycle 63

set border 3 lc rgb '#555555'
set tics nomirror out textcolor rgb '#222222'
set grid y lt 1 lc rgb '#dddddd' lw 1 dt 1
set title figure_title font ',15' noenhanced
set xlabel x_title noenhanced
set ylabel y_title noenhanced
set label 1 note at screen 0.985,0.02 right font ',11' textcolor rgb '#666666' noenhanced
set bmargin at screen 0.21
set rmargin 4
set key at screen 0.5,0.095 center top horizontal maxrows 2 reverse Left spacing 1.2 samplen 3 noenhanced
set yrange [0:*]
