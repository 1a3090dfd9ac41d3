// SPDX-License-Identifier: MIT
//
// _asyncio.Future: a result that is still to come, and the callbacks that the loop calls when it is
// there. asyncio_internal.h says who may touch what. What the program sees is what CPython's does:
// Lib/asyncio/futures.py, and its tests.
//
// Callbacks are called by nobody here: they are taken out under the lock, and then the loop is
// asked to call them.
#include "vm/modules/asyncio_internal.h"
#include "vm/modules/contextvars_module.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/list.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

enum { FIRST_CAPACITY = 4 };

int future_check(const Future *f) {
    if (LIKELY(!value_is_null(field_raw(&f->loop))))
        return 0;
    return raise_int(&exception_RuntimeError, "Future object is not initialized.");
}
static Value future_loop(Future *f) {
    return field_load(&f->header, &f->loop);
}

// ---- callbacks -------------------------------------------------------------------------------

static void callback_release(FutureCallback callback) {
    ref_release(callback.function);
    ref_release(callback.context);
}

// What nobody else has any more.
static void callbacks_release(FutureCallbacks *callbacks) {
    callback_release(callbacks->first);
    for (int64_t i = 0; i < callbacks->count; i++)
        callback_release(callbacks->more[i]);
    buffer_free(callbacks->more);
}

static FutureCallbacks callbacks_take_locked(Future *f) {
    FutureCallbacks taken = f->callbacks;
    memset(&f->callbacks, 0, sizeof f->callbacks);
    return taken;
}

// Asks the loop to call them all. 0; -1: it has refused one, and those after it are forgotten.
// Takes them.
static int callbacks_schedule(Value self, FutureCallbacks *callbacks) {
    int status = 0;
    if (!value_is_null(callbacks->first.function) || callbacks->count) {
        Value loop = future_loop(future_of(self));
        if (!value_is_null(callbacks->first.function))
            status =
                asyncio_call_soon(loop, callbacks->first.function, self, callbacks->first.context);
        for (int64_t i = 0; i < callbacks->count && status == 0; i++)
            status = asyncio_call_soon(loop, callbacks->more[i].function, self,
                                       callbacks->more[i].context);
        ref_release(loop);
        callbacks_release(callbacks);
    }
    return status;
}

// With the lock: true if there was room. The references are the future's then.
static bool callbacks_add_locked(FutureCallbacks *callbacks, FutureCallback callback) {
    if (value_is_null(callbacks->first.function) && callbacks->count == 0)
        callbacks->first = callback;
    else if (callbacks->count < callbacks->capacity)
        callbacks->more[callbacks->count++] = callback;
    else
        return false;
    return true;
}

int future_add_callback(Value self, Value function, Value context) {
    Future *f = future_of(self);
    FutureCallback callback = {ref_new(function), ref_new(context)}, *spare = NULL;
    int64_t spare_capacity = 0;
    for (;;) {
        object_lock(&f->header);
        bool pending = f->state == FUTURE_PENDING;
        bool added = pending && callbacks_add_locked(&f->callbacks, callback);
        if (pending && !added && spare_capacity > f->callbacks.capacity) {
            memcpy(spare, f->callbacks.more, (size_t)f->callbacks.count * sizeof(FutureCallback));
            FutureCallback *old = f->callbacks.more;
            f->callbacks.more = spare;
            f->callbacks.capacity = spare_capacity;
            spare = old;
            added = callbacks_add_locked(&f->callbacks, callback);
        }
        int64_t capacity = f->callbacks.capacity;
        object_unlock(&f->header);
        buffer_free(spare);
        if (added)
            return 0;
        if (!pending) {
            Value loop = future_loop(f);
            int status = asyncio_call_soon(loop, function, self, context);
            ref_release(loop);
            callback_release(callback);
            return status;
        }
        spare_capacity = capacity ? 2 * capacity : FIRST_CAPACITY;
        spare = buffer_allocate((size_t)spare_capacity * sizeof(FutureCallback));
        if (!spare) {
            callback_release(callback);
            raise_memory_error();
            return -1;
        }
    }
}

// The callbacks of one moment as new references in a buffer with room for twice as many: their
// number, or -1. The buffer is NULL if there are none.
static int64_t callbacks_copy(Future *f, FutureCallback **out) {
    FutureCallback *copy = NULL;
    int64_t room = 0;
    for (;;) {
        object_lock(&f->header);
        const FutureCallbacks *callbacks = &f->callbacks;
        int64_t first = !value_is_null(callbacks->first.function), all = first + callbacks->count;
        if (all <= room) {
            if (first)
                copy[0] = callbacks->first;
            if (callbacks->count)
                memcpy(copy + first, callbacks->more,
                       (size_t)callbacks->count * sizeof(FutureCallback));
            for (int64_t i = 0; i < all; i++) {
                field_retain_locked(copy[i].function, false);
                field_retain_locked(copy[i].context, false);
            }
        }
        object_unlock(&f->header);
        if (all <= room) {
            *out = copy;
            return all;
        }
        buffer_free(copy);
        room = all;
        copy = buffer_allocate((size_t)room * 2 * sizeof(FutureCallback));
        if (!copy) {
            raise_memory_error();
            return -1;
        }
    }
}

static bool callback_same(FutureCallback a, FutureCallback b) {
    return value_same(a.function, b.function) && value_same(a.context, b.context);
}

// With the lock: takes out what is chosen of `copy`, all of whose entries come in the order in
// which the future has or had them. Those taken out, whose references are the caller's, go to
// `taken`; gives their number.
static int64_t callbacks_remove_locked(FutureCallbacks *callbacks, const FutureCallback *copy,
                                       const bool *chosen, int64_t count, FutureCallback *taken) {
    int64_t at = 0, removed = 0, kept = 0;
    for (int64_t i = -1; i < callbacks->count; i++) {
        FutureCallback own = i < 0 ? callbacks->first : callbacks->more[i];
        if (value_is_null(own.function))
            continue;
        int64_t found = at;
        while (found < count && !callback_same(copy[found], own))
            found++;
        if (found < count)
            at = found + 1;
        if (found < count && chosen[found]) {
            taken[removed++] = own;
            if (i < 0)
                memset(&callbacks->first, 0, sizeof callbacks->first);
        } else if (i >= 0) {
            callbacks->more[kept++] = own;
        }
    }
    if (kept < callbacks->count)
        field_forget_locked((Value *)(callbacks->more + kept), 2 * (callbacks->count - kept));
    callbacks->count = kept;
    return removed;
}

static Value future_remove_done_callback(Value self, Value function) {
    Future *f = future_of(self);
    FutureCallback *copy = NULL;
    if (future_check(f) < 0)
        return VALUE_NULL;
    int64_t count = callbacks_copy(f, &copy), removed = 0;
    if (count <= 0)
        return count < 0 ? VALUE_NULL : value_from_int(0);
    bool *chosen = buffer_allocate((size_t)count);
    bool any = false, failed = !chosen;
    if (failed)
        raise_memory_error();
    for (int64_t i = 0; i < count && !failed; i++) {
        int equal = value_equals(copy[i].function, function);
        failed = equal < 0;
        chosen[i] = equal > 0;
        any |= chosen[i];
    }
    if (any && !failed) {
        FutureCallback *taken = copy + count;
        object_lock(&f->header);
        removed = callbacks_remove_locked(&f->callbacks, copy, chosen, count, taken);
        object_unlock(&f->header);
        for (int64_t i = 0; i < removed; i++)
            callback_release(taken[i]);
    }
    for (int64_t i = 0; i < count; i++)
        callback_release(copy[i]);
    buffer_free(copy);
    buffer_free(chosen);
    return failed ? VALUE_NULL : value_from_int(removed);
}

static Value future_add_done_callback(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "context", NULL};
    Value v[2];
    if (LIKELY(nargs == 1 && value_is_null(kwnames))) {
        v[0] = args[0];
        v[1] = VALUE_NULL;
    } else if (arguments_parse("add_done_callback", args, nargs, kwnames, names, 1, 1, 1, v) < 0) {
        return VALUE_NULL;
    }
    if (value_is_null(field_raw(&future_of(self)->loop)))
        return raise_error(&exception_RuntimeError, "uninitialized Future object");
    Value context = value_is_null(v[1]) ? contextvars_copy_current() : ref_new(v[1]);
    if (value_is_null(context))
        return VALUE_NULL;
    int status = future_add_callback(self, v[0], context);
    ref_release(context);
    return status < 0 ? VALUE_NULL : none_new();
}

// ---- how it ends -----------------------------------------------------------------------------

// With the lock, of a pending future whose result is stored: the state that all can see from now
// on.
static FutureCallbacks end_locked(Future *f, FutureState state) {
    __atomic_store_n(&f->state, (uint8_t)state, __ATOMIC_RELEASE);
    return callbacks_take_locked(f);
}

int future_finish(Value self, Value result, bool *done) {
    Future *f = future_of(self);
    FutureCallbacks callbacks;
    ref_retain(result);
    object_lock(&f->header);
    *done = f->state == FUTURE_PENDING;
    if (*done) {
        result = field_swap_locked(&f->result, result);
        callbacks = end_locked(f, FUTURE_FINISHED);
    }
    object_unlock(&f->header);
    ref_release(result);
    return *done ? callbacks_schedule(self, &callbacks) : 0;
}

int future_finish_cancelled(Value self, Value message, bool *done) {
    Future *f = future_of(self);
    FutureCallbacks callbacks;
    ref_retain(message);
    asyncio_set_flag(&f->log_traceback, false);
    object_lock(&f->header);
    *done = f->state == FUTURE_PENDING;
    if (*done) {
        message = field_swap_locked(&f->cancel_message, message);
        callbacks = end_locked(f, FUTURE_CANCELLED);
    }
    object_unlock(&f->header);
    ref_release(message);
    return *done ? callbacks_schedule(self, &callbacks) : 0;
}

Value asyncio_raise_invalid_state(Value text) {
    Value class = value_is_null(text) ? text : asyncio_import(IMPORT_INVALID_STATE_ERROR);
    Value exception = value_is_null(class) ? class : value_call_one(class, text);
    if (!value_is_null(exception))
        raise_object(exception);
    ref_release(exception);
    ref_release(text);
    return VALUE_NULL;
}
static int raise_done(void) {
    asyncio_raise_invalid_state(str_from_cstr("invalid state"));
    return -1;
}

int future_finish_exception(Value self, Value given) {
    Future *f = future_of(self);
    if (future_state(f) != FUTURE_PENDING)
        return raise_done();
    bool is_class = value_has_flag(given, TYPE_TYPE_SUBCLASS) &&
                    type_is_subtype((Type *)value_object(given), &exception_BaseException);
    Value exception = is_class ? value_call_none(given) : ref_new(given);
    if (value_is_null(exception))
        return -1;
    bool stops = value_is_exactly(exception, &exception_StopIteration);
    if (!value_has_flag(exception, TYPE_EXCEPTION_SUBCLASS) || stops) {
        ref_release(exception);
        return raise_int(&exception_TypeError,
                         stops ? "StopIteration interacts badly with generators and cannot be "
                                 "raised into a Future"
                               : "invalid exception object");
    }
    Value traceback = exception_traceback(exception);
    FutureCallbacks callbacks;
    object_lock(&f->header);
    bool done = f->state == FUTURE_PENDING;
    if (done) {
        exception = field_swap_locked(&f->exception, exception);
        traceback = field_swap_locked(&f->exception_traceback, traceback);
        callbacks = end_locked(f, FUTURE_FINISHED);
    }
    object_unlock(&f->header);
    ref_release(exception);
    ref_release(traceback);
    if (!done)
        return raise_done();
    if (callbacks_schedule(self, &callbacks) < 0)
        return -1;
    asyncio_set_flag(&f->log_traceback, true);
    return 0;
}

static Value future_set_result(Value self, Value result) {
    bool done;
    if (future_check(future_of(self)) < 0 || future_finish(self, result, &done) < 0)
        return VALUE_NULL;
    if (!done) {
        raise_done();
        return VALUE_NULL;
    }
    return none_new();
}

static Value future_set_exception(Value self, Value exception) {
    if (future_check(future_of(self)) < 0 || future_finish_exception(self, exception) < 0)
        return VALUE_NULL;
    return none_new();
}

static Value future_cancel(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"msg", NULL};
    Value v[1] = {VALUE_NULL};
    bool done;
    if ((nargs || !value_is_null(kwnames)) &&
        arguments_parse("cancel", args, nargs, kwnames, names, 0, 1, 0, v) < 0)
        return VALUE_NULL;
    if (future_check(future_of(self)) < 0 || future_finish_cancelled(self, v[0], &done) < 0)
        return VALUE_NULL;
    return bool_new(done);
}

// ---- what came of it -------------------------------------------------------------------------

Value future_cancelled_error(Value self) {
    Future *f = future_of(self);
    Value saved = field_swap(&f->header, &f->cancelled_error, VALUE_NULL);
    if (!value_is_null(saved))
        return saved;
    Value class = asyncio_import(IMPORT_CANCELLED_ERROR);
    if (value_is_null(class))
        return class;
    Value message = field_load(&f->header, &f->cancel_message);
    bool plain = value_is_null(message) || value_is_none(message);
    Value exception = plain ? value_call_none(class) : value_call_one(class, message);
    ref_release(message);
    return exception;
}

int future_outcome(Value self, Value *out) {
    Future *f = future_of(self);
    switch (future_state(f)) {
    case FUTURE_PENDING:
        asyncio_raise_invalid_state(str_from_cstr("Result is not set."));
        return -1;
    case FUTURE_CANCELLED:
        *out = future_cancelled_error(self);
        return value_is_null(*out) ? -1 : 0;
    case FUTURE_FINISHED:
        break;
    }
    if (asyncio_flag(&f->log_traceback))
        asyncio_set_flag(&f->log_traceback, false);
    *out = field_load(&f->header, &f->exception);
    if (LIKELY(value_is_null(*out))) {
        *out = field_load(&f->header, &f->result);
        if (LIKELY(!value_is_null(*out)))
            return 1;
        // Another thread has called __init__ meanwhile.
        asyncio_raise_invalid_state(str_from_cstr("Result is not set."));
        return -1;
    }
    exception_set_traceback(*out, field_swap(&f->header, &f->exception_traceback, VALUE_NULL));
    return 0;
}

Value future_result(Value self) {
    Value outcome;
    int status = future_outcome(self, &outcome);
    if (status > 0)
        return outcome;
    if (status == 0) {
        raise_object(outcome);
        ref_release(outcome);
    }
    return VALUE_NULL;
}

static Value raise_not_started(void) {
    return asyncio_raise_invalid_state(str_from_cstr("Future object is not initialized."));
}

static Value future_get_result(Value self) {
    return value_is_null(field_raw(&future_of(self)->loop)) ? raise_not_started()
                                                            : future_result(self);
}

static Value future_exception(Value self) {
    Future *f = future_of(self);
    if (value_is_null(field_raw(&f->loop)))
        return raise_not_started();
    FutureState state = future_state(f);
    if (state == FUTURE_PENDING)
        return asyncio_raise_invalid_state(str_from_cstr("Exception is not set."));
    if (state == FUTURE_CANCELLED)
        return future_result(self);
    asyncio_set_flag(&f->log_traceback, false);
    Value exception = field_load(&f->header, &f->exception);
    return value_is_null(exception) ? none_new() : exception;
}

static Value future_done(Value self) {
    return bool_new(future_state(future_of(self)) != FUTURE_PENDING);
}
static Value future_cancelled(Value self) {
    return bool_new(future_state(future_of(self)) == FUTURE_CANCELLED);
}
static Value future_get_loop(Value self) {
    return future_check(future_of(self)) < 0 ? VALUE_NULL : future_loop(future_of(self));
}

// ---- its beginning and its end ---------------------------------------------------------------

// What extract_stack() gives if the loop is in debug mode, else VALUE_NULL. 0, -1.
static int note_source(Value loop, Value *stack) {
    *stack = VALUE_NULL;
    Value debug = value_call_method(loop, asyncio_names[NAME_GET_DEBUG], NULL, 0);
    int truth = value_is_null(debug) ? -1 : value_truth(debug);
    ref_release(debug);
    if (truth <= 0)
        return truth;
    Value extract = asyncio_import(IMPORT_EXTRACT_STACK);
    if (!value_is_null(extract))
        *stack = value_call_none(extract);
    return value_is_null(*stack) ? -1 : 0;
}

int future_start(Value self, Value given_loop) {
    Future *f = future_of(self);
    bool given = !value_is_null(given_loop) && !value_is_none(given_loop);
    Value loop = given ? ref_new(given_loop) : asyncio_get_event_loop(), stack;
    if (value_is_null(loop))
        return -1;
    if (note_source(loop, &stack) < 0) {
        ref_release(loop);
        return -1;
    }
    // It may have been called before: then all that it was is forgotten.
    object_lock(&f->header);
    FutureCallbacks callbacks = callbacks_take_locked(f);
    Value old[] = {
        field_swap_locked(&f->loop, loop),
        field_swap_locked(&f->source_traceback, stack),
        field_swap_locked(&f->result, VALUE_NULL),
        field_swap_locked(&f->exception, VALUE_NULL),
        field_swap_locked(&f->exception_traceback, VALUE_NULL),
        field_swap_locked(&f->cancel_message, VALUE_NULL),
        field_swap_locked(&f->cancelled_error, VALUE_NULL),
    };
    asyncio_set_flag(&f->log_traceback, false);
    asyncio_set_flag(&f->blocking, false);
    __atomic_store_n(&f->state, FUTURE_PENDING, __ATOMIC_RELEASE);
    object_unlock(&f->header);
    for (size_t i = 0; i < sizeof old / sizeof *old; i++)
        ref_release(old[i]);
    callbacks_release(&callbacks);
    return 0;
}

static Value future_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    return value_from_object(object_allocate(type));
}

static int future_init(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"loop", NULL};
    Value v[1];
    if (arguments_parse("Future", args, nargs, kwnames, names, 0, 0, 0, v) < 0)
        return -1;
    return future_start(self, v[0]);
}

void future_drop(Object *self) {
    Future *f = (Future *)self;
    object_lock(self);
    FutureCallbacks callbacks = callbacks_take_locked(f);
    Value *const slots[] = {&f->loop,           &f->dict,           &f->source_traceback,
                            &f->result,         &f->exception,      &f->exception_traceback,
                            &f->cancel_message, &f->cancelled_error};
    Value old[sizeof slots / sizeof *slots];
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        old[i] = field_swap_locked(slots[i], VALUE_NULL);
    object_unlock(self);
    for (size_t i = 0; i < sizeof slots / sizeof *slots; i++)
        ref_release(old[i]);
    callbacks_release(&callbacks);
}

static void future_destroy(Object *self) {
    future_drop(self);
    type_free_instance(self);
}

void future_traverse(Object *self, GcVisitor *visitor) {
    Future *f = (Future *)self;
    gc_visit(visitor, f->dict);
    gc_visit(visitor, f->loop);
    gc_visit(visitor, f->callbacks.first.function);
    gc_visit(visitor, f->callbacks.first.context);
    for (int64_t i = 0; i < f->callbacks.count; i++) {
        gc_visit(visitor, f->callbacks.more[i].function);
        gc_visit(visitor, f->callbacks.more[i].context);
    }
    gc_visit(visitor, f->result);
    gc_visit(visitor, f->exception);
    gc_visit(visitor, f->exception_traceback);
    gc_visit(visitor, f->source_traceback);
    gc_visit(visitor, f->cancel_message);
    gc_visit(visitor, f->cancelled_error);
}

void future_call_handler(Value self, Value context) {
    Future *f = future_of(self);
    Value stack = field_load(&f->header, &f->source_traceback), loop = future_loop(f);
    if (!value_is_null(context) &&
        (value_is_null(stack) || dict_set_cstr(context, "source_traceback", stack) == 0)) {
        Value result =
            value_call_method(loop, asyncio_names[NAME_CALL_EXCEPTION_HANDLER], &context, 1);
        ref_release(result);
    }
    if (error_occurred())
        error_report_unraisable(NULL, self);
    ref_release(context);
    ref_release(stack);
    ref_release(loop);
}

// An exception that nobody asked for is reported.
void future_finalize(Object *object) {
    Value self = value_from_object(object);
    Future *f = (Future *)object;
    if (LIKELY(!asyncio_take_flag(&f->log_traceback)))
        return;
    Value pending = error_take(), context = dict_new();
    Value exception = field_load(object, &f->exception);
    Value message = str_format("%N exception was never retrieved", object->type);
    if (value_is_null(context) || value_is_null(message) ||
        dict_set_cstr(context, "message", message) < 0 ||
        dict_set_cstr(context, "exception", exception) < 0 ||
        dict_set_cstr(context, "future", self) < 0) {
        ref_release(context);
        context = VALUE_NULL;
    }
    ref_release(message);
    ref_release(exception);
    future_call_handler(self, context);
    if (!value_is_null(pending))
        error_restore(pending);
}

// ---- attributes ------------------------------------------------------------------------------

static Value future_repr(Value self) {
    Value repr =
        future_check(future_of(self)) < 0 ? VALUE_NULL : asyncio_import(IMPORT_FUTURE_REPR);
    return value_is_null(repr) ? repr : value_call_one(repr, self);
}

static Value get_field(Value self, const Value *slot) {
    Value v = field_load(value_object(self), slot);
    return value_is_null(v) ? none_new() : v;
}
static Value get_checked(Value self, const Value *slot) {
    return future_check(future_of(self)) < 0 ? VALUE_NULL : get_field(self, slot);
}

static Value get_state(Value self) {
    static const char *const texts[] = {"PENDING", "CANCELLED", "FINISHED"};
    Future *f = future_of(self);
    return future_check(f) < 0 ? VALUE_NULL : str_intern_cstr(texts[future_state(f)]);
}
static Value get_loop(Value self) {
    return get_field(self, &future_of(self)->loop);
}
static Value get_result(Value self) {
    return get_checked(self, &future_of(self)->result);
}
static Value get_exception(Value self) {
    return get_checked(self, &future_of(self)->exception);
}
static Value get_source_traceback(Value self) {
    return get_field(self, &future_of(self)->source_traceback);
}
static Value get_cancel_message(Value self) {
    return get_field(self, &future_of(self)->cancel_message);
}
static int cannot_delete(void) {
    return raise_int(&exception_AttributeError, "cannot delete attribute");
}
static int set_cancel_message(Value self, Value message) {
    if (value_is_null(message))
        return cannot_delete();
    Future *f = future_of(self);
    field_store(&f->header, &f->cancel_message, ref_new(message));
    return 0;
}
static Value get_log_traceback(Value self) {
    Future *f = future_of(self);
    return future_check(f) < 0 ? VALUE_NULL : bool_new(asyncio_flag(&f->log_traceback));
}
static int set_log_traceback(Value self, Value value) {
    if (value_is_null(value))
        return cannot_delete();
    int truth = value_truth(value);
    if (truth > 0)
        return raise_int(&exception_ValueError, "_log_traceback can only be set to False");
    if (truth == 0)
        asyncio_set_flag(&future_of(self)->log_traceback, false);
    return truth;
}
static Value get_blocking(Value self) {
    Future *f = future_of(self);
    return bool_new(!value_is_null(field_raw(&f->loop)) && asyncio_flag(&f->blocking));
}
static int set_blocking(Value self, Value value) {
    Future *f = future_of(self);
    if (future_check(f) < 0)
        return -1;
    if (value_is_null(value))
        return cannot_delete();
    int truth = value_truth(value);
    if (truth >= 0)
        asyncio_set_flag(&f->blocking, truth);
    return truth < 0 ? -1 : 0;
}
// None, or a new list of pairs of callback and context.
static Value get_callbacks(Value self) {
    FutureCallback *copy = NULL;
    if (future_check(future_of(self)) < 0)
        return VALUE_NULL;
    int64_t count = callbacks_copy(future_of(self), &copy);
    if (count <= 0)
        return count < 0 ? VALUE_NULL : none_new();
    Value list = list_new_sized(count);
    for (int64_t i = 0; i < count; i++) {
        Value context = value_is_null(copy[i].context) ? none_new() : copy[i].context;
        Value pair = tuple_pair_owned(copy[i].function, context);
        if (!value_is_null(list) && (value_is_null(pair) || list_append_owned(list, pair) < 0)) {
            ref_release(list);
            list = VALUE_NULL;
        } else if (value_is_null(list)) {
            ref_release(pair);
        }
    }
    buffer_free(copy);
    return list;
}
static Value future_make_cancelled_error(Value self) {
    return future_cancelled_error(self);
}

static const NativeDef future_methods[] = {
    DEF_NONE("result", future_get_result,
             "result($self, /)\n--\n\nThe result, or what was raised instead."),
    DEF_NONE("exception", future_exception,
             "exception($self, /)\n--\n\nThe exception that was set, or None."),
    DEF_ONE("set_result", future_set_result,
            "set_result($self, result, /)\n--\n\nThe future is done and has this result."),
    DEF_ONE("set_exception", future_set_exception,
            "set_exception($self, exception, /)\n--\n\nThe future is done and has failed so."),
    DEF_VECTOR("add_done_callback", future_add_done_callback,
               "add_done_callback($self, fn, /, *, context=<unrepresentable>)\n--\n\n"
               "The loop calls fn(future) soon after the future is done."),
    DEF_ONE("remove_done_callback", future_remove_done_callback,
            "remove_done_callback($self, fn, /)\n--\n\n"
            "Takes out all callbacks that equal fn; gives their number."),
    DEF_VECTOR("cancel", future_cancel,
               "cancel($self, /, msg=None)\n--\n\n"
               "Ends the future with CancelledError. False: it was done already."),
    DEF_NONE("cancelled", future_cancelled, "cancelled($self, /)\n--\n\nWhether it was cancelled."),
    DEF_NONE("done", future_done,
             "done($self, /)\n--\n\nWhether it has a result or an exception or was cancelled."),
    DEF_NONE("get_loop", future_get_loop,
             "get_loop($self, /)\n--\n\nThe loop that calls its callbacks."),
    DEF_NONE("_make_cancelled_error", future_make_cancelled_error,
             "_make_cancelled_error($self, /)\n--\n\n"
             "The CancelledError to raise. What ended a task is given once."),
    DEF_CLASS_ONE("__class_getitem__", generic_alias_class_getitem, "See PEP 585"),
    DEF_END,
};

static const GetSetDef future_getsets[] = {
    {"_state", get_state, NULL, NULL},
    {"_asyncio_future_blocking", get_blocking, set_blocking, NULL},
    {"_loop", get_loop, NULL, NULL},
    {"_callbacks", get_callbacks, NULL, NULL},
    {"_result", get_result, NULL, NULL},
    {"_exception", get_exception, NULL, NULL},
    {"_log_traceback", get_log_traceback, set_log_traceback, NULL},
    {"_source_traceback", get_source_traceback, NULL, NULL},
    {"_cancel_message", get_cancel_message, set_cancel_message, NULL},
    {NULL},
};

Type asyncio_future_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_asyncio.Future",
    .basic_size = sizeof(Future),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_HAS_DICT_FIELD | TYPE_WEAKREFABLE | TYPE_HAS_FINALIZER | TYPE_HAS_DEL,
    .dict_offset = offsetof(Future, dict),
    .doc = "Future(*, loop=None)\n--\n\nA result that is still to come.",
    .call_new = future_new,
    .init = future_init,
    .destroy = future_destroy,
    .traverse = future_traverse,
    .clear = future_drop,
    .finalize = future_finalize,
    .repr = future_repr,
    .iter = future_iterator_new,
    .await = future_iterator_new,
    .methods = future_methods,
    .getsets = future_getsets,
};
