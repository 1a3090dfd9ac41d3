// SPDX-License-Identifier: MIT
//
// `faulthandler`: tracebacks when the process is about to die, when a signal asks for them, and
// after a time.
//
// What handlers read (descriptors, flags) are plain words that are set before the handler is
// installed, or while no handler can see them; files are kept alive by the Values beside them,
// which only attached threads change, under `lock`.
#include "vm/modules/faulthandler_module.h"
#include "vm/modules/faulthandler_dump.h"
#include "vm/modules/posix.h"
#include "vm/modules/timeouts.h"
#include "vm/runtime/options.h"
#include "vm/types/arguments.h"
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; // taken for moments only

// The descriptor of a file argument (None: sys.stderr); *keep: what has to stay alive. -1 with an
// exception.
static int file_argument(Value file, Value *keep) {
    *keep = VALUE_NULL;
    Value own = VALUE_NULL;
    int fd;
    if (value_is_null(file) || value_is_none(file)) {
        own = sys_get("stderr");
        if (value_is_null(own))
            return raise_int(&exception_RuntimeError, "unable to get sys.stderr");
        if (value_is_none(own)) {
            ref_release(own);
            return raise_int(&exception_RuntimeError, "sys.stderr is None");
        }
        file = own;
    } else if (value_is_any_int(file)) {
        if (int_argument(file, &fd) < 0)
            return -1;
        return fd >= 0 ? fd
                       : raise_int(&exception_ValueError, "file is not a valid file descripter");
    }
    Value number = value_call_method(file, name_fileno, NULL, 0);
    fd = -1;
    if (!value_is_null(number) && int_argument(number, &fd) == 0 && fd < 0)
        raise_int(&exception_RuntimeError, "file.fileno() is not a valid file descriptor");
    ref_release(number);
    if (fd >= 0) {
        Value flushed = value_call_method(file, name_flush, NULL, 0);
        if (value_is_null(flushed))
            error_clear();
        ref_release(flushed);
        *keep = ref_new(file);
    }
    ref_release(own);
    return fd;
}
static void exchange(Value *slot, Value new) { // consumes new
    pthread_mutex_lock(&lock);
    Value old = *slot;
    *slot = new;
    pthread_mutex_unlock(&lock);
    ref_release(old);
}

// ---- fatal signals -----------------------------------------------------------------------------

static struct Fatal {
    int number;
    const char *name;
    struct sigaction previous;
} fatal_signals[] = {{SIGBUS, "Bus error", {}},
                     {SIGILL, "Illegal instruction", {}},
                     {SIGFPE, "Floating point exception", {}},
                     {SIGABRT, "Aborted", {}},
                     {SIGSEGV, "Segmentation fault", {}}};
#define FATAL_COUNT (sizeof fatal_signals / sizeof *fatal_signals)
static bool fatal_enabled, fatal_all; // changed by attached threads, one at a time
static int fatal_fd;
static Value fatal_file;

static void on_fatal(int number) {
    int kept = errno;
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        if (fatal_signals[i].number != number)
            continue;
        sigaction(number, &fatal_signals[i].previous, NULL);
        dump_text(fatal_fd, "Fatal Python error: ");
        dump_text(fatal_fd, fatal_signals[i].name);
        dump_text(fatal_fd, "\n\n");
    }
    dump_tracebacks(fatal_fd, fatal_all);
    errno = kept;
    raise(number); // once more, for whoever was there before
}
static void disable_fatal(void) {
    if (!fatal_enabled)
        return;
    fatal_enabled = false;
    for (size_t i = 0; i < FATAL_COUNT; i++)
        sigaction(fatal_signals[i].number, &fatal_signals[i].previous, NULL);
}
// An overflowing stack leaves no room for a handler.
static void make_signal_stack(void) {
    static bool made;
    if (made)
        return;
    made = true;
    size_t size = (size_t)SIGSTKSZ * 2;
    stack_t stack = {.ss_sp = malloc(size), .ss_size = size};
    if (stack.ss_sp && sigaltstack(&stack, NULL) < 0)
        free(stack.ss_sp);
}
static void enable_fatal(int fd, bool all) {
    fatal_fd = fd;
    fatal_all = all;
    if (fatal_enabled)
        return;
    make_signal_stack();
    fatal_enabled = true;
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        struct sigaction action = {.sa_handler = on_fatal, .sa_flags = SA_NODEFER | SA_ONSTACK};
        sigemptyset(&action.sa_mask);
        sigaction(fatal_signals[i].number, &action, &fatal_signals[i].previous);
    }
}
static Value faulthandler_enable(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("enable", 0, 2, 0, "file", "all_threads");
    bool all = true;
    Value keep;
    if (posix_bool(v[1], &all) < 0)
        return VALUE_NULL;
    int fd = file_argument(v[0], &keep);
    if (fd < 0)
        return VALUE_NULL;
    exchange(&fatal_file, keep);
    enable_fatal(fd, all);
    return none_new();
}
static Value faulthandler_disable(Value self) {
    bool was = fatal_enabled;
    disable_fatal();
    exchange(&fatal_file, VALUE_NULL);
    return bool_new(was);
}
static Value faulthandler_is_enabled(Value self) {
    return bool_new(fatal_enabled);
}

void faulthandler_start(void) {
    if (options.faulthandler)
        enable_fatal(2, true);
}

// ---- now ---------------------------------------------------------------------------------------

static Value faulthandler_dump_traceback(Value self, const Value *args, size_t nargs,
                                         Value kwnames) {
    POSIX_ARGUMENTS("dump_traceback", 0, 2, 0, "file", "all_threads");
    bool all = true;
    Value keep;
    if (posix_bool(v[1], &all) < 0)
        return VALUE_NULL;
    int fd = file_argument(v[0], &keep);
    if (fd < 0)
        return VALUE_NULL;
    dump_tracebacks(fd, all);
    ref_release(keep);
    return none_new();
}

// ---- later -------------------------------------------------------------------------------------

// The watchdog: an OS thread that is no Thread of the VM, so that nothing can keep it.
static struct {
    pthread_mutex_t mutex; // guards what follows
    pthread_cond_t changed;
    bool running, cancelled;
    pthread_t thread;
    int fd;
    bool repeat, exit;
    int64_t interval; // ns
    char header[64];
    Value file; // kept alive; changed only while no watchdog runs
} watchdog = {.mutex = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};

static void *watch(void *unused) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, NULL);
    pthread_mutex_lock(&watchdog.mutex);
    do {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += watchdog.interval / 1000000000;
        until.tv_nsec += watchdog.interval % 1000000000;
        if (until.tv_nsec >= 1000000000) {
            until.tv_nsec -= 1000000000;
            until.tv_sec++;
        }
        int status = 0;
        while (!watchdog.cancelled && status != ETIMEDOUT)
            status = pthread_cond_timedwait(&watchdog.changed, &watchdog.mutex, &until);
        if (watchdog.cancelled)
            break;
        dump_text(watchdog.fd, watchdog.header);
        dump_tracebacks(watchdog.fd, true);
        if (watchdog.exit)
            _exit(1);
    } while (watchdog.repeat);
    pthread_mutex_unlock(&watchdog.mutex);
    return NULL;
}
static void cancel_watchdog(void) {
    thread_detach();
    pthread_mutex_lock(&watchdog.mutex);
    bool running = watchdog.running;
    watchdog.running = false;
    watchdog.cancelled = true;
    pthread_cond_signal(&watchdog.changed);
    pthread_mutex_unlock(&watchdog.mutex);
    if (running)
        pthread_join(watchdog.thread, NULL);
    thread_attach();
    exchange(&watchdog.file, VALUE_NULL);
}
static void make_header(int64_t ns) {
    long long us = (ns + 999) / 1000, seconds = us / 1000000;
    int n = snprintf(watchdog.header, sizeof watchdog.header, "Timeout (%lld:%02lld:%02lld",
                     seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (us % 1000000)
        n += snprintf(watchdog.header + n, sizeof watchdog.header - (size_t)n, ".%06lld",
                      us % 1000000);
    snprintf(watchdog.header + n, sizeof watchdog.header - (size_t)n, ")!\n");
}
static Value faulthandler_dump_later(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("dump_traceback_later", 0, 4, 1, "timeout", "repeat", "file", "exit");
    int64_t ns;
    bool repeat = false, exit = false;
    Value keep;
    if (timeout_from_number(v[0], 1000000000, &ns) < 0 || posix_bool(v[1], &repeat) < 0 ||
        posix_bool(v[3], &exit) < 0)
        return VALUE_NULL;
    if (ns / 1000 <= 0)
        return raise_value_error("timeout must be greater than 0");
    int fd = file_argument(v[2], &keep);
    if (fd < 0)
        return VALUE_NULL;
    cancel_watchdog();
    exchange(&watchdog.file, keep);
    watchdog.fd = fd;
    watchdog.repeat = repeat;
    watchdog.exit = exit;
    watchdog.interval = ns;
    watchdog.cancelled = false;
    make_header(ns);
    watchdog.running = pthread_create(&watchdog.thread, NULL, watch, NULL) == 0;
    return watchdog.running
               ? none_new()
               : raise_error(&exception_RuntimeError, "unable to start watchdog thread");
}
static Value faulthandler_cancel_later(Value self) {
    cancel_watchdog();
    return none_new();
}

// ---- on request --------------------------------------------------------------------------------

static struct User {
    bool enabled, all, chain;
    int fd;
    Value file;
    struct sigaction previous;
} users[NSIG];

static void on_user(int number) {
    int kept = errno;
    struct User *user = &users[number];
    if (!user->enabled)
        return;
    dump_tracebacks(user->fd, user->all);
    if (user->chain) {
        struct sigaction own;
        sigaction(number, &user->previous, &own);
        errno = kept;
        raise(number);
        kept = errno;
        sigaction(number, &own, NULL);
    }
    errno = kept;
}
static int signal_argument(Value v, int *number) {
    if (int_argument(v, number) < 0)
        return -1;
    for (size_t i = 0; i < FATAL_COUNT; i++)
        if (fatal_signals[i].number == *number)
            return raise_int(&exception_RuntimeError,
                             "signal %d cannot be registered, use enable() instead", *number);
    if (*number < 1 || *number >= NSIG)
        return raise_int(&exception_ValueError, "signal number out of range");
    return 0;
}
static Value faulthandler_register(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("register", 0, 4, 1, "signum", "file", "all_threads", "chain");
    int number;
    bool all = true, chain = false;
    Value keep;
    if (signal_argument(v[0], &number) < 0 || posix_bool(v[2], &all) < 0 ||
        posix_bool(v[3], &chain) < 0)
        return VALUE_NULL;
    int fd = file_argument(v[1], &keep);
    if (fd < 0)
        return VALUE_NULL;
    struct User *user = &users[number];
    exchange(&user->file, keep);
    user->fd = fd;
    user->all = all;
    user->chain = chain;
    if (!user->enabled) {
        // A handler that is chained to must be able to get the signal while ours runs.
        struct sigaction action = {.sa_handler = on_user,
                                   .sa_flags = SA_RESTART | SA_ONSTACK | (chain ? SA_NODEFER : 0)};
        sigemptyset(&action.sa_mask);
        if (sigaction(number, &action, &user->previous) < 0)
            return posix_status(-1);
        user->enabled = true;
    }
    return none_new();
}
static Value faulthandler_unregister(Value self, Value v) {
    int number;
    if (signal_argument(v, &number) < 0)
        return VALUE_NULL;
    struct User *user = &users[number];
    bool was = user->enabled;
    if (was) {
        user->enabled = false;
        sigaction(number, &user->previous, NULL);
        exchange(&user->file, VALUE_NULL);
    }
    return bool_new(was);
}

// ---- for tests of programs ---------------------------------------------------------------------

static void no_core(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_CORE, &limit) == 0) {
        limit.rlim_cur = 0;
        setrlimit(RLIMIT_CORE, &limit);
    }
}
static Value kill_self(int number) {
    no_core();
    return posix_status(raise(number));
}
static Value faulthandler_sigsegv(Value self, const Value *args, size_t nargs) {
    return kill_self(SIGSEGV);
}
static Value faulthandler_read_null(Value self) {
    return kill_self(SIGSEGV);
}
static Value faulthandler_sigfpe(Value self) {
    return kill_self(SIGFPE);
}
static Value faulthandler_sigabrt(Value self) {
    return kill_self(SIGABRT);
}

// The end of a process that a thread of C code finds fault with.
static void *die(void *unused) {
    signal(SIGABRT, SIG_DFL);
    dump_text(2, "Fatal Python error: faulthandler_fatal_error_thread: in new thread\n"
                 "Python runtime state: initialized\n\n");
    dump_tracebacks(2, true);
    abort();
}
static Value faulthandler_fatal_thread(Value self) {
    no_core();
    pthread_t thread;
    if (pthread_create(&thread, NULL, die, NULL) == 0) {
        thread_detach();
        pthread_join(thread, NULL);
        thread_attach();
    }
    return raise_error(&exception_RuntimeError, "unable to start the thread");
}

static const NativeDef functions[] = {
    DEF_VECTOR("enable", faulthandler_enable,
               "enable(file=sys.stderr, all_threads=True)\n\n"
               "Shows tracebacks when a signal ends the process."),
    DEF_NONE("disable", faulthandler_disable, "disable()\n\nTakes enable() back."),
    DEF_NONE("is_enabled", faulthandler_is_enabled, "is_enabled()\n\nIs it enabled?"),
    DEF_VECTOR("dump_traceback", faulthandler_dump_traceback,
               "dump_traceback(file=sys.stderr, all_threads=True)\n\nShows tracebacks now."),
    DEF_VECTOR("dump_traceback_later", faulthandler_dump_later,
               "dump_traceback_later(timeout, repeat=False, file=sys.stderr, exit=False)\n\n"
               "Shows tracebacks after a time."),
    DEF_NONE("cancel_dump_traceback_later", faulthandler_cancel_later,
             "cancel_dump_traceback_later()\n\nTakes dump_traceback_later() back."),
    DEF_VECTOR("register", faulthandler_register,
               "register(signum, file=sys.stderr, all_threads=True, chain=False)\n\n"
               "Shows tracebacks when a signal comes."),
    DEF_ONE("unregister", faulthandler_unregister, "unregister(signum)\n\nTakes register() back."),
    DEF_FIXED("_sigsegv", faulthandler_sigsegv, 0, 1, "Ends the process by SIGSEGV."),
    DEF_NONE("_sigabrt", faulthandler_sigabrt, "Ends the process by SIGABRT."),
    DEF_NONE("_read_null", faulthandler_read_null,
             "Ends the process as reading what is not there does."),
    DEF_NONE("_fatal_error_c_thread", faulthandler_fatal_thread,
             "Ends the process by a fatal error in a thread without frames."),
    DEF_NONE("_sigfpe", faulthandler_sigfpe, "Ends the process by SIGFPE."),
    DEF_END,
};

const NativeModule module_faulthandler = {
    "faulthandler", "Tracebacks of a process that dies or hangs.", functions, NULL};
