// SPDX-License-Identifier: MIT
//
// What a format of the struct module means: a list of steps with offsets. Shared by the files of
// _struct alone.
//
// A Layout is an object, immutable once made, so a Struct whose format is set again by another
// thread cannot take the steps from under a pack() that is on its way.
#ifndef LOCKSMITH_VM_MODULES_STRUCT_LAYOUT_H
#define LOCKSMITH_VM_MODULES_STRUCT_LAYOUT_H

#include "vm/object.h"

typedef enum {
    STEP_SIGNED,
    STEP_UNSIGNED,
    STEP_CHAR,
    STEP_BOOL,
    STEP_HALF,
    STEP_FLOAT,
    STEP_DOUBLE,
    STEP_STRING,
    STEP_PASCAL,
    STEP_POINTER,
} StepKind;

typedef struct {
    uint8_t kind;    // StepKind
    uint8_t letter;  // of the format
    bool swapped;    // big-endian
    bool native;     // '@': float overflow is not looked for
    int64_t offset;  // of the first item
    int64_t size;    // of one item: 1, 2, 4, 8, or the length of a string
    int64_t repeats; // items side by side
} Step;

typedef struct {
    Object header;
    Value format; // str, constant
    int64_t size, items;
    int64_t step_count;
    Step steps[];
} Layout;

extern Type struct_layout_type;
extern Value struct_error; // struct.error, made by the module's fill

static inline Layout *layout_of(Value v) {
    return (Layout *)value_object(v);
}

// The layout of a format given as str or bytes. New reference.
Value layout_new(Value format);
// Writes size bytes from the items (as many as the layout has). to need not be aligned. 0 or -1.
// May run Python code (__index__, __float__, __bool__).
int layout_pack(const Layout *layout, const Value *items, uint8_t *to);
// A tuple of the items at from. Runs no Python code.
Value layout_unpack(const Layout *layout, const uint8_t *from);

#endif
