#include <glib.h>
#include "sim/a.h"
#include "app/a.h"
#include "x.h" /* bad */
#include "app/../x.h" /* bad */
#include "tests/x.h" /* bad */
