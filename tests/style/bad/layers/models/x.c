/*
 * x - reaches up.
 */
#include "sim/a.h"
#include "models/a.h"
#include "app/a.h" /* bad */
#include <math.h> /* bad */
