// SPDX-License-Identifier: MIT
//
// dict: the invariants of its table under random changes, order, versions for caches, keys whose
// __eq__ changes the dict, moves to either end.
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/dict_table.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <check.h>
#include <stdio.h>
#include <stdlib.h>

static Value key_new(int64_t number);
static Type key_type;

static void start(void) {
    static bool started;
    if (!started) {
        started = true;
        thread_start_main();
        types_start();
        type_ready(&key_type);
    }
}

// ---- what dict_table.h promises --------------------------------------------------------------

static int64_t find(Dict *d, Value key, int64_t hash) {
    object_lock(&d->header);
    int64_t i = dict_find_locked(d, key, hash);
    object_unlock(&d->header);
    return i;
}

static void remove_last(Dict *d, Value *key, Value *value) {
    object_lock(&d->header);
    dict_remove_last_locked(d, key, value);
    object_unlock(&d->header);
}

static void check_dict(Value dict) {
    Dict *d = dict_of(dict);
    DictTable *t = d->table;
    if (!t) {
        ck_assert_int_eq(d->length, 0);
        return;
    }
    int64_t slots = (int64_t)1 << t->log2_size, live = 0, filled = 0;
    ck_assert_int_le(t->used_entries, t->capacity);
    ck_assert_int_lt(t->capacity, slots);
    for (int64_t i = 0; i < t->used_entries; i++) {
        DictEntry *e = &t->entries[i];
        if (value_is_null(e->key)) {
            ck_assert(value_is_null(e->value));
            continue;
        }
        live++;
        ck_assert_int_ge(i, t->first);
        ck_assert(!value_is_null(e->value));
        if (t->all_str)
            ck_assert(value_is_exact_str(e->key));
        // Found by its hash, and only once.
        ck_assert_int_eq(dict_index_get(t, dict_slot_of(t, i), t->log2_width), i);
        ck_assert_int_eq(find(d, e->key, e->hash), i);
    }
    ck_assert_int_eq(live, d->length);
    int64_t seen = 0;
    for (int64_t s = 0; s < slots; s++) {
        int64_t i = dict_index_get(t, (size_t)s, t->log2_width);
        filled += i != DICT_EMPTY;
        if (i >= 0) {
            seen++;
            ck_assert_int_lt(i, t->used_entries);
            ck_assert(!value_is_null(t->entries[i].key));
        }
    }
    ck_assert_int_eq(seen, live);
    ck_assert_int_lt(filled, slots);
}

static Value text(int64_t n) {
    return str_format("key%lld", (long long)n);
}

// ---- sizes -------------------------------------------------------------------------------------

START_TEST(smallest_table_fills_a_size_class) {
    Value d = dict_new_sized(1);
    DictTable *t = dict_of(d)->table;
    ck_assert_uint_eq(
        sizeof(DictTable) + dict_index_bytes(t) + (size_t)t->capacity * sizeof(DictEntry), 160);
    ck_assert_int_eq(t->capacity, 5);
    ck_assert_uint_eq(sizeof(DictEntry), 24);
    ck_assert_uint_eq(sizeof(Dict), sizeof(Object) + 32 + OBJECT_LINE_FILL(sizeof(Object) + 32));
    ref_release(d);
}
END_TEST

START_TEST(sized_dict_does_not_grow) {
    for (int64_t n = 1; n < 3000; n = n * 3 / 2 + 1) {
        Value d = dict_new_sized(n);
        DictTable *t = dict_of(d)->table;
        for (int64_t i = 0; i < n; i++)
            ck_assert_int_eq(dict_set(d, value_from_int(i), value_from_int(-i)), 0);
        ck_assert_ptr_eq(dict_of(d)->table, t);
        check_dict(d);
        ref_release(d);
    }
}
END_TEST

// ---- order ------------------------------------------------------------------------------------

START_TEST(order_is_that_of_insertion) {
    Value d = dict_new();
    for (int64_t i = 0; i < 1000; i++)
        dict_set(d, value_from_int(i * 37 % 1000), value_from_int(i));
    for (int64_t i = 0; i < 1000; i += 3)
        ck_assert_int_eq(dict_delete(d, value_from_int(i * 37 % 1000)), 0);
    dict_set(d, value_from_int(0), value_from_int(-1)); // taken out above: now the newest
    check_dict(d);
    int64_t position = 0, i = 0;
    Value key, value;
    while (dict_next(d, &position, &key, &value, NULL)) {
        while (i % 3 == 0)
            i++;
        if (i < 1000) {
            ck_assert_int_eq(value_int(key), i * 37 % 1000);
            ck_assert_int_eq(value_int(value), i);
        } else {
            ck_assert_int_eq(value_int(key), 0);
        }
        i++;
    }
    ck_assert_int_eq(dict_length(d), 1000 - 334 + 1);
    Value keys = dict_keys_list(d);
    ck_assert_int_eq(list_length(keys), dict_length(d));
    ref_release(keys);
    ref_release(d);
}
END_TEST

// ---- random changes against a plain array -----------------------------------------------------

enum { MODEL_KEYS = 64 };
static uint64_t random_state = 88172645463325252u;
static uint64_t draw(void) { // xorshift64 (Marsaglia 2003)
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

typedef struct {
    int64_t key[4096], value[4096];
    int64_t count;
} Model;

static int64_t model_find(const Model *m, int64_t key) {
    for (int64_t i = 0; i < m->count; i++)
        if (m->key[i] == key)
            return i;
    return -1;
}
static void model_remove(Model *m, int64_t i) {
    memmove(&m->key[i], &m->key[i + 1], (size_t)(m->count - i - 1) * sizeof(int64_t));
    memmove(&m->value[i], &m->value[i + 1], (size_t)(m->count - i - 1) * sizeof(int64_t));
    m->count--;
}

static Value make_key(int kind, int64_t n) {
    return kind == 0 ? value_from_int(n) : kind == 1 ? text(n) : key_new(n);
}

static void compare_with_model(Value d, const Model *m, int kind) {
    check_dict(d);
    ck_assert_int_eq(dict_length(d), m->count);
    int64_t position = 0, i = 0;
    Value key, value;
    while (dict_next(d, &position, &key, &value, NULL)) {
        Value expected = make_key(kind, m->key[i]);
        ck_assert_int_eq(value_equals(key, expected), 1);
        ck_assert_int_eq(value_int(value), m->value[i]);
        ref_release(expected);
        ref_release(key);
        i++;
    }
    ck_assert_int_eq(i, m->count);
}

START_TEST(random_changes_agree_with_a_plain_array) {
    int kind = _i % 3; // ints, strs, objects that compare by a slot
    Value d = dict_new();
    static Model m;
    m.count = 0;
    for (int64_t step = 0; step < 6000; step++) {
        int64_t n = (int64_t)(draw() % MODEL_KEYS), v = (int64_t)(draw() % 1000);
        Value key = make_key(kind, n);
        int64_t at = model_find(&m, n);
        switch (draw() % 9) {
        case 0:
        case 1:
        case 2:
            ck_assert_int_eq(dict_set(d, key, value_from_int(v)), 0);
            if (at < 0) {
                at = m.count++;
                m.key[at] = n;
            }
            m.value[at] = v;
            break;
        case 3:
        case 4:
            ck_assert_int_eq(dict_delete_if_present(d, key), at >= 0);
            if (at >= 0)
                model_remove(&m, at);
            break;
        case 5:
            ck_assert_int_eq(dict_contains(d, key), at >= 0);
            break;
        case 6: {
            Value found = dict_setdefault(d, key, value_from_int(v));
            if (at < 0) {
                at = m.count++;
                m.key[at] = n;
                m.value[at] = v;
            }
            ck_assert_int_eq(value_int(found), m.value[at]);
            break;
        }
        case 7: // the newest out
            if (m.count) {
                Value own, value;
                remove_last(dict_of(d), &own, &value);
                ck_assert_int_eq(value_int(value), m.value[m.count - 1]);
                ref_release(own);
                m.count--;
            }
            break;
        case 8:
            if (draw() % 20 == 0) {
                Value copy = dict_copy(d);
                compare_with_model(copy, &m, kind);
                ref_release(d);
                d = copy;
            } else if (draw() % 60 == 0) {
                dict_clear(d);
                m.count = 0;
            }
            break;
        }
        ref_release(key);
        if (step % 16 == 0)
            compare_with_model(d, &m, kind);
    }
    compare_with_model(d, &m, kind);
    ref_release(d);
}
END_TEST

START_TEST(moves_to_the_ends_agree_with_a_plain_array) {
    Value d = dict_new();
    static Model m;
    m.count = 0;
    for (int64_t step = 0; step < 8000; step++) {
        int64_t n = (int64_t)(draw() % MODEL_KEYS);
        Value key = value_from_int(n);
        int64_t at = model_find(&m, n);
        Dict *dict = dict_of(d);
        switch (draw() % 5) {
        case 0:
            dict_set(d, key, value_from_int(step));
            if (at < 0) {
                at = m.count++;
                m.key[at] = n;
            }
            m.value[at] = step;
            break;
        case 1:
            if (at >= 0 && dict_table_has_room(dict->table)) {
                int64_t value = m.value[at];
                dict_move_to_end_locked(dict, find(dict, key, n));
                model_remove(&m, at);
                m.key[m.count] = n;
                m.value[m.count++] = value;
            }
            break;
        case 2:
            if (at >= 0) {
                if (dict->table->first == 0) {
                    DictTable *fresh = dict_table_new(dict->length + 8);
                    object_lock(&dict->header);
                    DictTable *old = dict_replace_table_locked(dict, fresh, 5);
                    object_unlock(&dict->header);
                    buffer_free(old);
                }
                int64_t value = m.value[at];
                dict_move_to_front_locked(dict, find(dict, key, n));
                model_remove(&m, at);
                memmove(&m.key[1], &m.key[0], (size_t)m.count * sizeof(int64_t));
                memmove(&m.value[1], &m.value[0], (size_t)m.count * sizeof(int64_t));
                m.key[0] = n;
                m.value[0] = value;
                m.count++;
            }
            break;
        case 3:
            ck_assert_int_eq(dict_delete_if_present(d, key), at >= 0);
            if (at >= 0)
                model_remove(&m, at);
            break;
        case 4:
            if (m.count && draw() % 4 == 0) {
                Value own, value;
                remove_last(dict, &own, &value);
                m.count--;
            }
            break;
        }
        if (step % 8 == 0)
            compare_with_model(d, &m, 0);
    }
    ref_release(d);
}
END_TEST

// ---- strings ----------------------------------------------------------------------------------

START_TEST(string_tables_stay_string_tables) {
    Value d = dict_new(), name = str_from_cstr("name"), equal = str_from_cstr("name");
    dict_set(d, name, value_from_int(1));
    ck_assert(dict_of(d)->table->all_str);
    ck_assert_int_eq(value_int(dict_get_str(d, equal)), 1); // equal, not the same object
    ck_assert(value_is_null(dict_get(d, value_from_int(7))));
    ck_assert(!error_occurred());
    dict_set(d, value_from_int(7), value_from_int(2));
    ck_assert(!dict_of(d)->table->all_str);
    ck_assert_int_eq(value_int(dict_get_str(d, equal)), 1);
    ck_assert_int_eq(value_int(dict_get(d, value_from_int(7))), 2);
    dict_clear(d);
    dict_set(d, name, value_from_int(3));
    ck_assert(dict_of(d)->table->all_str);
    ref_release(name);
    ref_release(equal);
    ref_release(d);
}
END_TEST

// ---- versions ---------------------------------------------------------------------------------

START_TEST(versions_tell_changes) {
    Value d = dict_new(), a = str_intern_cstr("a"), b = str_intern_cstr("b");
    dict_set(d, a, value_from_int(1));
    uint32_t keys, watch = dict_watch(d);
    int64_t entry = dict_entry_of(d, a, &keys);
    ck_assert_int_eq(entry, 0);
    ck_assert_uint_ne(keys, 0);
    ck_assert_uint_ne(watch, 0);
    ck_assert_uint_eq(dict_watch_keys(d), keys);
    ck_assert_int_eq(value_int(dict_entry_load(d, keys, 0)), 1);
    // A value changes: only the watch version goes.
    dict_set(d, a, value_from_int(2));
    ck_assert_uint_eq(dict_of(d)->watch_version, 0);
    ck_assert_int_eq(value_int(dict_entry_load(d, keys, 0)), 2);
    watch = dict_watch(d);
    ck_assert(dict_entry_store(d, keys, 0, value_from_int(3)));
    ck_assert_uint_eq(dict_of(d)->watch_version, 0);
    ck_assert_int_eq(value_int(dict_get(d, a)), 3);
    // A key comes: both go, and the numbers are never given again.
    watch = dict_watch(d);
    dict_set(d, b, value_from_int(4));
    ck_assert(value_is_null(dict_entry_load(d, keys, 0)));
    ck_assert(!dict_entry_store(d, keys, 0, value_from_int(9)));
    ck_assert_uint_ne(dict_watch_keys(d), keys);
    ck_assert_uint_ne(dict_watch(d), watch);
    keys = dict_watch_keys(d);
    dict_delete(d, a);
    ck_assert(value_is_null(dict_entry_load(d, keys, 0)));
    ck_assert_int_eq(dict_entry_of(d, a, &keys), -1);
    ref_release(a);
    ref_release(b);
    ref_release(d);
}
END_TEST

// ---- keys that compare by a slot --------------------------------------------------------------

typedef struct {
    Object header;
    int64_t number;
} Key;

static void (*while_comparing)(void); // what a comparison does besides

static int64_t key_hash(Value self) {
    return ((Key *)value_object(self))->number % 3;
}

static Value key_compare(Value self, Value other, CompareOperator op) {
    if (while_comparing) {
        void (*action)(void) = while_comparing;
        while_comparing = NULL;
        action();
    }
    if (op != COMPARE_EQ || !value_is_exactly(other, &key_type))
        return not_implemented_new();
    return bool_new(((Key *)value_object(self))->number == ((Key *)value_object(other))->number);
}

static void key_destroy(Object *self) {
    object_free_fixed(self);
}

static Type key_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "Key",
    .basic_size = sizeof(Key),
    .kind = HEAP_LEAF,
    .destroy = key_destroy,
    .hash = key_hash,
    .compare = key_compare,
};

static Value key_new(int64_t number) {
    Key *key = object_allocate(&key_type);
    key->number = number;
    return value_from_object(key);
}

static Value shared_dict;
static void clear_shared(void) {
    dict_clear(shared_dict);
}
static void grow_shared(void) {
    for (int64_t i = 100; i < 400; i++)
        dict_set(shared_dict, value_from_int(i), value_from_int(i));
}
static void insert_same(void) {
    Value key = key_new(3);
    dict_set(shared_dict, key, value_from_int(-3));
    ref_release(key);
}

START_TEST(comparisons_may_change_the_dict) {
    void (*const actions[])(void) = {clear_shared, grow_shared, insert_same};
    for (int which = 0; which < 3; which++) {
        shared_dict = dict_new();
        Value zero = key_new(0), three = key_new(3);
        dict_set(shared_dict, zero, value_from_int(0));
        while_comparing = actions[which];
        ck_assert_int_eq(dict_set(shared_dict, three, value_from_int(33)), 0); // collides with zero
        while_comparing = NULL;
        check_dict(shared_dict);
        ck_assert_int_eq(value_int(dict_get(shared_dict, three)), 33);
        ck_assert_int_eq(dict_length(shared_dict), which == 0 ? 1 : which == 1 ? 302 : 2);
        while_comparing = actions[which];
        Value found = dict_get(shared_dict, zero);
        while_comparing = NULL;
        ck_assert(which == 0 || value_int(found) == 0);
        check_dict(shared_dict);
        ref_release(zero);
        ref_release(three);
        ref_release(shared_dict);
    }
}
END_TEST

// ---- merging ----------------------------------------------------------------------------------

START_TEST(merging_keeps_or_overrides) {
    Value a = dict_new(), b = dict_new();
    for (int64_t i = 0; i < 20; i++)
        dict_set(a, value_from_int(i), value_from_int(i));
    for (int64_t i = 10; i < 30; i++)
        dict_set(b, value_from_int(i), value_from_int(-i));
    Value kept = dict_copy(a), overridden = dict_copy(a), fresh = dict_new();
    ck_assert_int_eq(dict_merge(kept, b, false), 0);
    ck_assert_int_eq(dict_merge(overridden, b, true), 0);
    ck_assert_int_eq(dict_update(fresh, b), 0);
    ck_assert_int_eq(value_int(dict_get(kept, value_from_int(15))), 15);
    ck_assert_int_eq(value_int(dict_get(overridden, value_from_int(15))), -15);
    ck_assert_int_eq(dict_length(kept), 30);
    ck_assert_int_eq(dict_length(fresh), 20);
    check_dict(kept);
    check_dict(overridden);
    check_dict(fresh);
    Value all[] = {a, b, kept, overridden, fresh};
    for (int i = 0; i < 5; i++)
        ref_release(all[i]);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("dict");
    TCase *tests = tcase_create("dict");
    tcase_set_timeout(tests, 300);
    tcase_add_checked_fixture(tests, start, NULL);
    tcase_add_test(tests, smallest_table_fills_a_size_class);
    tcase_add_test(tests, sized_dict_does_not_grow);
    tcase_add_test(tests, order_is_that_of_insertion);
    tcase_add_loop_test(tests, random_changes_agree_with_a_plain_array, 0, 6);
    tcase_add_test(tests, moves_to_the_ends_agree_with_a_plain_array);
    tcase_add_test(tests, string_tables_stay_string_tables);
    tcase_add_test(tests, versions_tell_changes);
    tcase_add_test(tests, comparisons_may_change_the_dict);
    tcase_add_test(tests, merging_keeps_or_overrides);
    suite_add_tcase(suite, tests);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
