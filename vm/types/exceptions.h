// SPDX-License-Identifier: MIT
//
// Exception instances and traceback objects (vm/types/exceptions*.c).
#ifndef LOCKSMITH_VM_TYPES_EXCEPTIONS_H
#define LOCKSMITH_VM_TYPES_EXCEPTIONS_H

#include "vm/object.h"

// Every exception instance begins so. Fields are guarded by the object's lock. Types with more
// fields (OSError, SyntaxError, StopIteration, ...) extend it. Subclass instances keep other
// attributes in the dict field.
typedef struct {
    Object header;
    Value dict;      // VALUE_NULL until used
    Value args;      // tuple
    Value traceback; // Traceback or VALUE_NULL
    Value context, cause;
    bool suppress_context;
} Exception;

typedef struct {
    Exception base;
    Value value;
} StopIterationObject;

typedef struct {
    Object header;
    Value next;   // Traceback or VALUE_NULL
    Value frame;  // frame object
    int32_t last; // tb_lasti: two to an instruction word of the code
    int32_t line;
} Traceback;

extern Type traceback_type;

// A new instance of type (a BaseException subclass) with these args. VALUE_NULL on error.
Value exception_new(Type *type, const Value *args, size_t nargs);
// Line `wanted` (1-based) of a source file without its end-of-line, or NULL. The caller frees it.
char *exception_source_line(Value filename, int wanted);
Value exception_traceback(Value exception);                     // new reference or VALUE_NULL
void exception_set_traceback(Value exception, Value traceback); // consumes traceback
// The same for a traceback that nobody else has seen, whose slot `next` gets the one before it.
void exception_push_traceback(Value exception, Value traceback, Value *next);
void exception_set_context(Value exception, Value context); // consumes context
void exception_set_cause(Value exception, Value cause);     // consumes; sets suppress_context
void exceptions_start(void); // readies the types, preallocates MemoryError

#endif
