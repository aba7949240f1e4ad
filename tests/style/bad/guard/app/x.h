#ifndef X_H /* bad */
#define X_H
#endif
