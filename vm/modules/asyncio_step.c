// SPDX-License-Identifier: MIT
//
// The steps of a task: the loop calls one, which sends None (or throws an exception) into the
// coroutine and looks at what it yields. A future that is waited for gets the task's wake-up as a
// callback; the wake-up makes the next step.
//
// The loop calls a step, and so it is in no two threads at once for one task; what is shared with
// other threads is the future's and the task's words, which asyncio_internal.h orders.
#include "vm/modules/asyncio_internal.h"
#include "vm/types/exceptions.h"
#include "vm/types/function.h"
#include "vm/types/generator.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"

// What call_soon gets. Both constant.
typedef struct {
    Object header;
    Value task;
    Value exception; // to throw, or VALUE_NULL
} Step;

static Value task_wakeup(Value self, Value future);
static const NativeDef wakeup_def = DEF_ONE("task_wakeup", task_wakeup, NULL);

static Value task_loop(Value self) {
    return field_load(value_object(self), &task_of(self)->future.loop);
}
static Value task_context(Value self) {
    return field_load(value_object(self), &task_of(self)->context);
}

int task_step_soon(Value self, Value exception) {
    Step *step = object_allocate_exact(&asyncio_step_type, sizeof(Step), HEAP_CONTAINER);
    if (!step)
        return -1;
    step->task = ref_new(self);
    step->exception = ref_new(exception);
    Value loop = task_loop(self), context = task_context(self);
    int status = asyncio_call_soon(loop, value_from_object(step), VALUE_NULL, context);
    ref_release(context);
    ref_release(loop);
    ref_release_object(step);
    return status;
}

// ---- what the coroutine has yielded ----------------------------------------------------------

// The coroutine gets RuntimeError(text) at its next step. text as a new reference or VALUE_NULL. 0,
// -1.
static int complain(Value self, Value text) {
    if (value_is_null(text))
        return -1;
    Value error = value_call_one(value_from_object(&exception_RuntimeError), text);
    int status = value_is_null(error) ? -1 : task_step_soon(self, error);
    ref_release(error);
    ref_release(text);
    return status;
}
static int complain_of_loop(Value self, Value future) {
    return complain(self,
                    str_format("Task %R got Future %R attached to a different loop", self, future));
}
static int complain_of_yield(Value self, Value future) {
    return complain(
        self, str_format("yield was used instead of yield from in task %R with %R", self, future));
}

// The future's callback is set: the task waits for it, unless it is to be cancelled.
static int begin_waiting(Value self, Value future) {
    Task *t = task_of(self);
    field_store(value_object(self), &t->waiter, ref_new(future));
    if (LIKELY(!asyncio_flag(&t->must_cancel)))
        return 0;
    Value message = field_load(value_object(self), &t->future.cancel_message);
    int cancelled = asyncio_cancel(future, message);
    ref_release(message);
    if (cancelled > 0)
        asyncio_set_flag(&t->must_cancel, false);
    return cancelled < 0 ? -1 : 0;
}

static int wait_for_exact(Value self, Value future) {
    Future *f = future_of(future);
    Value loop = field_load(&f->header, &f->loop), own = task_loop(self);
    bool same = value_same(loop, own);
    ref_release(loop);
    ref_release(own);
    if (UNLIKELY(!same))
        return complain_of_loop(self, future);
    if (UNLIKELY(!future_change_blocking(f, false)))
        return complain_of_yield(self, future);
    Value wakeup = native_function_new(&wakeup_def, self, VALUE_NULL);
    if (value_is_null(wakeup))
        return -1;
    Value context = task_context(self);
    int status = future_add_callback(future, wakeup, context);
    ref_release(context);
    ref_release(wakeup);
    return status < 0 ? -1 : begin_waiting(self, future);
}

// The loop of anything that is like a future: a new reference, or VALUE_NULL.
static Value loop_of(Value future) {
    Value method, loop;
    if (future_is_exact(future)) {
        loop = field_load(value_object(future), &future_of(future)->loop);
        return value_is_null(loop) ? none_new() : loop;
    }
    int found = value_lookup_attr(future, asyncio_names[NAME_GET_LOOP], &method);
    if (found < 0)
        return VALUE_NULL;
    if (!found)
        return value_getattr(future, asyncio_names[NAME_LOOP]);
    loop = value_call_none(method);
    ref_release(method);
    return loop;
}

// The same by the methods of any class that says that it is like a future.
static int wait_for_other(Value self, Value future, bool blocking) {
    Value loop = loop_of(future), own = task_loop(self);
    bool failed = value_is_null(loop), same = value_same(loop, own);
    ref_release(loop);
    ref_release(own);
    if (failed)
        return -1;
    if (!same)
        return complain_of_loop(self, future);
    if (!blocking)
        return complain_of_yield(self, future);
    if (value_setattr(future, asyncio_names[NAME_BLOCKING], VALUE_FALSE) < 0)
        return -1;
    Value method = value_getattr(future, asyncio_names[NAME_ADD_DONE_CALLBACK]);
    if (value_is_null(method))
        return -1;
    Value args[2] = {native_function_new(&wakeup_def, self, VALUE_NULL), task_context(self)};
    Value result =
        value_is_null(args[0]) ? VALUE_NULL : value_call(method, args, 1, asyncio_context_keyword);
    failed = value_is_null(result);
    ref_release(result);
    ref_release(args[0]);
    ref_release(args[1]);
    ref_release(method);
    return failed ? -1 : begin_waiting(self, future);
}

// 0, -1.
static int handle_yielded(Value self, Value yielded) {
    if (UNLIKELY(value_same(yielded, self)))
        return complain(self, str_format("Task cannot await on itself: %R", self));
    if (LIKELY(future_is_exact(yielded)))
        return wait_for_exact(self, yielded);
    if (value_is_none(yielded))
        return task_step_soon(self, VALUE_NULL);
    Value blocking;
    int found = value_lookup_attr(yielded, asyncio_names[NAME_BLOCKING], &blocking);
    if (found < 0)
        return -1;
    if (found && !value_is_none(blocking)) {
        int truth = value_truth(blocking);
        ref_release(blocking);
        return truth < 0 ? -1 : wait_for_other(self, yielded, truth);
    }
    ref_release(found ? blocking : VALUE_NULL);
    if (value_is_exactly(yielded, &generator_type))
        return complain(
            self,
            str_format("yield was used instead of yield from for generator in task %R with %R",
                       self, yielded));
    return complain(self, str_format("Task got bad yield: %R", yielded));
}

// ---- a step ----------------------------------------------------------------------------------

// None, or the exception, goes into the coroutine: what it yields, or VALUE_NULL with *returned or
// an exception.
static Value resume(Value coroutine, Value exception, Value *returned) {
    if (LIKELY(value_is_null(exception)))
        return iterator_send(coroutine, VALUE_NONE, returned);
    if (generator_is_delegate(coroutine))
        return generator_throw_into(coroutine, &exception, 1, false, returned);
    Value v = value_call_method(coroutine, name_throw, &exception, 1);
    *returned = value_is_null(v) ? error_take_stop_iteration() : VALUE_NULL;
    return v;
}

// The coroutine has returned (taken). 0, -1.
static int finish_returned(Value self, Value returned) {
    Task *t = task_of(self);
    bool done;
    int status;
    if (UNLIKELY(asyncio_take_flag(&t->must_cancel))) { // just before it stopped
        Value message = field_load(value_object(self), &t->future.cancel_message);
        status = future_finish_cancelled(self, message, &done);
        ref_release(message);
    } else {
        status = future_finish(self, returned, &done);
        if (status == 0 && !done) {
            asyncio_raise_invalid_state(str_from_cstr("invalid state"));
            status = -1;
        }
    }
    ref_release(returned);
    return status;
}

// An exception is pending, with which the coroutine has ended. 0, -1.
static int finish_raised(Value self) {
    Value exception = error_take(), cancelled = asyncio_import(IMPORT_CANCELLED_ERROR);
    int is_cancelled = value_is_null(cancelled) ? -1 : value_is_instance_of(exception, cancelled);
    int status = -1;
    if (is_cancelled > 0) {
        bool done;
        field_store(value_object(self), &task_of(self)->future.cancelled_error, exception);
        return future_finish_cancelled(self, VALUE_NULL, &done);
    }
    if (is_cancelled == 0)
        status = future_finish_exception(self, exception);
    if (status == 0 && (value_is_instance(exception, &exception_KeyboardInterrupt) ||
                        value_is_instance(exception, &exception_SystemExit))) {
        error_restore(exception); // the loop is to end, too
        return -1;
    }
    ref_release(exception);
    return status;
}

// The exception to throw, given one or none (borrowed), in a task that is to be cancelled: a new
// reference or VALUE_NULL with an exception.
static Value cancellation(Value self, Value given) {
    if (!value_is_null(given)) {
        Value class = asyncio_import(IMPORT_CANCELLED_ERROR);
        int is_one = value_is_null(class) ? -1 : value_is_instance_of(given, class);
        if (is_one)
            return is_one < 0 ? VALUE_NULL : ref_new(given);
    }
    return future_cancelled_error(self);
}

// 0, -1.
static int step_entered(Value self, Value given) {
    Task *t = task_of(self);
    if (future_state(&t->future) != FUTURE_PENDING) {
        asyncio_raise_invalid_state(str_format("_step(): already done: %R %R", self,
                                               value_is_null(given) ? VALUE_NONE : given));
        return -1;
    }
    Value exception = ref_new(given);
    if (UNLIKELY(asyncio_flag(&t->must_cancel))) {
        Value cancelled = cancellation(self, given);
        ref_release(exception);
        if (value_is_null(cancelled))
            return -1;
        exception = cancelled;
        asyncio_set_flag(&t->must_cancel, false);
    }
    Value coroutine = field_load(value_object(self), &t->coroutine), returned;
    if (!value_is_null(field_raw(&t->waiter)))
        field_clear(value_object(self), &t->waiter);
    int status;
    if (UNLIKELY(value_is_null(coroutine))) {
        status = raise_int(&exception_RuntimeError, "uninitialized Task object");
    } else {
        Value yielded = resume(coroutine, exception, &returned);
        if (!value_is_null(yielded)) {
            status = handle_yielded(self, yielded);
            ref_release(yielded);
        } else {
            status =
                value_is_null(returned) ? finish_raised(self) : finish_returned(self, returned);
        }
    }
    ref_release(coroutine);
    ref_release(exception);
    return status;
}

// Makes a step; exception (borrowed) VALUE_NULL: sends None. None, or VALUE_NULL.
static Value make_step(Value self, Value exception) {
    Value loop = task_loop(self);
    if (value_is_null(loop))
        loop = none_new();
    int status = asyncio_enter_task(loop, self);
    if (status == 0) {
        status = step_entered(self, exception);
        Value pending = status < 0 ? error_take() : VALUE_NULL;
        if (UNLIKELY(asyncio_leave_task(loop, self) < 0)) {
            status = -1;
            if (!value_is_null(pending)) {
                Value later = error_take();
                exception_set_context(later, pending);
                error_restore(later);
            }
        } else if (status < 0) {
            error_restore(pending);
        }
    }
    ref_release(loop);
    return status < 0 ? VALUE_NULL : none_new();
}

// The callback of what the task has waited for.
static Value task_wakeup(Value self, Value future) {
    Value outcome;
    if (LIKELY(future_is_exact(future))) {
        int status = future_outcome(future, &outcome);
        if (LIKELY(status > 0)) {
            ref_release(outcome);
            return make_step(self, VALUE_NULL);
        }
        if (status < 0)
            outcome = error_take();
    } else {
        Value result = value_call_method(future, asyncio_names[NAME_RESULT], NULL, 0);
        if (!value_is_null(result)) {
            ref_release(result);
            return make_step(self, VALUE_NULL);
        }
        outcome = error_take();
    }
    Value done = make_step(self, outcome);
    ref_release(outcome);
    return done;
}

// ---- the type of what call_soon gets ---------------------------------------------------------

static Value step_call(Value self, const Value *args, size_t nargs, Value kwnames) {
    Step *step = (Step *)value_object(self);
    if (!value_is_null(kwnames) && tuple_length(kwnames))
        return raise_type_error("function takes no keyword arguments");
    if (nargs)
        return raise_type_error("function takes no positional arguments");
    return make_step(step->task, step->exception);
}
static Value step_self(Value self) {
    return ref_new(((Step *)value_object(self))->task);
}
static void step_destroy(Object *self) {
    ref_release(((Step *)self)->task);
    ref_release(((Step *)self)->exception);
    object_free_exact(self, sizeof(Step), HEAP_CONTAINER);
}
static void step_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Step *)self)->task);
    gc_visit(visitor, ((Step *)self)->exception);
}

static const GetSetDef step_getsets[] = {
    {"__self__", step_self, NULL, NULL},
    {NULL},
};

Type asyncio_step_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "TaskStepMethWrapper",
    .basic_size = sizeof(Step),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = step_destroy,
    .traverse = step_traverse,
    .call = step_call,
    .getsets = step_getsets,
};
