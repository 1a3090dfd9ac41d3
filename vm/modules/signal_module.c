// SPDX-License-Identifier: MIT
//
// The `_signal` module: handlers, alarms and timers, masks, waiting. How a signal reaches its
// Python handler is in vm/runtime/signals.c.
#include "vm/modules/struct_sequence.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/signals.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/arguments.h"
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static Value itimer_error;  // class signal.itimer_error; set by fill, kept for ever
static Value siginfo_class; // struct_siginfo; the same

static int signal_number(Value v, int *out) {
    if (int_argument(v, out) < 0)
        return -1;
    return *out < 1 || *out >= NSIG ? raise_int(&exception_ValueError, "signal number out of range")
                                    : 0;
}

// ---- handlers ------------------------------------------------------------------------------

static Value signal_signal(Value self, const Value *args, size_t nargs) {
    int given;
    if (int_argument(args[0], &given) < 0)
        return VALUE_NULL;
    if (!thread_current()->is_main)
        return raise_value_error("signal only works in main thread of the main interpreter");
    int number;
    if (signal_number(args[0], &number) < 0)
        return VALUE_NULL;
    Value handler = args[1];
    if (!value_is_callable(handler)) {
        int ignore = value_equals(handler, value_from_int(1));
        int normal = ignore ? 0 : value_equals(handler, value_from_int(0));
        if (ignore < 0 || normal < 0)
            return VALUE_NULL;
        if (!ignore && !normal)
            return raise_type_error("signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a "
                                    "callable object");
        handler = value_from_int(ignore);
    }
    if (thread_check_signals() < 0) // with the handlers as they were
        return VALUE_NULL;
    return signals_set_handler(number, handler);
}

static Value signal_getsignal(Value self, Value v) {
    int number;
    return signal_number(v, &number) < 0 ? VALUE_NULL : signals_get_handler(number);
}

static Value signal_siginterrupt(Value self, const Value *args, size_t nargs) {
    int number;
    int64_t flag;
    if (signal_number(args[0], &number) < 0 || value_to_i64(args[1], &flag) < 0)
        return VALUE_NULL;
    struct sigaction action;
    if (sigaction(number, NULL, &action) < 0)
        return raise_errno(errno);
    if (flag)
        action.sa_flags &= ~SA_RESTART;
    else
        action.sa_flags |= SA_RESTART;
    if (sigaction(number, &action, NULL) < 0)
        return raise_errno(errno);
    return none_new();
}

static Value signal_set_wakeup_fd(Value self, const Value *args, size_t nargs, Value kwnames) {
    static const char *const names[] = {"", "warn_on_full_buffer", NULL};
    Value v[2];
    if (arguments_parse("set_wakeup_fd", args, nargs, kwnames, names, 1, 1, 1, v) < 0)
        return VALUE_NULL;
    int64_t fd;
    int warn_on_full = 1;
    if (value_to_i64(v[0], &fd) < 0 ||
        (!value_is_null(v[1]) && (warn_on_full = value_truth(v[1])) < 0))
        return VALUE_NULL;
    if (!thread_current()->is_main)
        return raise_value_error("set_wakeup_fd only works in main thread of the main interpreter");
    if (fd != -1) {
        struct stat status;
        if (fstat((int)fd, &status) < 0)
            return raise_errno(errno);
        int flags = fcntl((int)fd, F_GETFL);
        if (flags < 0)
            return raise_errno(errno);
        if (!(flags & O_NONBLOCK))
            return raise_value_error("the fd %d must be in non-blocking mode", (int)fd);
    }
    return int_from_i64(signals_set_wakeup((int)fd, warn_on_full));
}

// ---- sending -------------------------------------------------------------------------------

static Value checked(int result) {
    if (result < 0)
        return raise_errno(errno);
    return thread_check_signals() < 0 ? VALUE_NULL : none_new();
}

static Value signal_raise_signal(Value self, Value v) {
    int number;
    if (int_argument(v, &number) < 0)
        return VALUE_NULL;
    thread_detach();
    int result = raise(number);
    thread_attach();
    return checked(result);
}

static Value signal_pthread_kill(Value self, const Value *args, size_t nargs) {
    int64_t thread;
    int number;
    if (value_to_i64(args[0], &thread) < 0 || int_argument(args[1], &number) < 0)
        return VALUE_NULL;
    int error = pthread_kill((pthread_t)thread, number);
    if (error) {
        errno = error;
        return raise_errno(error);
    }
    return checked(0);
}

static Value signal_pidfd_send_signal(Value self, const Value *args, size_t nargs) {
    int fd, number, flags = 0;
    if (int_argument(args[0], &fd) < 0 || int_argument(args[1], &number) < 0 ||
        (nargs > 3 && int_argument(args[3], &flags) < 0))
        return VALUE_NULL;
    if (nargs > 2 && !value_is_none(args[2]))
        return raise_type_error("siginfo must be None");
    return checked((int)syscall(SYS_pidfd_send_signal, fd, number, NULL, (unsigned)flags));
}

static Value signal_strsignal(Value self, Value v) {
    int number;
    if (signal_number(v, &number) < 0)
        return VALUE_NULL;
    const char *text = sigdescr_np(number) ? strsignal(number) : NULL;
    return text ? str_from_cstr(text) : none_new();
}

// ---- clocks --------------------------------------------------------------------------------

static Value signal_alarm(Value self, Value v) {
    int seconds;
    if (int_argument(v, &seconds) < 0)
        return VALUE_NULL;
    return int_from_i64(alarm((unsigned)seconds));
}

static Value signal_pause(Value self) {
    thread_detach();
    pause();
    thread_attach();
    return thread_check_signals() < 0 ? VALUE_NULL : none_new();
}

static int to_timeval(Value v, struct timeval *out) {
    double seconds;
    if (value_to_double(v, &seconds) < 0)
        return -1;
    if (!(fabs(seconds) < 9.2e18))
        return raise_int(&exception_OverflowError, "timestamp out of range for platform time_t");
    double whole = floor(seconds);
    out->tv_sec = (time_t)whole;
    out->tv_usec = (suseconds_t)ceil((seconds - whole) * 1e6);
    if (out->tv_usec >= 1000000) {
        out->tv_sec++;
        out->tv_usec -= 1000000;
    }
    return 0;
}

static Value from_itimer(const struct itimerval *timer) {
    Value delay = float_new((double)timer->it_value.tv_sec + (double)timer->it_value.tv_usec / 1e6);
    Value interval =
        float_new((double)timer->it_interval.tv_sec + (double)timer->it_interval.tv_usec / 1e6);
    Value both = tuple_pack(2, delay, interval);
    ref_release(delay);
    ref_release(interval);
    return both;
}

static Value raise_itimer_error(void) {
    Value args[2] = {value_from_int(errno), str_from_cstr(strerror(errno))};
    Value exception = value_call(itimer_error, args, 2, VALUE_NULL);
    ref_release(args[1]);
    if (!value_is_null(exception)) {
        raise_object(exception);
        ref_release(exception);
    }
    return VALUE_NULL;
}

static Value signal_setitimer(Value self, const Value *args, size_t nargs) {
    int64_t which;
    struct itimerval wanted = {0}, old;
    if (value_to_i64(args[0], &which) < 0 || to_timeval(args[1], &wanted.it_value) < 0 ||
        (nargs > 2 && to_timeval(args[2], &wanted.it_interval) < 0))
        return VALUE_NULL;
    if (setitimer((int)which, &wanted, &old) < 0)
        return raise_itimer_error();
    return from_itimer(&old);
}

static Value signal_getitimer(Value self, Value v) {
    int64_t which;
    struct itimerval timer;
    if (value_to_i64(v, &which) < 0)
        return VALUE_NULL;
    if (getitimer((int)which, &timer) < 0)
        return raise_itimer_error();
    return from_itimer(&timer);
}

// ---- masks and waiting ---------------------------------------------------------------------

static int to_sigset(Value v, sigset_t *out) {
    sigemptyset(out);
    Value iterator = value_iter(v);
    if (value_is_null(iterator))
        return -1;
    Value item;
    int result = 0;
    while (result == 0 && !value_is_null(item = value_next(iterator))) {
        int64_t number;
        result = value_to_i64(item, &number);
        ref_release(item);
        if (result < 0 && error_matches(&exception_OverflowError)) {
            error_clear();
            result = 0;
            number = -1;
        }
        if (result == 0 && (number < 1 || number >= NSIG))
            result = raise_int(&exception_ValueError, "signal number %lld out of range [1; %d]",
                               (long long)number, NSIG - 1);
        if (result == 0 && sigaddset(out, (int)number) < 0 && errno != EINVAL)
            result = raise_int(&exception_ValueError, "invalid signal %lld", (long long)number);
    }
    ref_release(iterator);
    return result < 0 || error_occurred() ? -1 : 0;
}

static Value from_sigset(const sigset_t *signals) {
    Value set = set_new();
    for (int number = 1; number < NSIG && !value_is_null(set); number++) {
        if (sigismember(signals, number) == 1 && set_add(set, value_from_int(number)) < 0) {
            ref_release(set);
            set = VALUE_NULL;
        }
    }
    return set;
}

static Value signal_pthread_sigmask(Value self, const Value *args, size_t nargs) {
    int64_t how;
    sigset_t wanted, old;
    if (value_to_i64(args[0], &how) < 0 || to_sigset(args[1], &wanted) < 0)
        return VALUE_NULL;
    int error = pthread_sigmask((int)how, &wanted, &old);
    if (error)
        return raise_errno(error);
    if (thread_check_signals() < 0)
        return VALUE_NULL;
    return from_sigset(&old);
}

static Value signal_sigpending(Value self) {
    sigset_t pending;
    if (sigpending(&pending) < 0)
        return raise_errno(errno);
    return from_sigset(&pending);
}

static Value signal_valid_signals(Value self) {
    sigset_t all;
    sigfillset(&all); // leaves out what the C library keeps for itself
    return from_sigset(&all);
}

static Value signal_sigwait(Value self, Value v) {
    sigset_t wanted;
    if (to_sigset(v, &wanted) < 0)
        return VALUE_NULL;
    int number = 0;
    thread_detach();
    int error = sigwait(&wanted, &number);
    thread_attach();
    return error ? raise_errno(error) : value_from_int(number);
}

static Value from_siginfo(const siginfo_t *info) {
    Value items[] = {value_from_int(info->si_signo), value_from_int(info->si_code),
                     value_from_int(info->si_errno), value_from_int(info->si_pid),
                     value_from_int(info->si_uid),   value_from_int(info->si_status),
                     int_from_i64(info->si_band)};
    Value result = struct_sequence_new(siginfo_class, items);
    ref_release(items[6]);
    return result;
}

static Value wait_for_info(const sigset_t *wanted, int64_t timeout_ns) {
    struct timespec now, left;
    clock_gettime(CLOCK_MONOTONIC, &now);
    int64_t deadline = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec + timeout_ns;
    for (;;) {
        siginfo_t info;
        left.tv_sec = timeout_ns / 1000000000;
        left.tv_nsec = timeout_ns % 1000000000;
        thread_detach();
        int result =
            timeout_ns < 0 ? sigwaitinfo(wanted, &info) : sigtimedwait(wanted, &info, &left);
        thread_attach();
        if (result >= 0)
            return from_siginfo(&info);
        if (errno == EAGAIN)
            return none_new();
        if (errno != EINTR)
            return raise_errno(errno);
        if (thread_check_signals() < 0)
            return VALUE_NULL;
        if (timeout_ns >= 0) {
            clock_gettime(CLOCK_MONOTONIC, &now);
            timeout_ns = deadline - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
            if (timeout_ns < 0)
                return none_new();
        }
    }
}

static Value signal_sigwaitinfo(Value self, Value v) {
    sigset_t wanted;
    return to_sigset(v, &wanted) < 0 ? VALUE_NULL : wait_for_info(&wanted, -1);
}

static Value signal_sigtimedwait(Value self, const Value *args, size_t nargs) {
    sigset_t wanted;
    double seconds;
    if (value_to_double(args[1], &seconds) < 0)
        return VALUE_NULL;
    if (seconds < 0)
        return raise_value_error("timeout must be non-negative");
    if (to_sigset(args[0], &wanted) < 0)
        return VALUE_NULL;
    return wait_for_info(&wanted, seconds > 9e9 ? INT64_MAX / 2 : (int64_t)ceil(seconds * 1e9));
}

static const NativeDef signal_functions[] = {
    DEF_FIXED("signal", signal_signal, 2, 2,
              "signal($module, signalnum, handler, /)\n--\n\n"
              "Sets what a signal does; gives what it did before."),
    DEF_ONE("getsignal", signal_getsignal,
            "What a signal does: SIG_DFL, SIG_IGN, None or a callable."),
    DEF_FIXED("siginterrupt", signal_siginterrupt, 2, 2,
              "siginterrupt($module, signalnum, flag, /)\n--\n\n"
              "Whether the signal makes system calls fail rather than go on."),
    DEF_VECTOR("set_wakeup_fd", signal_set_wakeup_fd,
               "set_wakeup_fd(fd, *, warn_on_full_buffer=True)\n\n"
               "Each signal writes its number to fd as a byte; gives the old one."),
    DEF_ONE("raise_signal", signal_raise_signal, "Sends a signal to this process."),
    DEF_FIXED("pthread_kill", signal_pthread_kill, 2, 2, "Sends a signal to a thread."),
    DEF_FIXED("pidfd_send_signal", signal_pidfd_send_signal, 2, 4,
              "Sends a signal to the process behind a descriptor."),
    DEF_ONE("strsignal", signal_strsignal, "The system's description of a signal."),
    DEF_ONE("alarm", signal_alarm, "SIGALRM after so many seconds; what was left of the last."),
    DEF_NONE("pause", signal_pause, "Waits for a signal."),
    DEF_FIXED("setitimer", signal_setitimer, 2, 3,
              "setitimer($module, which, seconds, interval=0.0, /)\n--\n\n"
              "Starts a timer; gives what was left of the last."),
    DEF_ONE("getitimer", signal_getitimer, "What is left of a timer, and its interval."),
    DEF_FIXED("pthread_sigmask", signal_pthread_sigmask, 2, 2,
              "Changes the signals this thread blocks; gives those blocked before."),
    DEF_NONE("sigpending", signal_sigpending, "The blocked signals that have arrived."),
    DEF_NONE("valid_signals", signal_valid_signals, "All signals there are."),
    DEF_ONE("sigwait", signal_sigwait, "Waits for one of these blocked signals."),
    DEF_ONE("sigwaitinfo", signal_sigwaitinfo, "The same, with what is known about it."),
    DEF_FIXED("sigtimedwait", signal_sigtimedwait, 2, 2, "The same, for so many seconds at most."),
    DEF_END,
};

#define CONSTANT(name)                                                                             \
    { #name, name }
static const struct {
    const char *name;
    int value;
} signal_constants[] = {
    CONSTANT(SIGABRT),     CONSTANT(SIGALRM),     CONSTANT(SIGBUS),         CONSTANT(SIGCHLD),
    CONSTANT(SIGCLD),      CONSTANT(SIGCONT),     CONSTANT(SIGFPE),         CONSTANT(SIGHUP),
    CONSTANT(SIGILL),      CONSTANT(SIGINT),      CONSTANT(SIGIO),          CONSTANT(SIGIOT),
    CONSTANT(SIGKILL),     CONSTANT(SIGPIPE),     CONSTANT(SIGPOLL),        CONSTANT(SIGPROF),
    CONSTANT(SIGPWR),      CONSTANT(SIGQUIT),     CONSTANT(SIGSEGV),        CONSTANT(SIGSTKFLT),
    CONSTANT(SIGSTOP),     CONSTANT(SIGSYS),      CONSTANT(SIGTERM),        CONSTANT(SIGTRAP),
    CONSTANT(SIGTSTP),     CONSTANT(SIGTTIN),     CONSTANT(SIGTTOU),        CONSTANT(SIGURG),
    CONSTANT(SIGUSR1),     CONSTANT(SIGUSR2),     CONSTANT(SIGVTALRM),      CONSTANT(SIGWINCH),
    CONSTANT(SIGXCPU),     CONSTANT(SIGXFSZ),     CONSTANT(SIG_BLOCK),      CONSTANT(SIG_UNBLOCK),
    CONSTANT(SIG_SETMASK), CONSTANT(ITIMER_REAL), CONSTANT(ITIMER_VIRTUAL), CONSTANT(ITIMER_PROF),
    CONSTANT(NSIG),        {"SIG_DFL", 0},        {"SIG_IGN", 1},
};

static int make_classes(void) {
    if (value_is_null(itimer_error)) {
        Value namespace = value_call_none(value_from_object(&dict_type));
        Value module = str_from_cstr("signal");
        Value args[3] = {str_from_cstr("itimer_error"),
                         tuple_pack(1, value_from_object(&exception_OSError)), namespace};
        if (!value_is_null(module) && !value_is_null(namespace) &&
            dict_set(namespace, name___module__, module) == 0)
            itimer_error = value_call(value_from_object(&type_type), args, 3, VALUE_NULL);
        ref_release(module);
        for (int i = 0; i < 3; i++)
            ref_release(args[i]);
        if (value_is_null(itimer_error))
            return -1;
    }
    if (value_is_null(siginfo_class)) {
        static const char *const fields[] = {"si_signo", "si_code",   "si_errno", "si_pid",
                                             "si_uid",   "si_status", "si_band",  NULL};
        siginfo_class = struct_sequence_type("signal.struct_siginfo", fields);
        if (value_is_null(siginfo_class))
            return -1;
    }
    return 0;
}

static int signal_fill(Value module) {
    for (size_t i = 0; i < sizeof signal_constants / sizeof *signal_constants; i++) {
        if (module_add_int(module, signal_constants[i].name, signal_constants[i].value) < 0)
            return -1;
    }
    if (module_add_int(module, "SIGRTMIN", SIGRTMIN) < 0 ||
        module_add_int(module, "SIGRTMAX", SIGRTMAX) < 0 || make_classes() < 0 ||
        module_add(module, "ItimerError", ref_new(itimer_error)) < 0 ||
        module_add(module, "struct_siginfo", ref_new(siginfo_class)) < 0)
        return -1;
    return module_add(module, "default_int_handler", ref_new(signals_default_int_handler()));
}

const NativeModule module__signal = {
    "_signal",
    "Signals: what the signal module is built on.",
    signal_functions,
    signal_fill,
};
