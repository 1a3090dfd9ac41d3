// SPDX-License-Identifier: MIT
//
// Raising, inspecting and reporting exceptions from C.
//
// The exception being raised is thread->exception, a local reference to an instance. Raising
// sets __context__ to the exception being handled (thread_handled()) as Python does.
#ifndef LOCKSMITH_VM_RUNTIME_ERRORS_H
#define LOCKSMITH_VM_RUNTIME_ERRORS_H

#include "vm/object.h"
#include "vm/runtime/thread.h"
#include <stdarg.h>

// The builtin exception types: exception_TypeError etc. (vm/types/exceptions.c). X-macro of
// (name, base): see exceptions.def.
#define EXCEPTION(name, base) extern Type exception_##name;
#include "vm/types/exceptions.def"
#undef EXCEPTION
extern Type exception_BaseException, exception_ExceptionGroup;

static inline bool error_occurred(void) {
    return !value_is_null(thread_current()->exception);
}

// Raises type(message). The format is printf's (d i u x c s p with l ll z and widths and precision,
// %%) plus
//   %V  str() of a Value      %R  repr() of a Value      %A  ascii()
//   %T  the name of a Value's type, as in "'%T' object is not callable" (no quotes added)
//   %G  the same of a given argument, as in "f() argument 1 must be str, not None": None is itself
//   %N  a Type*'s name (for native types without the module part)
// Always gives VALUE_NULL, so that `return raise(...)` works; raise_int gives -1.
Value raise_error(Type *type, const char *format, ...);
int raise_int(Type *type, const char *format, ...);
#define raise_type_error(...) raise_error(&exception_TypeError, __VA_ARGS__)
#define raise_value_error(...) raise_error(&exception_ValueError, __VA_ARGS__)
Value raise_memory_error(void);                      // preallocated; never allocates
Value raise_errno(int errno_value);                  // OSError subclass by errno
Value raise_errno_path(int errno_value, Value path); // with filename
Value raise_key_error(Value key);                    // KeyError(key), even if key is a tuple
Value raise_object(Value exception);     // raises an instance (borrowed) or calls a class
Value raise_stop_iteration(Value value); // VALUE_NULL: without value
Value raise_arguments(const char *function, size_t nargs, int min,
                      int max); // CPython's wording for natives

// Sets the exception without touching __context__; consumes the reference.
void error_restore(Value exception);
// Takes the exception away: a new reference, or VALUE_NULL.
Value error_take(void);
void error_clear(void);
bool error_matches(Type *type); // the pending one; false if none
int exception_matches(
    Value exception_or_type,
    Value class_or_tuple); // for except clauses: 0, 1, -1 (TypeError for non-classes)
// Pending StopIteration only: clears it and gives its value (new reference), else VALUE_NULL.
Value error_take_stop_iteration(void);

// Sets attributes of the pending exception: NameError.name; AttributeError.name and .obj.
void error_set_name(Value name);
void error_set_name_object(Value name, Value object);

// Adds an entry for the running frame to the pending exception's traceback.
void error_add_traceback(struct Frame *frame);
// Reports through sys.unraisablehook and clears it. context: what was running, or VALUE_NULL.
void error_report_unraisable(const char *message_or_null, Value context);
// The default of sys.unraisablehook. message and object: None if there is none. Leaves nothing
// pending.
void error_unraisable_default(Value exception, Value message, Value object);
// The program ended with an uncaught KeyboardInterrupt: the process should die by SIGINT.
extern bool error_exit_by_interrupt;
// Prints the pending exception via sys.excepthook and clears it; SystemExit ends the process
// in the caller's stead: gives the exit code to use.
int error_print_and_exit_code(void);
// The text CPython prints for an exception, chains and tracebacks included, written to file
// (a Python file object).
int error_display(Value exception, Value file);

// Warnings: category e.g. &exception_DeprecationWarning. -1 if it became an exception.
int warn(Type *category, int stack_level, const char *format, ...);

#endif
