// SPDX-License-Identifier: MIT
//
// Signals. Words shared with the C handler are atomics: tripped[] and any_tripped are set by
// handlers (any thread) and cleared by the main thread, which clears any_tripped before it
// looks at tripped[], so that a signal that arrives meanwhile sets it again.
//
// The table of Python handlers is written by the main thread and read by any, both attached,
// under handlers_lock.
#include "vm/runtime/signals.h"
#include "locks/parking.h"
#include "locks/raw_lock.h"
#include "vm/interp/frame.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/function.h"
#include "vm/types/str.h"
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static uint32_t tripped[NSIG], any_tripped;
static int wakeup_fd = -1; // read by handlers
static int wakeup_error;   // errno of a failed write, reported by the main thread
static bool wakeup_warn;

static Value handlers[NSIG]; // VALUE_NULL: not set from Python
static RawLock handlers_lock = RAW_LOCK_INIT;
static Value default_int_handler;

void signals_trip(int number) {
    int saved_errno = errno;
    __atomic_store_n(&tripped[number], 1, __ATOMIC_SEQ_CST);
    __atomic_store_n(&any_tripped, 1, __ATOMIC_SEQ_CST);
    Thread *main = thread_main();
    if (main)
        thread_request(main, WANT_SIGNAL);
    parking_interrupt_main();
    int fd = __atomic_load_n(&wakeup_fd, __ATOMIC_RELAXED);
    if (fd >= 0) {
        unsigned char byte = (unsigned char)number;
        ssize_t result;
        do
            result = write(fd, &byte, 1);
        while (result < 0 && errno == EINTR);
        if (result < 0)
            __atomic_store_n(&wakeup_error, errno, __ATOMIC_RELAXED);
    }
    errno = saved_errno;
}

static void handler(int number) {
    signals_trip(number);
}

int signals_set_wakeup(int fd, bool warn_on_full) {
    wakeup_warn = warn_on_full;
    return __atomic_exchange_n(&wakeup_fd, fd, __ATOMIC_RELAXED);
}

static void report_wakeup_error(void) {
    int error = __atomic_exchange_n(&wakeup_error, 0, __ATOMIC_RELAXED);
    if (!error || ((error == EAGAIN || error == EWOULDBLOCK) && !wakeup_warn))
        return;
    raise_errno(error);
    error_report_unraisable("Exception ignored when trying to write to the signal wakeup fd",
                            VALUE_NULL);
}

Value signals_get_handler(int number) {
    raw_lock(&handlers_lock);
    Value v = ref_new(handlers[number]);
    raw_unlock(&handlers_lock);
    return value_is_null(v) ? none_new() : v;
}

Value signals_set_handler(int number, Value new_handler) {
    struct sigaction action = {0};
    sigemptyset(&action.sa_mask);
    if (value_is_int(new_handler))
        action.sa_handler = value_int(new_handler) == 0 ? SIG_DFL : SIG_IGN;
    else
        action.sa_handler = handler; // no SA_RESTART: blocking calls come back to run handlers
    action.sa_flags = 0;
    if (sigaction(number, &action, NULL) < 0)
        return raise_errno(errno);
    ref_retain(new_handler);
    raw_lock(&handlers_lock);
    Value old = handlers[number];
    handlers[number] = new_handler;
    raw_unlock(&handlers_lock);
    return value_is_null(old) ? none_new() : old;
}

int thread_check_signals(void) {
    Thread *thread = thread_current();
    if (!thread->is_main || !__atomic_exchange_n(&any_tripped, 0, __ATOMIC_SEQ_CST))
        return 0;
    __atomic_fetch_and(&thread->wanted, ~(uint32_t)WANT_SIGNAL, __ATOMIC_RELAXED);
    parking_clear_interrupt();
    report_wakeup_error();
    for (int number = 1; number < NSIG; number++) {
        if (!__atomic_exchange_n(&tripped[number], 0, __ATOMIC_SEQ_CST))
            continue;
        Value function = signals_get_handler(number);
        if (!value_is_object(function) || value_is_none(function)) {
            ref_release(function); // changed to SIG_DFL or SIG_IGN since
            continue;
        }
        Value frame = thread->frame ? frame_object(thread->frame) : none_new();
        Value result = VALUE_NULL;
        if (!value_is_null(frame))
            result = value_call_two(function, value_from_int(number), frame);
        ref_release(frame);
        ref_release(function);
        if (value_is_null(result)) {
            // Later signals of this round are not lost: the next safepoint serves them.
            __atomic_store_n(&any_tripped, 1, __ATOMIC_SEQ_CST);
            thread_request(thread, WANT_SIGNAL);
            return -1;
        }
        ref_release(result);
    }
    return 0;
}

static Value default_int_handler_call(Value self, const Value *args, size_t nargs) {
    return raise_object(value_from_object(&exception_KeyboardInterrupt));
}
static const NativeDef default_int_handler_def =
    DEF_FIXED("default_int_handler", default_int_handler_call, 2, 2,
              "default_int_handler($module, signalnum, frame, /)\n--\n\n"
              "Raises KeyboardInterrupt: what SIGINT does unless told otherwise.");

Value signals_default_int_handler(void) {
    return default_int_handler;
}

static void fill_from_kernel(void) {
    for (int number = 1; number < NSIG; number++) {
        struct sigaction action;
        if (sigaction(number, NULL, &action) < 0)
            continue;
        if (action.sa_handler == SIG_DFL)
            handlers[number] = value_from_int(0);
        else if (action.sa_handler == SIG_IGN)
            handlers[number] = value_from_int(1);
    }
}

void signals_start(void) {
    // A closed pipe and a file too large are errors of the call, not the end of the process.
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    fill_from_kernel();
    Value module = str_from_cstr("_signal");
    default_int_handler = native_function_new(&default_int_handler_def, VALUE_NULL, module);
    ref_release(module);
    if (value_is_null(default_int_handler))
        abort();
    if (value_is_int(handlers[SIGINT]) && value_int(handlers[SIGINT]) == 0)
        ref_release(signals_set_handler(SIGINT, default_int_handler));
}
