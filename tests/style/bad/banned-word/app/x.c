/* bad: TODO everything */
extern int XXXL;
/* bad: XXX */
