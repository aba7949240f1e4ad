/*
 * x - right.
 */
#ifndef SIM_SUB_X_H
#define SIM_SUB_X_H
#ifndef OTHER
#endif
#endif
