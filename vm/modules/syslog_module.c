// SPDX-License-Identifier: MIT
//
// `syslog`: messages to the system's log.
#include "vm/modules/posix.h"
#include "vm/runtime/audit.h"
#include "vm/types/arguments.h"
#include <pthread.h>
#include <syslog.h>

// The C library keeps the pointer it is given by openlog(): the text stays alive here. Swapped as a
// whole under a mutex, together with the call.
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static char *log_ident; // buffer_allocate; guarded by log_lock, as is log_open
static bool log_open;

// The last part of sys.argv[0], as a buffer; NULL if there is none.
static char *script_name(void) {
    Value argv = sys_get("argv");
    char *result = NULL;
    if (!value_is_null(argv) && value_is_list(argv) && list_length(argv) > 0) {
        Value first = list_get(argv, 0);
        Value text = value_is_null(first) ? VALUE_NULL : posix_fs_encode(first);
        if (!value_is_null(text)) {
            const char *path = (const char *)bytes_data(text), *slash = strrchr(path, '/');
            const char *name = slash ? slash + 1 : path;
            if (*name && (result = buffer_allocate(strlen(name) + 1)))
                memcpy(result, name, strlen(name) + 1);
        }
        ref_release(text);
        ref_release(first);
    }
    ref_release(argv);
    error_clear();
    return result;
}
// Takes ident, of which `shown` is what the caller said, or VALUE_NULL. 0, -1.
static int open_log(char *ident, Value shown, int option, int facility) {
    Value name = !value_is_null(shown) ? ref_new(shown)
                 : ident               ? posix_decode(ident, false)
                                       : none_new();
    int status = value_is_null(name) ? -1
                                     : audit("syslog.openlog", 3, name, value_from_int(option),
                                             value_from_int(facility));
    ref_release(name);
    if (status < 0) {
        buffer_free(ident);
        return -1;
    }
    thread_detach();
    pthread_mutex_lock(&log_lock);
    char *old = log_ident;
    log_ident = ident;
    log_open = true;
    openlog(ident, option, facility);
    pthread_mutex_unlock(&log_lock);
    thread_attach();
    buffer_free(old);
    return 0;
}
static Value syslog_openlog(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("openlog", 0, 3, 0, "ident", "logoption", "facility");
    int option = 0, facility = LOG_USER;
    char *ident = NULL;
    if (int_argument(v[1], &option) < 0 || int_argument(v[2], &facility) < 0)
        return VALUE_NULL;
    if (value_is_null(v[0]) || value_is_none(v[0])) {
        ident = script_name();
    } else {
        if (!value_is_str(v[0]))
            return raise_type_error("openlog() argument 1 must be str, not %G", v[0]);
        size_t length;
        char *owned = NULL;
        const char *text = str_utf8(v[0], &length, &owned);
        if (!text)
            return VALUE_NULL;
        ident = buffer_allocate(length + 1);
        if (ident)
            memcpy(ident, text, length + 1);
        buffer_free(owned);
        if (!ident)
            return raise_memory_error();
    }
    bool is_script = value_is_null(v[0]) || value_is_none(v[0]);
    return open_log(ident, is_script ? VALUE_NULL : v[0], option, facility) < 0 ? VALUE_NULL
                                                                                : none_new();
}
static Value syslog_syslog(Value self, const Value *args, size_t nargs) {
    int priority = LOG_INFO;
    if (nargs == 2 && int_argument(args[0], &priority) < 0)
        return VALUE_NULL;
    Value message = args[nargs - 1];
    if (!value_is_str(message))
        return raise_type_error("[priority,] message string");
    if (audit("syslog.syslog", 2, value_from_int(priority), message) < 0)
        return VALUE_NULL;
    if (!__atomic_load_n(&log_open, __ATOMIC_RELAXED) &&
        open_log(script_name(), VALUE_NULL, 0, LOG_USER) < 0)
        return VALUE_NULL;
    char *owned = NULL;
    const char *text = str_utf8(message, NULL, &owned);
    if (!text)
        return VALUE_NULL;
    thread_detach();
    pthread_mutex_lock(&log_lock);
    syslog(priority, "%s", text);
    pthread_mutex_unlock(&log_lock);
    thread_attach();
    buffer_free(owned);
    return none_new();
}
static Value syslog_closelog(Value self) {
    if (audit("syslog.closelog", 0) < 0)
        return VALUE_NULL;
    thread_detach();
    pthread_mutex_lock(&log_lock);
    char *old = log_ident;
    if (log_open)
        closelog();
    log_ident = NULL;
    log_open = false;
    pthread_mutex_unlock(&log_lock);
    thread_attach();
    buffer_free(old);
    return none_new();
}
static Value syslog_setlogmask(Value self, Value v) {
    int mask;
    return int_argument(v, &mask) < 0 || audit("syslog.setlogmask", 1, value_from_int(mask)) < 0
               ? VALUE_NULL
               : value_from_int(setlogmask(mask));
}
static Value syslog_log_mask(Value self, Value v) {
    int priority;
    return int_argument(v, &priority) < 0 ? VALUE_NULL : value_from_int(LOG_MASK(priority));
}
static Value syslog_log_upto(Value self, Value v) {
    int priority;
    return int_argument(v, &priority) < 0 ? VALUE_NULL : value_from_int(LOG_UPTO(priority));
}

static const NativeDef functions[] = {
    DEF_VECTOR("openlog", syslog_openlog,
               "openlog([ident[, logoption[, facility]]])\n\nSays who is writing."),
    DEF_FIXED("syslog", syslog_syslog, 1, 2, "syslog([priority,] message)\n\nWrites a message."),
    DEF_NONE("closelog", syslog_closelog, "closelog($module, /)\n--\n\nForgets who is writing."),
    DEF_ONE("setlogmask", syslog_setlogmask,
            "setlogmask($module, maskpri, /)\n--\n\nSets which priorities are written."),
    DEF_ONE("LOG_MASK", syslog_log_mask, "LOG_MASK($module, pri, /)\n--\n\nOne priority's mask."),
    DEF_ONE("LOG_UPTO", syslog_log_upto,
            "LOG_UPTO($module, pri, /)\n--\n\nThe mask of the priorities up to one."),
    DEF_END,
};

static int fill(Value module) {
    static const PosixConstant constants[] = {
#define N(name) {#name, name}
        N(LOG_ALERT),
        N(LOG_AUTH),
        N(LOG_AUTHPRIV),
        N(LOG_CONS),
        N(LOG_CRIT),
        N(LOG_CRON),
        N(LOG_DAEMON),
        N(LOG_DEBUG),
        N(LOG_EMERG),
        N(LOG_ERR),
        N(LOG_INFO),
        N(LOG_KERN),
        N(LOG_LOCAL0),
        N(LOG_LOCAL1),
        N(LOG_LOCAL2),
        N(LOG_LOCAL3),
        N(LOG_LOCAL4),
        N(LOG_LOCAL5),
        N(LOG_LOCAL6),
        N(LOG_LOCAL7),
        N(LOG_LPR),
        N(LOG_MAIL),
        N(LOG_NDELAY),
        N(LOG_NEWS),
        N(LOG_NOTICE),
        N(LOG_NOWAIT),
        N(LOG_ODELAY),
        N(LOG_PERROR),
        N(LOG_PID),
        N(LOG_SYSLOG),
        N(LOG_USER),
        N(LOG_UUCP),
        N(LOG_WARNING),
#undef N
        {0}};
    return posix_add_constants(module, constants);
}

const NativeModule module_syslog = {"syslog", "Messages to the system's log.", functions, fill};
