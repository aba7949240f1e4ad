/*
 * x - reaches up.
 */
#include <Random123/philox.h>
#include <string.h>
#include "sim/a.h"
#include "models/line.h" /* bad */
#include <glib.h> /* bad */
