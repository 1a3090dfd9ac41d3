// SPDX-License-Identifier: MIT
//
// What a rich comparison's operator says of two C numbers. For types' compare slots.
#ifndef LOCKSMITH_VM_COMPARE_H
#define LOCKSMITH_VM_COMPARE_H

#include "vm/object.h"
#include <stdbool.h>
#include <stdint.h>

static inline bool compare_i64(int64_t a, int64_t b, CompareOperator op) {
    switch (op) {
    case COMPARE_LT:
        return a < b;
    case COMPARE_LE:
        return a <= b;
    case COMPARE_EQ:
        return a == b;
    case COMPARE_NE:
        return a != b;
    case COMPARE_GT:
        return a > b;
    default:
        return a >= b;
    }
}

static inline bool compare_double(double a, double b, CompareOperator op) {
    switch (op) {
    case COMPARE_LT:
        return a < b;
    case COMPARE_LE:
        return a <= b;
    case COMPARE_EQ:
        return a == b;
    case COMPARE_NE:
        return a != b;
    case COMPARE_GT:
        return a > b;
    default:
        return a >= b;
    }
}

#endif
