// SPDX-License-Identifier: MIT
//
// `_multiprocessing`: SemLock, a named semaphore that processes share, with the count of who holds
// it.
//
// `count` and `owner` say how often this process's threads hold the semaphore and which thread took
// it last: they are changed by who has just taken it or is about to give it back, and read by
// others as a hint.
#include "vm/modules/posix.h"
#include "vm/modules/timeouts.h"
#include "vm/types/arguments.h"
#include <semaphore.h>
#include <time.h>

enum { RECURSIVE_MUTEX, SEMAPHORE };

typedef struct {
    Object header;
    sem_t *handle; // constant
    Value name;    // str or None; constant
    int kind, maxvalue;
    uint64_t owner; // atomic, relaxed, as the next
    int64_t count;
} SemLock;

static inline SemLock *semlock_of(Value v) {
    return (SemLock *)value_object(v);
}
static int64_t held(const SemLock *s) {
    return __atomic_load_n(&s->count, __ATOMIC_RELAXED);
}
static bool is_mine(const SemLock *s) {
    return held(s) > 0 && __atomic_load_n(&s->owner, __ATOMIC_RELAXED) == thread_current()->id;
}

static Value make(Type *type, sem_t *handle, int kind, int maxvalue, Value name) {
    SemLock *s = object_allocate(type);
    if (!s)
        return VALUE_NULL;
    s->handle = handle;
    s->kind = kind;
    s->maxvalue = maxvalue;
    s->owner = 0;
    s->count = 0;
    s->name = ref_new(name);
    return value_from_object(s);
}
static Value semlock_new(Type *type, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("SemLock", 0, 5, 5, "kind", "value", "maxvalue", "name", "unlink");
    int kind, value, maxvalue;
    bool unlink = false;
    if (int_argument(v[0], &kind) < 0 || int_argument(v[1], &value) < 0 ||
        int_argument(v[2], &maxvalue) < 0 || posix_bool(v[4], &unlink) < 0)
        return VALUE_NULL;
    if (kind != RECURSIVE_MUTEX && kind != SEMAPHORE)
        return raise_value_error("unrecognized kind");
    Value name = posix_fs_encode(v[3]);
    if (value_is_null(name))
        return name;
    const char *text = (const char *)bytes_data(name);
    sem_t *handle = sem_open(text, O_CREAT | O_EXCL, 0600, (unsigned)value);
    Value result = VALUE_NULL;
    if (handle == SEM_FAILED || (unlink && sem_unlink(text) < 0))
        posix_status(-1);
    else
        result = make(type, handle, kind, maxvalue, unlink ? VALUE_NONE : v[3]);
    if (value_is_null(result) && handle != SEM_FAILED)
        sem_close(handle);
    ref_release(name);
    return result;
}
// Another process's semaphore by its name.
static Value semlock_rebuild(Value type, const Value *args, size_t nargs, Value kwnames) {
    int kind, maxvalue;
    if (arguments_no_keywords("_rebuild", kwnames) < 0 ||
        arguments_count("_rebuild", nargs, 4, 4) < 0 || int_argument(args[1], &kind) < 0 ||
        int_argument(args[2], &maxvalue) < 0)
        return VALUE_NULL;
    if (value_is_none(args[3])) { // forked: the same address
        int64_t address;
        if (value_to_i64(args[0], &address) < 0)
            return VALUE_NULL;
        return make((Type *)value_object(type), (sem_t *)(intptr_t)address, kind, maxvalue,
                    args[3]);
    }
    Value name = posix_fs_encode(args[3]);
    if (value_is_null(name))
        return name;
    sem_t *handle = sem_open((const char *)bytes_data(name), 0);
    ref_release(name);
    if (handle == SEM_FAILED)
        return posix_status(-1);
    return make((Type *)value_object(type), handle, kind, maxvalue, args[3]);
}
static void semlock_destroy(Object *self) {
    SemLock *s = (SemLock *)self;
    if (s->handle)
        sem_close(s->handle);
    ref_release(s->name);
    object_free_fixed(self);
}

static void semlock_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((SemLock *)self)->name);
}

// ---- taking and giving back --------------------------------------------------------------------

static void taken(SemLock *s) {
    __atomic_store_n(&s->owner, thread_current()->id, __ATOMIC_RELAXED);
    __atomic_fetch_add(&s->count, 1, __ATOMIC_RELAXED);
}

// ns: TIMEOUT_NONE waits for ever.
static Value acquire(SemLock *s, bool block, int64_t ns) {
    if (s->kind == RECURSIVE_MUTEX && is_mine(s)) {
        __atomic_fetch_add(&s->count, 1, __ATOMIC_RELAXED);
        return bool_new(true);
    }
    struct timespec until = {0};
    if (block && ns != TIMEOUT_NONE) {
        clock_gettime(CLOCK_REALTIME, &until);
        int64_t nanoseconds = until.tv_nsec + ns % 1000000000;
        until.tv_sec += ns / 1000000000 + nanoseconds / 1000000000;
        until.tv_nsec = nanoseconds % 1000000000;
    }
    int status;
    POSIX_BLOCKING(status, !block               ? sem_trywait(s->handle)
                           : ns == TIMEOUT_NONE ? sem_wait(s->handle)
                                                : sem_timedwait(s->handle, &until));
    if (status < 0) {
        if (error_occurred())
            return VALUE_NULL;
        return errno == EAGAIN || errno == ETIMEDOUT ? bool_new(false) : posix_status(-1);
    }
    taken(s);
    return bool_new(true);
}
static Value semlock_acquire(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("acquire", 0, 2, 0, "block", "timeout");
    bool block = true;
    int64_t ns = TIMEOUT_NONE;
    if (posix_bool(v[0], &block) < 0 || (!value_is_null(v[1]) && !value_is_none(v[1]) &&
                                         timeout_from_number(v[1], 1000000000, &ns) < 0))
        return VALUE_NULL;
    return acquire(semlock_of(self), block, ns != TIMEOUT_NONE && ns < 0 ? 0 : ns);
}
static Value semlock_release(Value self) {
    SemLock *s = semlock_of(self);
    if (s->kind == RECURSIVE_MUTEX) {
        if (!is_mine(s))
            return raise_error(&exception_AssertionError,
                               "attempt to release recursive lock not owned by thread");
        if (held(s) > 1) {
            __atomic_fetch_sub(&s->count, 1, __ATOMIC_RELAXED);
            return none_new();
        }
    } else {
        int value;
        if (sem_getvalue(s->handle, &value) < 0)
            return posix_status(-1);
        if (value >= s->maxvalue)
            return raise_value_error("semaphore or lock released too many times");
    }
    __atomic_fetch_sub(&s->count, 1, __ATOMIC_RELAXED);
    return posix_status(sem_post(s->handle));
}
static Value semlock_enter(Value self) {
    return acquire(semlock_of(self), true, TIMEOUT_NONE);
}
static Value semlock_exit(Value self, const Value *args, size_t nargs) {
    return semlock_release(self);
}

// ---- questions ---------------------------------------------------------------------------------

static Value semlock_count(Value self) {
    return int_from_i64(held(semlock_of(self)));
}
static Value semlock_is_mine(Value self) {
    return bool_new(is_mine(semlock_of(self)));
}
static Value semlock_get_value(Value self) {
    int value;
    if (sem_getvalue(semlock_of(self)->handle, &value) < 0)
        return posix_status(-1);
    return value_from_int(value < 0 ? 0 : value);
}
static Value semlock_is_zero(Value self) {
    int value;
    if (sem_getvalue(semlock_of(self)->handle, &value) < 0)
        return posix_status(-1);
    return bool_new(value == 0);
}
static Value semlock_after_fork(Value self) {
    __atomic_store_n(&semlock_of(self)->count, 0, __ATOMIC_RELAXED);
    return none_new();
}
static Value get_handle(Value self) {
    return int_from_i64((int64_t)(intptr_t)semlock_of(self)->handle);
}
static Value get_kind(Value self) {
    return value_from_int(semlock_of(self)->kind);
}
static Value get_maxvalue(Value self) {
    return value_from_int(semlock_of(self)->maxvalue);
}
static Value get_name(Value self) {
    return ref_new(semlock_of(self)->name);
}

static const NativeDef semlock_methods[] = {
    DEF_VECTOR("acquire", semlock_acquire,
               "acquire($self, /, block=True, timeout=None)\n--\n\nTakes the semaphore."),
    DEF_NONE("release", semlock_release, "release($self, /)\n--\n\nGives the semaphore back."),
    DEF_NONE("_count", semlock_count, "_count($self, /)\n--\n\nHow often this process holds it."),
    DEF_NONE("_is_mine", semlock_is_mine, "_is_mine($self, /)\n--\n\nDoes this thread hold it?"),
    DEF_NONE("_get_value", semlock_get_value, "_get_value($self, /)\n--\n\nThe value."),
    DEF_NONE("_is_zero", semlock_is_zero, "_is_zero($self, /)\n--\n\nIs the value zero?"),
    DEF_NONE("_after_fork", semlock_after_fork,
             "_after_fork($self, /)\n--\n\nThis process holds it no more."),
    DEF_CLASS("_rebuild", semlock_rebuild,
              "_rebuild($type, handle, kind, maxvalue, name, /)\n--\n\n"
              "The semaphore of another process."),
    DEF_NONE("__enter__", semlock_enter, NULL),
    DEF_FIXED("__exit__", semlock_exit, 0, 3, NULL),
    DEF_END,
};
static const GetSetDef semlock_getsets[] = {{"handle", get_handle, NULL, NULL},
                                            {"kind", get_kind, NULL, NULL},
                                            {"maxvalue", get_maxvalue, NULL, NULL},
                                            {"name", get_name, NULL, NULL},
                                            {0}};
static Type semlock_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_multiprocessing.SemLock",
    .doc = "A semaphore that processes share.",
    .basic_size = sizeof(SemLock),
    .kind = HEAP_LEAF,
    .flags = TYPE_BASE,
    .call_new = semlock_new,
    .destroy = semlock_destroy,
    .traverse = semlock_traverse,
    .methods = semlock_methods,
    .getsets = semlock_getsets,
};

static Value multiprocessing_sem_unlink(Value self, Value v) {
    if (!value_is_str(v))
        return raise_type_error("sem_unlink() argument must be str, not %G", v);
    Value name = posix_fs_encode(v);
    if (value_is_null(name))
        return name;
    int status = sem_unlink((const char *)bytes_data(name)), problem = errno;
    ref_release(name);
    errno = problem;
    return posix_status(status);
}

static const NativeDef functions[] = {
    DEF_ONE("sem_unlink", multiprocessing_sem_unlink,
            "sem_unlink($module, name, /)\n--\n\nForgets a semaphore's name."),
    DEF_END,
};

static int fill(Value module) {
    static const char *const flags[] = {"HAVE_SEM_OPEN", "HAVE_SEM_TIMEDWAIT", "HAVE_FD_TRANSFER"};
    Value dict = dict_new();
    if (value_is_null(dict))
        return -1;
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (dict_set_cstr(dict, flags[i], value_from_int(1)) < 0)
            return -1;
    if (module_add(module, "flags", dict) < 0 || module_add_type(module, &semlock_type) < 0)
        return -1;
    return dict_set_cstr(semlock_type.dict, "SEM_VALUE_MAX", value_from_int(SEM_VALUE_MAX));
}

const NativeModule module_multiprocessing = {"_multiprocessing", "Semaphores of several processes.",
                                             functions, fill};
