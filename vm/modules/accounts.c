// SPDX-License-Identifier: MIT
//
// `pwd` and `grp`: the system's users and groups.
//
// The C library's iterators over all entries have one position in the process: a mutex, taken
// detached, keeps whole walks apart.
#include "vm/modules/posix.h"
#include "vm/modules/struct_sequence.h"
#include <grp.h>
#include <pthread.h>
#include <pwd.h>
#include <stdlib.h>

static Value passwd_type, group_type; // set once by the fill functions
static pthread_mutex_t walk_lock = PTHREAD_MUTEX_INITIALIZER;

static Value text_of(const char *text) {
    return text ? posix_decode(text, false) : none_new();
}

static Value sequence(Value type, Value *v, int count) { // consumes v[]
    bool whole = true;
    for (int i = 0; i < count; i++)
        whole &= !value_is_null(v[i]);
    Value result = whole ? struct_sequence_new(type, v) : VALUE_NULL;
    for (int i = 0; i < count; i++)
        ref_release(v[i]);
    return result;
}
static Value make_passwd(const struct passwd *p) {
    Value v[7] = {text_of(p->pw_name),     text_of(p->pw_passwd), int_from_u64(p->pw_uid),
                  int_from_u64(p->pw_gid), text_of(p->pw_gecos),  text_of(p->pw_dir),
                  text_of(p->pw_shell)};
    return sequence(passwd_type, v, 7);
}
static Value make_group(const struct group *g) {
    Value members = list_new();
    for (char **m = g->gr_mem; m && *m && !value_is_null(members); m++) {
        if (list_append_owned(members, text_of(*m)) < 0) {
            ref_release(members);
            members = VALUE_NULL;
        }
    }
    Value v[4] = {text_of(g->gr_name), text_of(g->gr_passwd), int_from_u64(g->gr_gid), members};
    return sequence(group_type, v, 4);
}

// ---- one entry ---------------------------------------------------------------------------------

typedef union {
    struct passwd passwd;
    struct group group;
} Entry;
// By name, or by id if it is NULL. 1 found, 0 not, -1 errno is set.
typedef int (*Lookup)(const char *name, uint32_t id, Entry *entry, char *buffer, size_t size);

static int look_up_passwd(const char *name, uint32_t id, Entry *entry, char *buffer, size_t size) {
    struct passwd *found = NULL;
    errno = name ? getpwnam_r(name, &entry->passwd, buffer, size, &found)
                 : getpwuid_r(id, &entry->passwd, buffer, size, &found);
    return found ? 1 : errno == ERANGE ? -1 : 0;
}
static int look_up_group(const char *name, uint32_t id, Entry *entry, char *buffer, size_t size) {
    struct group *found = NULL;
    errno = name ? getgrnam_r(name, &entry->group, buffer, size, &found)
                 : getgrgid_r(id, &entry->group, buffer, size, &found);
    return found ? 1 : errno == ERANGE ? -1 : 0;
}
static Value look_up(Lookup lookup, const char *name, uint32_t id, Value asked,
                     const char *message) {
    for (size_t size = 1024;; size *= 2) {
        char *buffer = malloc(size);
        if (!buffer)
            return raise_memory_error();
        Entry entry;
        thread_detach();
        int found = lookup(name, id, &entry, buffer, size);
        thread_attach();
        Value result = VALUE_NULL;
        if (found > 0)
            result =
                lookup == look_up_passwd ? make_passwd(&entry.passwd) : make_group(&entry.group);
        free(buffer);
        if (found > 0)
            return result;
        if (found == 0 || size > (size_t)1 << 26) {
            Value text = str_format(message, asked);
            if (!value_is_null(text))
                raise_key_error(text);
            ref_release(text);
            return VALUE_NULL;
        }
    }
}
static Value by_name(const char *function, Lookup lookup, Value name, const char *message) {
    if (!value_is_str(name))
        return raise_type_error("%s() argument must be str, not %G", function, name);
    Value encoded = posix_fs_encode(name);
    if (value_is_null(encoded))
        return VALUE_NULL;
    Value result = look_up(lookup, (const char *)bytes_data(encoded), 0, name, message);
    ref_release(encoded);
    return result;
}
static Value by_id(Lookup lookup, Value number, int (*convert)(Value v, uint32_t *out),
                   const char *message) {
    uint32_t id;
    if (convert(number, &id) < 0) {
        if (!error_matches(&exception_OverflowError))
            return VALUE_NULL;
        error_clear(); // no such entry
    } else if (id != UINT32_MAX) {
        return look_up(lookup, NULL, id, number, message);
    }
    Value text = str_format(message, number);
    if (!value_is_null(text))
        raise_key_error(text);
    ref_release(text);
    return VALUE_NULL;
}
static Value pwd_getpwnam(Value self, Value name) {
    return by_name("getpwnam", look_up_passwd, name, "getpwnam(): name not found: %R");
}
static Value pwd_getpwuid(Value self, Value id) {
    return by_id(look_up_passwd, id, posix_uid, "getpwuid(): uid not found: %V");
}
static Value grp_getgrnam(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getgrnam", 0, 1, 1, "name");
    return by_name("getgrnam", look_up_group, v[0], "getgrnam(): name not found: %R");
}
static Value grp_getgrgid(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("getgrgid", 0, 1, 1, "id");
    return by_id(look_up_group, v[0], posix_gid, "getgrgid(): gid not found: %V");
}

// ---- all entries -------------------------------------------------------------------------------

// Making the results may run nothing of Python's, so the mutex is held while attached, too; who
// waits for it does so detached.
static Value all(bool groups) {
    Value list = list_new();
    if (value_is_null(list))
        return list;
    thread_detach();
    pthread_mutex_lock(&walk_lock);
    thread_attach();
    if (groups)
        setgrent();
    else
        setpwent();
    for (;;) {
        const struct passwd *p = groups ? NULL : getpwent();
        const struct group *g = groups ? getgrent() : NULL;
        if (!p && !g)
            break;
        if (list_append_owned(list, p ? make_passwd(p) : make_group(g)) < 0) {
            ref_release(list);
            list = VALUE_NULL;
            break;
        }
    }
    if (groups)
        endgrent();
    else
        endpwent();
    pthread_mutex_unlock(&walk_lock);
    return list;
}
static Value pwd_getpwall(Value self) {
    return all(false);
}
static Value grp_getgrall(Value self) {
    return all(true);
}

static const NativeDef pwd_functions[] = {
    DEF_ONE("getpwnam", pwd_getpwnam, "getpwnam($module, name, /)\n--\n\nA user by name."),
    DEF_ONE("getpwuid", pwd_getpwuid, "getpwuid($module, uidobj, /)\n--\n\nA user by number."),
    DEF_NONE("getpwall", pwd_getpwall, "getpwall($module, /)\n--\n\nAll users."),
    DEF_END,
};
static const NativeDef grp_functions[] = {
    DEF_VECTOR("getgrnam", grp_getgrnam, "getgrnam($module, /, name)\n--\n\nA group by name."),
    DEF_VECTOR("getgrgid", grp_getgrgid, "getgrgid($module, /, id)\n--\n\nA group by number."),
    DEF_NONE("getgrall", grp_getgrall, "getgrall($module, /)\n--\n\nAll groups."),
    DEF_END,
};

static int pwd_fill(Value module) {
    static const char *const fields[] = {"pw_name",  "pw_passwd", "pw_uid",   "pw_gid",
                                         "pw_gecos", "pw_dir",    "pw_shell", NULL};
    passwd_type = struct_sequence_type("pwd.struct_passwd", fields);
    return module_add(module, "struct_passwd", ref_new(passwd_type));
}
static int grp_fill(Value module) {
    static const char *const fields[] = {"gr_name", "gr_passwd", "gr_gid", "gr_mem", NULL};
    group_type = struct_sequence_type("grp.struct_group", fields);
    return module_add(module, "struct_group", ref_new(group_type));
}

const NativeModule module_pwd = {"pwd", "The system's users.", pwd_functions, pwd_fill};
const NativeModule module_grp = {"grp", "The system's groups.", grp_functions, grp_fill};
