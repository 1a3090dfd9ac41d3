// SPDX-License-Identifier: MIT
//
// Timeouts of calls that wait: from what a program gives to a deadline, and what is left of it.
#ifndef LOCKSMITH_VM_MODULES_TIMEOUTS_H
#define LOCKSMITH_VM_MODULES_TIMEOUTS_H

#include "vm/object.h"

#define TIMEOUT_NONE INT64_MIN // wait for ever

// A number times unit_ns (1000000000: seconds) to nanoseconds, rounded away from zero. TypeError if
// it is no number, ValueError for NaN, OverflowError.
int timeout_from_number(Value v, int64_t unit_ns, int64_t *ns);
int64_t timeout_now(void); // of the monotonic clock
// The moment ns from now; TIMEOUT_NONE stays so.
int64_t timeout_deadline(int64_t ns);
// What is left, not below 0; -1 if there is no deadline.
int64_t timeout_left(int64_t deadline);
// What is left in milliseconds for poll(): rounded up, -1 if there is no deadline.
int timeout_left_ms(int64_t deadline);

#endif
