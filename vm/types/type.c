// SPDX-License-Identifier: MIT
//
// Types at work: attribute lookup along the mro with its cache, versions, changes of class
// attributes, the subclass relation, and the type object `type` itself.
//
// The method cache. Global, direct-mapped by (type version, name). An entry is guarded by its own
// sequence number, odd while it is written (a seqlock; Boehm 2012 for the memory order: the
// reader's loads of the fields acquire, the writer's stores to them release, no fences). An entry
// holds a reference to its name only. Its value lives because the class attribute it copies is
// retired, not released, when it is replaced: whoever still knows the old version can take a
// reference until its next safepoint.
//
// A class attribute can be read in two ways: by a cache (this one or an inline cache), which holds
// as long as the type's version is the one it was filled under, and in the dicts. Once a thread has
// seen a new value in one way, it must not see the old one in the other. So a change has three
// steps: the versions of the type and all below it become 0, which no cache holds for; the dict
// changes; they become numbers that were never used before.
//   - Who finds the new value in the dict has acquired what was stored before it (dict.h), the 0
//   too: its later loads of the version give that 0 or a later number, never the old one again.
//   - Who reads the new version (acquire) finds the new value in the dict, as that was stored
//   before the version (release), and a cache filled under this version was filled from there.
//   - A cache filled under the old version may hold the new value, where somebody read the version
//   before the first step and the dict after the second. Then whoever reads that entry (acquire)
//   comes after the one who filled it (release), who came after the 0: the first case again.
// So versions only go on, for each thread and from one thread to the other.
#include "locks/attached_mutex.h"
#include "locks/claim.h"
#include "vm/types/type_internal.h"
#include <stdlib.h>

static AttachedMutex types_mutex;
// The parts of the types lock, taken after types_mutex and in order. Each has versions at hand, so
// that its holder need not ask for one that all others are asking for, too.
// With one lock for all objects more parts would never be wanted at a time.
enum { PARTS = OBJECT_LOCK_IS_REAL ? 8 : 1, VERSIONS_AT_ONCE = 1024 };
static struct {
    _Alignas(64) AttachedMutex mutex;
    uint32_t version, version_end; // the last one given out, the last one it has
} parts[PARTS];
static uint32_t last_version; // handed to a part; atomic. 0 is no version

enum { CACHE_BITS = 12, CACHE_SIZE = 1 << CACHE_BITS };

static struct CacheEntry {
    uint32_t sequence;
    uint32_t version;
    Value name;
    Value value;
} method_cache[CACHE_SIZE];

static inline struct CacheEntry *cache_slot(uint32_t version, Value name) {
    uint32_t hash = version * 0x9e3779b1u ^ (uint32_t)(name.bits >> 4);
    return &method_cache[(hash ^ hash >> CACHE_BITS) & (CACHE_SIZE - 1)];
}

// ---- lookup ------------------------------------------------------------------------------

// New reference or VALUE_NULL.
static Value lookup_uncached(Type *type, Value name) {
    Value mro = type_mro(type);
    if (UNLIKELY(value_is_null(mro))) { // a type that is being readied
        for (; type; type = type_base(type)) {
            Value v = value_is_null(type->dict) ? VALUE_NULL : dict_get_str(type->dict, name);
            if (!value_is_null(v))
                return v;
        }
        return VALUE_NULL;
    }
    ref_retain(mro); // waiting for a dict's lock is a safepoint
    Value found = VALUE_NULL;
    int64_t count = tuple_length(mro);
    for (int64_t i = 0; i < count && value_is_null(found); i++) {
        Value base = tuple_item(mro, i);
        Value dict = ((Type *)value_object(base))->dict;
        found = dict_get_str(dict, name);
        // As in CPython: where the __eq__ of a key fails there is no such attribute.
        if (value_is_null(found) && UNLIKELY(error_occurred()) && !dict_has_str_keys(dict)) {
            error_clear();
            break;
        }
    }
    ref_release(mro);
    return found;
}

static void cache_fill(uint32_t version, Value name, Value value) {
    struct CacheEntry *e = cache_slot(version, name);
    uint32_t sequence = __atomic_load_n(&e->sequence, __ATOMIC_RELAXED);
    if ((sequence & 1) || !claim_word(&e->sequence, sequence, sequence + 1))
        return; // somebody else is writing it
    Value old_name = field_raw(&e->name);
    if (!value_same(old_name, name))
        ref_retain(name);
    __atomic_store_n(&e->version, version, __ATOMIC_RELEASE);
    __atomic_store_n(&e->name.bits, name.bits, __ATOMIC_RELEASE);
    __atomic_store_n(&e->value.bits, value.bits, __ATOMIC_RELEASE);
    __atomic_store_n(&e->sequence, sequence + 2, __ATOMIC_RELEASE);
    if (!value_same(old_name, name) && !value_is_null(old_name))
        reclaim_reference(old_name);
}

// The versions that this thread has last looked up something under in vain, and how often. Where
// two compete for a place the later one has it.
enum { RECENT = 16, FEW_MISSES = 4 };
static _Thread_local struct {
    uint32_t version, misses;
} recent[RECENT] __attribute__((tls_model("local-exec")));

bool type_version_is_fresh(uint32_t version) {
    unsigned i = version % RECENT;
    return recent[i].version == version && recent[i].misses <= FEW_MISSES;
}

static void note_miss(uint32_t version) {
    unsigned i = version % RECENT;
    if (version > recent[i].version) {
        recent[i].version = version;
        recent[i].misses = 1;
    } else if (version == recent[i].version) {
        recent[i].misses++;
    }
}

// Found in the cache: true and *out (borrowed, may be VALUE_NULL for "absent").
static inline bool cache_find(uint32_t version, Value name, Value *out) {
    struct CacheEntry *e = cache_slot(version, name);
    uint32_t sequence = __atomic_load_n(&e->sequence, __ATOMIC_ACQUIRE);
    uint32_t entry_version = __atomic_load_n(&e->version, __ATOMIC_ACQUIRE);
    uint64_t entry_name = __atomic_load_n(&e->name.bits, __ATOMIC_ACQUIRE);
    uint64_t value = __atomic_load_n(&e->value.bits, __ATOMIC_ACQUIRE);
    if (UNLIKELY(entry_version != version || entry_name != name.bits || (sequence & 1) ||
                 __atomic_load_n(&e->sequence, __ATOMIC_RELAXED) != sequence))
        return false;
    *out = (Value){value};
    return true;
}

// What the cache does not hold, as a new reference. version: of before the lookup.
static __attribute__((noinline)) Value lookup_missed(Type *type, Value name, uint32_t version) {
    Value v = lookup_uncached(type, name);
    if (version != 0) {
        note_miss(version);
        if (str_is_interned(name) && !type_version_is_fresh(version))
            cache_fill(version, name, v);
    }
    return v;
}
static __attribute__((noinline)) Value lookup_missed_borrowed(Type *type, Value name,
                                                              uint32_t version) {
    Value v = lookup_missed(type, name, version);
    ref_release(v); // the class keeps it
    return v;
}

Value type_lookup(Type *type, Value name) {
    uint32_t version = __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
    Value v;
    if (LIKELY(version != 0 && cache_find(version, name, &v)))
        return ref_new(v);
    return lookup_missed(type, name, version);
}

Value type_lookup_borrowed(Type *type, Value name) {
    uint32_t version = __atomic_load_n(&type->version, __ATOMIC_ACQUIRE);
    Value v;
    if (LIKELY(version != 0 && cache_find(version, name, &v)))
        return v;
    return lookup_missed_borrowed(type, name, version);
}

bool type_is_subtype(const Type *type, const Type *of) {
    if (type == of)
        return true;
    Value mro = type_mro(type);
    if (LIKELY(!value_is_null(mro))) {
        const Tuple *t = tuple_of(mro);
        for (int64_t i = 1; i < t->length; i++)
            if (value_object(t->items[i]) == (const Object *)of)
                return true;
        // An overridden mro() may leave the type itself out of the first place.
        return t->length && value_object(t->items[0]) == (const Object *)of;
    }
    for (; type; type = type_base(type))
        if (type == of)
            return true;
    return of == &object_type;
}

Type *type_native_base(const Type *type) {
    while (type_flags(type) & TYPE_HEAP)
        type = type_base(type);
    return (Type *)type;
}

const char *type_name(const Type *type) {
    const char *name = type_full_name(type);
    if (type_has(type, TYPE_HEAP))
        return name;
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : name;
}

// ---- subclasses and versions ---------------------------------------------------------------

int type_subclasses_add(Type *base, Type *subclass) {
    struct TypeSubclasses *s = base->subclasses;
    if (!s || s->count == s->capacity) {
        uint32_t capacity = s ? s->capacity * 2 : 2;
        // Not a buffer: a collector that takes any word for a pointer would find one, and the types
        // in it would live.
        struct TypeSubclasses *grown = realloc(s, sizeof *s + capacity * sizeof(Type *));
        if (!grown)
            return -1;
        if (!s)
            grown->count = 0;
        grown->capacity = capacity;
        base->subclasses = s = grown;
    }
    ref_mark_shared(subclass); // found here by who has no reference to it
    s->items[s->count++] = subclass;
    return 0;
}

void type_subclasses_remove(Type *base, Type *subclass) {
    struct TypeSubclasses *s = base->subclasses;
    // From the end: classes that die young were added last.
    for (uint32_t i = s ? s->count : 0; i-- > 0;)
        if (s->items[i] == subclass) {
            memmove(&s->items[i], &s->items[i + 1], (s->count - i - 1) * sizeof(Type *));
            s->count--;
            return;
        }
}

static unsigned part_of(const Type *type) {
    return (unsigned)((uint64_t)(uintptr_t)type * 0x9e3779b97f4a7c15u >> 61) % PARTS;
}

// A part that is the only one needs no lock in front of it.
void types_lock(void) {
    if (PARTS > 1)
        attached_mutex_lock(&types_mutex);
    for (int i = 0; i < PARTS; i++)
        attached_mutex_lock(&parts[i].mutex);
}
void types_unlock(void) {
    for (int i = 0; i < PARTS; i++)
        attached_mutex_unlock(&parts[i].mutex);
    if (PARTS > 1)
        attached_mutex_unlock(&types_mutex);
}

bool types_lock_one(const Type *type) {
    AttachedMutex *mutex = &parts[part_of(type)].mutex;
    attached_mutex_lock(mutex);
    if (!type->subclasses || type->subclasses->count == 0)
        return true;
    if (PARTS == 1) // which is all of them
        return false;
    attached_mutex_unlock(mutex);
    types_lock();
    return false;
}
void types_unlock_one(const Type *type, bool one) {
    if (one)
        attached_mutex_unlock(&parts[part_of(type)].mutex);
    else
        types_unlock();
}

// With the part locked. Numbers that ran out leave 0: no caching any more.
static uint32_t version_new(unsigned part) {
    if (parts[part].version == parts[part].version_end) {
        uint32_t last = __atomic_load_n(&last_version, __ATOMIC_RELAXED);
        do {
            if (last > UINT32_MAX - VERSIONS_AT_ONCE)
                return 0;
        } while (!__atomic_compare_exchange_n(&last_version, &last, last + VERSIONS_AT_ONCE, true,
                                              __ATOMIC_RELAXED, __ATOMIC_RELAXED));
        parts[part].version = last;
        parts[part].version_end = last + VERSIONS_AT_ONCE;
    }
    return ++parts[part].version;
}

void type_changes_locked(Type *type) {
    __atomic_store_n(&type->version, 0, __ATOMIC_RELAXED); // before the release of what is changed
    struct TypeSubclasses *s = type->subclasses;
    for (uint32_t i = 0; s && i < s->count; i++)
        type_changes_locked(s->items[i]);
}

void type_modified_locked(Type *type) {
    __atomic_store_n(&type->version, version_new(part_of(type)), __ATOMIC_RELEASE);
    struct TypeSubclasses *s = type->subclasses;
    for (uint32_t i = 0; s && i < s->count; i++)
        type_modified_locked(s->items[i]);
}

// ---- class attributes ----------------------------------------------------------------------

static bool is_data_descriptor(Value v) {
    return !value_is_null(v) && value_type(v)->descr_set != NULL;
}

static bool shapes_below_mention(Type *type, Value name) {
    if (type_has(type, TYPE_HEAP) && shapes_mention(type, name))
        return true;
    struct TypeSubclasses *s = type->subclasses;
    for (uint32_t i = 0; s && i < s->count; i++)
        if (shapes_below_mention(s->items[i], name))
            return true;
    return false;
}

// Inline caches of instance attributes are guarded by the shape alone. Replacing `old` (what the
// type's mro gave for name) by `value` can make such a guard say too much: where a cell's
// descriptor is replaced or hidden,
static bool replaces_cell(Value old, Value value) {
    return !value_is_null(old) && value_type(old) == &member_type && !value_same(old, value);
}
// where a data descriptor comes before the instances' own attributes, and where they are asked for
// in another way altogether. (This and the next are asked of names of slots only.)
static bool changes_access(Value name) {
    return value_same(name, name___getattribute__) || value_same(name, name___setattr__) ||
           value_same(name, name___delattr__);
}

// Objects of this type become descriptors, or data descriptors, wherever they are class attributes,
// or cease to be (if no base has such a method).
static bool changes_descriptors(const Type *type, Value name, Value value) {
    bool is;
    if (value_same(name, name___get__))
        is = type->descr_get;
    else if (value_same(name, name___set__) || value_same(name, name___delete__))
        is = type->descr_set;
    else
        return false;
    return is == value_is_null(value);
}

typedef struct {
    Type *type;
    Value name, value;               // an interned exact str; VALUE_NULL: delete it
    uint32_t flags_clear, flags_set; // changes at the same moment
    bool is_slot;
    Type *caches;   // this type's caches, and those of all below, know what will be wrong
    bool refreshes; // also those that are guarded by the shapes of the instances
    Type **below;   // if is_slot: all below type, as references
    int64_t below_count;
} Change;

bool type_lookups_ask(const Type *type) {
    Value mro = type_mro(type);
    for (int64_t i = 0; !value_is_null(mro) && i < tuple_length(mro); i++)
        if (!dict_has_str_keys(type_of_value(tuple_item(mro, i))->dict))
            return true;
    return false;
}

// With the types lock held, or only the part if there are no subclasses and no shapes to refresh.
// False: the place is not right any more. *slots_left: it remains to change the slots, without
// the lock. Otherwise the dict and what follows from it change while the world stands still, so who
// sees the one sees the other.
static bool change_locked(const Change *c, const DictPlace *place, Value *old_key, Value *old,
                          bool *slots_left) {
    // Other threads may look between the steps, or, with one lock for all, what follows from the
    // change.
    if (OBJECT_LOCK_IS_REAL || c->is_slot || c->refreshes)
        type_changes_locked(c->caches);
    // Without a version nobody fills a cache that would be guarded by the new shapes.
    if (c->refreshes)
        instances_refresh_shapes_locked(c->caches);
    bool asks = c->is_slot && type_lookups_ask(c->type);
    for (int64_t i = 0; i < c->below_count && !asks; i++)
        asks = type_lookups_ask(c->below[i]);
    uint32_t flags = (type_flags(c->type) & ~c->flags_clear) | c->flags_set;
    bool stops = (c->is_slot && !asks) || flags != type_flags(c->type);
    if (stops)
        thread_stop_world();
    bool done = dict_change(c->type->dict, c->name, place, c->value, old_key, old);
    if (done) {
        type_flags_change(c->type, c->flags_clear, c->flags_set);
        *slots_left = asks;
        if (c->is_slot && !asks) {
            slots_update_one(c->type, c->name, true);
            for (int64_t i = 0; i < c->below_count; i++)
                slots_update_one(c->below[i], c->name, true);
        }
    }
    if (stops)
        thread_start_world();
    type_modified_locked(c->caches);
    return done;
}

// What change_locked left. Meanwhile others may still find the former slots: a class with keys
// whose __eq__ is asked answers at any time after the change, as such a program must expect.
static void change_slots(const Change *c) {
    slots_update_one(c->type, c->name, false);
    for (int64_t i = 0; i < c->below_count; i++)
        slots_update_one(c->below[i], c->name, false);
    types_lock();
    type_changes_locked(c->caches);
    if (c->refreshes)
        instances_refresh_shapes_locked(c->caches);
    type_modified_locked(c->caches);
    types_unlock();
}

// One attempt: 1, 0: again, -1.
static int try_set_attribute(Change *c) {
    Type *type = c->type;
    DictPlace place;
    Value own, old_key = VALUE_NULL, old = VALUE_NULL;
    if (dict_locate(type->dict, c->name, !value_is_null(c->value), &place, &own) < 0)
        return -1;
    if (value_is_null(own) && value_is_null(c->value))
        return raise_int(&exception_AttributeError, "type object '%s' has no attribute '%V'",
                         type_full_name(type), c->name);
    // What its instances saw under this name; the type's own attribute, if it has one, is that.
    Value before = value_is_null(own) ? type_lookup(type, c->name) : own;
    if (UNLIKELY(value_is_null(before) && error_occurred()))
        return -1;
    bool heap = type_has(type, TYPE_HEAP), replaces = heap && replaces_cell(before, c->value);
    bool hides = replaces || (heap && is_data_descriptor(c->value));
    bool access = c->is_slot && heap && changes_access(c->name);
    bool descriptors = c->is_slot && changes_descriptors(type, c->name, c->value);
    bool all = hides || access || descriptors, one = !all && types_lock_one(type);
    if (all)
        types_lock();
    c->caches = descriptors ? &object_type : type;
    c->refreshes = descriptors || replaces || (hides && shapes_below_mention(type, c->name)) ||
                   (access && shapes_below_mention(type, VALUE_NULL));
    bool slots_left = false;
    int result = -1;
    c->below_count = c->is_slot ? type_all_below_locked(type, &c->below) : 0;
    if (LIKELY(c->below_count >= 0))
        result = change_locked(c, &place, &old_key, &old, &slots_left);
    types_unlock_one(type, one);
    if (UNLIKELY(c->below_count < 0))
        raise_memory_error();
    if (UNLIKELY(slots_left))
        change_slots(c);
    if (c->below) {
        for (int64_t i = 0; i < c->below_count; i++)
            ref_release_object(c->below[i]);
        buffer_free(c->below);
        c->below = NULL;
    }
    ref_release(before);
    ref_release(old_key);
    if (!value_is_null(old))
        reclaim_reference(old);
    return result;
}

static int change(Change *c) {
    int result;
    do
        result = try_set_attribute(c);
    while (result == 0);
    return result < 0 ? -1 : 0;
}

// name is an interned exact str.
static int set_attribute(Type *type, Value name, Value value) {
    Change c = {.type = type, .name = name, .value = value, .is_slot = slot_name_is_known(name)};
    return change(&c);
}

int type_set_abstract(Type *type, Value value, bool abstract) {
    Change c = {.type = type,
                .name = name___abstractmethods__,
                .value = value,
                .flags_clear = TYPE_ABSTRACT,
                .flags_set = abstract ? TYPE_ABSTRACT : 0};
    return change(&c);
}

int type_set_attribute(Type *type, Value name, Value value) {
    if (LIKELY(value_is_exact_str(name) && str_is_interned(name))) {
        ref_retain(name);
        int result = set_attribute(type, name, value);
        ref_release(name);
        return result;
    }
    Value interned = name_interned(name);
    if (value_is_null(interned))
        return -1;
    int result = set_attribute(type, interned, value);
    ref_release(interned);
    return result;
}

// ---- attribute access on type objects --------------------------------------------------------

int type_find(Value self, Value name, Value *out) {
    Type *type = type_of_value(self), *meta = value_type(self);
    Value on_meta = type_lookup(meta, name), found = on_meta;
    Value (*get)(Value, Value, Value) = NULL, instance = self, class = value_from_object(meta);
    if (!value_is_null(on_meta))
        get = value_type(on_meta)->descr_get;
    if (!get || !value_type(on_meta)->descr_set) {
        Value own = type_lookup(type, name);
        if (!value_is_null(own)) {
            ref_release(on_meta);
            found = own;
            get = value_type(own)->descr_get;
            instance = VALUE_NULL;
            class = self;
        }
    }
    *out = found;
    if (get) {
        *out = get(found, instance, class);
        ref_release(found);
        return value_is_null(*out) ? -1 : 1;
    }
    return !value_is_null(found);
}

Value type_getattr_slot(Value self, Value name) {
    if (!value_is_str(name))
        return raise_type_error("attribute name must be string, not '%T'", name);
    Value v;
    if (type_find(self, name, &v) == 0) {
        raise_error(&exception_AttributeError, "type object '%s' has no attribute '%V'",
                    type_full_name(type_of_value(self)), name);
        error_set_name_object(name, self);
    }
    return v;
}

int type_setattr_slot(Value self, Value name, Value value) {
    Type *type = type_of_value(self);
    if (type_has(type, TYPE_IMMUTABLE) || !type_has(type, TYPE_HEAP))
        return raise_int(&exception_TypeError, "cannot set %R attribute of immutable type '%s'",
                         name, type_full_name(type));
    if (!value_is_str(name))
        return raise_int(&exception_TypeError, "attribute name must be string, not '%T'", name);
    Value on_meta = type_lookup_borrowed(value_type(self), name);
    int (*set)(Value, Value, Value) =
        value_is_null(on_meta) ? NULL : value_type(on_meta)->descr_set;
    if (!set)
        return type_set_attribute(type, name, value);
    ref_retain(on_meta);
    int result = set(on_meta, self, value);
    ref_release(on_meta);
    return result;
}

// ---- names -----------------------------------------------------------------------------------

// The C name follows the str; the old one stays for readers until a grace period is over.
int type_set_name_object(Type *type, Value name) {
    size_t length;
    char *owned = NULL;
    const char *utf8 = str_utf8(name, &length, &owned);
    if (!utf8)
        return -1;
    if (strlen(utf8) != length) {
        buffer_free(owned);
        return raise_int(&exception_ValueError, "type name must not contain null characters");
    }
    ref_retain(name);
    types_lock();
    const char *old_name = type->name;
    Value old = field_publish_locked(&type->name_object, name);
    __atomic_store_n(&type->name, utf8, __ATOMIC_RELEASE);
    types_unlock();
    if (!value_is_null(old)) {
        if (!str_is_ascii(old))
            reclaim_buffer((void *)old_name);
        reclaim_reference(old);
    }
    return 0;
}

Value type_qualname(Type *type) {
    Value v = field_published(&type->qualname);
    if (!value_is_null(v))
        return ref_new(v);
    return str_intern_cstr(type_name(type));
}

Value type_module(Type *type) {
    if (type_has(type, TYPE_HEAP))
        return dict_get_str(type->dict, name___module__);
    const char *dot = strrchr(type->name, '.');
    if (!dot)
        return ref_new(name_builtins);
    Value v = str_from_utf8(type->name, (size_t)(dot - type->name));
    return value_is_null(v) ? v : str_intern(v);
}

// ---- the type `type` ---------------------------------------------------------------------------

static Value type_repr(Value self) {
    Type *type = type_of_value(self);
    Value module = type_module(type), qualname = type_qualname(type);
    Value v;
    if (!value_is_null(module) && value_is_str(module) && !str_equal_cstr(module, "builtins") &&
        !value_is_null(qualname))
        v = str_format("<class '%V.%V'>", module, qualname);
    else
        v = str_format("<class '%s'>", type_full_name(type));
    ref_release(module);
    ref_release(qualname);
    return v;
}

static Value type_binary_or(Value a, Value b) {
    return union_or(a, b);
}

static void type_traverse(Object *self, GcVisitor *visitor) {
    Type *type = (Type *)self;
    if (type_flags(self->type) & TYPE_HEAP)
        gc_visit_register(visitor, value_from_object(self->type));
    if (heap_is_static(type))
        return;
    gc_visit_object(visitor, type->base);
    gc_visit(visitor, type->bases);
    gc_visit(visitor, type->mro);
    gc_visit(visitor, type->dict);
    gc_visit(visitor, type->name_object);
    gc_visit(visitor, type->qualname);
    gc_visit(visitor, type->module_name);
}

// What forms cycles through a dead type: its mro holds itself, its dict holds descriptors. The rest
// is needed by instances that die after it.
static void type_clear(Object *self) {
    Type *type = (Type *)self;
    if (!(type_flags(type) & TYPE_HEAP))
        return;
    types_lock();
    type_modified_locked(type);
    types_unlock();
    dict_clear(type->dict);
    // Whoever still asks finds the bases' attributes no more, but a valid tuple.
    Value only_self = tuple_empty();
    types_lock();
    Value mro = field_publish_locked(&type->mro, only_self);
    types_unlock();
    ref_release(mro); // at once: nobody reaches the type any more
}

static void type_destroy(Object *self) {
    Type *type = (Type *)self;
    types_lock();
    Value bases = type->bases;
    for (int64_t i = 0; !value_is_null(bases) && i < tuple_length(bases); i++)
        type_subclasses_remove((Type *)value_object(tuple_item(bases, i)), type);
    types_unlock();
    shapes_free(type);
    free(type->subclasses);
    type->subclasses = NULL; // a subclass may die after it, where both were found dead together
    if (!value_is_null(type->name_object) && !str_is_ascii(type->name_object))
        buffer_free((void *)type->name);
    ref_release(type->name_object);
    ref_release(type->qualname);
    ref_release(type->module_name);
    ref_release(type->dict);
    ref_release(type->mro);
    ref_release(type->bases);
    if (type->base)
        ref_release_object(type->base);
    type_free_instance(self);
}

Type type_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "type",
    .basic_size = sizeof(Type),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_BASE | TYPE_TYPE_SUBCLASS | TYPE_WEAKREFABLE,
    .doc = "type(object)\ntype(name, bases, dict, **kwds)\n\n"
           "With one argument the class of an object; with three a new class.",
    .call_new = type_new_vector,
    .init = type_init_vector,
    .call = type_call_vector,
    .destroy = type_destroy,
    .traverse = type_traverse,
    .clear = type_clear,
    .repr = type_repr,
    .getattr = type_getattr_slot,
    .setattr = type_setattr_slot,
    .binary[BINARY_OR] = type_binary_or,
    .methods = type_methods,
    .getsets = type_getsets,
    .members = type_members,
};

void type_start(void) {
    roots_exclude(method_cache, sizeof method_cache); // names are interned, values borrowed
    type_ready(&object_type);
    type_ready(&type_type);
}
