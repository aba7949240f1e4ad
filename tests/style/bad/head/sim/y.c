#include "sim/y.h" /* bad */
