# common.gp - what all figures share: terminal, colours, shapes, texts.
#
# Uses image, figure_title, note, x_title, y_title, which the lines above it have set.
# Colours are Okabe and Ito's, told apart by colour-blind readers, in an order of falling contrast
# to white; every curve has a shape of its own too, for print without colour.

set encoding utf8
set terminal svg size 800,500 dynamic noenhanced font 'Helvetica,Arial,sans-serif,14' background '#ffffff'
set output image

set linetype 1 lc rgb '#0072b2' lw 2 pt 7 ps 0.7
set linetype 2 lc rgb '#d55e00' lw 2 pt 5 ps 0.7
set linetype 3 lc rgb '#009e73' lw 2 pt 9 ps 0.9
set linetype 4 lc rgb '#cc79a7' lw 2 pt 11 ps 0.9
set linetype 5 lc rgb '#000000' lw 2 pt 13 ps 0.9
set linetype 6 lc rgb '#e69f00' lw 2 pt 6 ps 0.8
set linetype 7 lc rgb '#56b4e9' lw 2 pt 4 ps 0.8
set linetype cycle 7

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
