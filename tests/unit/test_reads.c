// SPDX-License-Identifier: MIT
//
// Readers racing writers on lists, dicts, sets and cells: whatever a reader gets was stored there,
// and what was freed is never taken for it. Where reads take no lock, that they do not, and that
// memory stays what gc/heap.h promises until a safepoint.
#include "gc/field.h"
#include "gc/heap.h"
#include "gc/settle.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/function.h"
#include "vm/types/list.h"
#include "vm/types/set.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#if LOCKSMITH_LOCKING_OBJECT
enum { READERS = 2, KEYS = 16, ROUNDS = 20000 };

static Value container, keys[KEYS];
static int failures; // readers do not use Check, which is for one thread
static bool stop;

static void expect(bool condition, const char *what) {
    if (!condition && __atomic_fetch_add(&failures, 1, __ATOMIC_RELAXED) == 0)
        fprintf(stderr, "reader: %s\n", what);
}

// A value that says where it belongs: (place, number).
static Value value_at(int64_t place, int64_t number) {
    Value v = tuple_pack(2, value_from_int(place), value_from_int(number));
    ck_assert(!value_is_null(v));
    return v;
}
static void check_value(Value v, int64_t place) {
    expect(value_is_exactly(v, &tuple_type) && tuple_length(v) == 2 &&
               value_same(tuple_item(v, 0), value_from_int(place)),
           "a value that was never stored there");
    ref_release(v);
}

static void start(void) {
    thread_start_main();
    types_start();
    for (int i = 0; i < KEYS; i++) {
        char text[16];
        snprintf(text, sizeof text, "key%d", i);
        keys[i] = i % 2 ? str_intern_cstr(text) : str_from_cstr(text);
    }
}

typedef struct {
    void (*read)(unsigned *random);
    unsigned random;
} Reader;
static unsigned next(unsigned *random) {
    *random = *random * 1664525u + 1013904223u;
    return *random >> 8;
}
static void *reader_thread(void *argument) {
    Reader *reader = argument;
    Thread *thread = thread_adopt();
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        for (int i = 0; i < 50; i++)
            reader->read(&reader->random);
        if (thread_safepoint(thread) < 0)
            abort();
    }
    thread_abandon();
    return NULL;
}
static void race(void (*read)(unsigned *random), void (*write)(unsigned *random)) {
    pthread_t handles[READERS];
    Reader readers[READERS];
    unsigned random = 7;
    stop = false;
    for (unsigned i = 0; i < READERS; i++) {
        readers[i] = (Reader){read, i + 1};
        pthread_create(&handles[i], NULL, reader_thread, &readers[i]);
    }
    for (int round = 0; round < ROUNDS; round++) {
        write(&random);
        ck_assert_int_eq(thread_safepoint(thread_current()), 0);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELAXED);
    thread_detach();
    for (int i = 0; i < READERS; i++)
        pthread_join(handles[i], NULL);
    thread_attach();
    ck_assert_int_eq(failures, 0);
}

// ---- lists -------------------------------------------------------------------------------

static void list_read(unsigned *random) {
    Value v = list_get_fast(list_of(container), next(random) % 40);
    if (!value_is_null(v))
        check_value(v, 1);
    v = list_get_register(list_of(container), next(random) % 40);
    if (!value_is_null(v))
        check_value(reg_to_local(v), 1);
}
static void list_write(unsigned *random) {
    int64_t length = list_length(container);
    Value v = value_at(1, next(random)), owned[3];
    switch (next(random) % 16) {
    default:
        list_append(container, v);
        break;
    case 6:
    case 7:
    case 8:
        if (length)
            ref_release(list_pop(container, (int64_t)(next(random) % length)));
        break;
    case 9:
        list_insert(container, (int64_t)(next(random) % (length + 1)), v);
        break;
    case 10:
        if (length > 30)
            list_clear(container);
        break;
    case 11:
        for (int i = 0; i < 3; i++)
            owned[i] = value_at(1, i);
        list_splice(container, length / 2, length / 2 + (int64_t)(next(random) % 6), owned, 3);
        break;
    case 12:
        list_reverse(container);
        break;
    case 13:
        if (next(random) % 8 == 0)
            list_sort(container, VALUE_NONE, false);
        break;
    case 14:
    case 15:
        if (length)
            list_set(container, (int64_t)(next(random) % length), v);
    }
    ref_release(v);
}

START_TEST(list_items) {
    start();
    container = list_new();
    race(list_read, list_write);
    ref_release(container);
}
END_TEST

// Item i is i: what is read at an index is of the array that the index was checked against.
static void list_read_position(unsigned *random) {
    int64_t i = (int64_t)(next(random) % 2000);
    Value v = list_get_fast(list_of(container), (uint64_t)i);
    expect(value_is_null(v) || value_same(v, value_from_int(i)), "an item of another position");
}
static void list_write_position(unsigned *random) {
    int64_t wanted = (int64_t)(next(random) % 2000) >> (next(random) % 8);
    while (list_length(container) < wanted)
        list_append(container, value_from_int(list_length(container)));
    if (next(random) % 8 == 0)
        list_clear(container);
    else
        list_splice(container, wanted, INT64_MAX, NULL, 0);
}

START_TEST(list_lengths) {
    start();
    container = list_new();
    race(list_read_position, list_write_position);
    ref_release(container);
}
END_TEST

// ---- dicts -------------------------------------------------------------------------------

static void dict_read(unsigned *random) {
    int64_t i = (int64_t)(next(random) % KEYS);
    Value v = dict_get(container, keys[i]);
    if (!value_is_null(v))
        check_value(v, i);
    uint32_t version;
    int64_t entry = dict_entry_of(container, keys[i], &version);
    for (int again = 0; entry >= 0 && again < 4; again++) {
        v = dict_entry_load(container, version, (uint32_t)entry);
        if (value_is_null(v))
            break;
        check_value(reg_to_local(v), i);
    }
    char text[16];
    snprintf(text, sizeof text, "key%d", (int)i);
    Value equal = str_from_cstr(text); // the same text, another object
    v = dict_get(container, equal);
    ref_release(equal);
    if (!value_is_null(v))
        check_value(v, i);
    expect(dict_contains(container, value_from_int(i + KEYS)) == 0, "a key that was never there");
}
static void dict_write(unsigned *random) {
    int64_t i = (int64_t)(next(random) % KEYS);
    Value v = value_at(i, next(random)), key, value;
    switch (next(random) % 8) {
    default:
        dict_set(container, keys[i], v);
        break;
    case 5:
    case 6:
        dict_delete_if_present(container, keys[i]);
        break;
    case 7:
        if (next(random) % 4 == 0)
            dict_clear(container);
        int64_t position = 0;
        if (dict_next(container, &position, &key, &value, NULL)) {
            dict_delete_if_present(container, key);
            ref_release(key);
            ref_release(value);
        }
    }
    ref_release(v);
}

START_TEST(dict_values) {
    start();
    container = dict_new();
    race(dict_read, dict_write);
    ref_release(container);
}
END_TEST

// ---- sets --------------------------------------------------------------------------------

static void set_read(unsigned *random) {
    int64_t i = (int64_t)(next(random) % 200);
    int found = set_contains(container, value_from_int(i));
    expect(i % 3 ? found >= 0 : found == 1, "a member is lost");
    expect(set_contains(container, value_from_int(i + 1000)) == 0, "a member that never was");
    expect(set_contains(container, keys[i % KEYS]) == 1, "a str is lost");
}
static void set_write(unsigned *random) {
    int64_t i = (int64_t)(next(random) % 200);
    if (i % 3 == 0)
        return;
    if (next(random) % 2)
        set_add(container, value_from_int(i));
    else
        set_discard(container, value_from_int(i));
}

START_TEST(set_members) {
    start();
    container = set_new();
    for (int i = 0; i < 200; i += 3)
        set_add(container, value_from_int(i));
    for (int i = 0; i < KEYS; i++)
        set_add(container, keys[i]);
    race(set_read, set_write);
    ref_release(container);
}
END_TEST

// ---- cells -------------------------------------------------------------------------------

static void cell_read(unsigned *random) {
    check_value(cell_get(container), 3);
    check_value(reg_to_local(cell_load_register(container)), 3);
}
static void cell_write(unsigned *random) {
    Cell *cell = (Cell *)value_object(container);
    field_store(&cell->header, &cell->value, value_at(3, next(random)));
}

START_TEST(cell_values) {
    start();
    container = cell_new(value_at(3, 0));
    race(cell_read, cell_write);
    ref_release(container);
}
END_TEST
#endif

#if FIELD_READS_UNLOCKED
// ---- no lock -------------------------------------------------------------------------------

static void *read_at_ease(void *list_and_cell) {
    Value *both = list_and_cell;
    thread_adopt();
    check_value(list_get_fast(list_of(both[0]), 0), 5);
    check_value(cell_get(both[1]), 5);
    thread_abandon();
    return NULL;
}

START_TEST(the_lock_is_not_needed) {
    start();
    Value item = value_at(5, 1), content = value_at(5, 2);
    ref_mark_shared(value_object(item)); // as the first reader that did need it has done
    ref_mark_shared(value_object(content));
    Value both[2] = {list_new(), cell_new(content)};
    list_append(both[0], item);
    ref_release(item);
    object_lock_two(value_object(both[0]), value_object(both[1]));
    pthread_t handle;
    pthread_create(&handle, NULL, read_at_ease, both);
    pthread_join(handle, NULL); // it would wait for ever
    object_unlock_two(value_object(both[0]), value_object(both[1]));
    ck_assert_int_eq(failures, 0);
    ref_release(both[0]);
    ref_release(both[1]);
}
END_TEST

// A key that is equal to the one looked for, but another object, belongs to the thread that made
// it. The first look from elsewhere takes the lock, and sees to it that no later one has to: the
// key can be had without.
static void look_up(Value container, Value kept, Value key) {
    for (int i = 0; i < 2; i++) {
        if (value_is_exactly(container, &dict_type)) {
            expect(value_same(dict_get(container, key), value_from_int(7)), "the dict's value");
            expect(dict_contains(container, key) == 1, "the dict's key");
        } else {
            expect(set_contains(container, key) == 1, "the set's key");
        }
        Value seen;
        FieldHold hold = field_try_peek(&kept, &seen);
        expect(hold != FIELD_LOST, "the lock is still needed");
        if (hold != FIELD_LOST)
            field_peeked(hold, seen);
    }
}
static void *look_twice(void *argument) {
    Value *v = argument;
    thread_adopt();
    Value key = str_from_cstr("a key"), pair = tuple_pack(2, value_from_int(1), key);
    look_up(v[0], v[2], key);
    look_up(v[1], v[3], pair);
    ref_release(pair);
    ref_release(key);
    thread_abandon();
    return NULL;
}

START_TEST(equal_keys_need_the_lock_once) {
    start();
    Value v[4] = {dict_new(), set_new(), str_from_cstr("a key")};
    Value text = str_from_cstr("a key");
    v[3] = tuple_pack(2, value_from_int(1), text);
    ref_release(text);
    ck_assert_int_eq(dict_set(v[0], v[2], value_from_int(7)), 0);
    ck_assert_int_eq(set_add(v[1], v[3]), 0);
    pthread_t handle;
    pthread_create(&handle, NULL, look_twice, v);
    thread_detach();
    pthread_join(handle, NULL);
    thread_attach();
    ck_assert_int_eq(failures, 0);
    for (int i = 0; i < 4; i++)
        ref_release(v[i]);
}
END_TEST

// ---- what memory is after its object --------------------------------------------------------

static int stage;
static void *bystander(void *unused) {
    thread_adopt();
    __atomic_store_n(&stage, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < 2)
        usleep(200);
    thread_abandon();
    return NULL;
}

START_TEST(freed_objects_can_be_tried) {
    start();
    pthread_t handle;
    pthread_create(&handle, NULL, bystander, NULL);
    while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < 1)
        usleep(200);
    static const size_t sizes[] = {sizeof(Object), 48, 1024, 1025, 100000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        for (int kind = 0; kind < 2; kind++) {
            Object *objects[600];
            for (int k = 0; k < 600; k++)
                objects[k] = heap_allocate(sizes[i], (HeapKind)kind, &tuple_type, 0);
            for (int k = 0; k < 600; k++)
                heap_free(objects[k], sizes[i], (HeapKind)kind);
            heap_trim(thread_current()->heap);
            for (int k = 0; k < 600; k++)
                ck_assert(!ref_try_retain_object(objects[k]));
            // Another size class does not get their blocks before a safepoint of all threads.
            Object *other[600];
            for (int k = 0; k < 600; k++)
                other[k] = heap_allocate(sizes[i] < 100 ? 512 : 64, (HeapKind)kind, &tuple_type, 0);
            for (int k = 0; k < 600; k++)
                ck_assert(!ref_try_retain_object(objects[k]));
            for (int k = 0; k < 600; k++)
                heap_free(other[k], sizes[i] < 100 ? 512 : 64, (HeapKind)kind);
        }
    }
    __atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
    thread_detach();
    pthread_join(handle, NULL);
    thread_attach();
}
END_TEST

static int destroyed;
static void count_destroyed(Object *self) {
    destroyed++;
}
static Type counted_type = {.name = "counted", .kind = HEAP_LEAF, .destroy = count_destroyed};

START_TEST(what_is_given_back_goes_at_a_safepoint) {
    start();
    Object o = OBJECT_WITH_ONE(&counted_type);
    Value v = value_from_object(&o), got;
    ck_assert_int_eq(field_try_load(&v, false, &got), FIELD_COUNTED);
    ref_release(v);
    field_undo(FIELD_COUNTED, got);
    ck_assert_int_eq(destroyed, 0);
    ck_assert_int_eq(thread_safepoint(thread_current()), 0);
    settle_all();
    ck_assert_int_eq(destroyed, 1);
    ck_assert_int_eq(field_try_load(&v, false, &got), FIELD_LOST); // count 0
}
END_TEST
#endif

int main(void) {
    Suite *suite = suite_create("reads");
    TCase *cases = tcase_create("reads");
    tcase_set_timeout(cases, 300);
#if LOCKSMITH_LOCKING_OBJECT
    tcase_add_test(cases, list_items);
    tcase_add_test(cases, list_lengths);
    tcase_add_test(cases, dict_values);
    tcase_add_test(cases, set_members);
    tcase_add_test(cases, cell_values);
#endif
#if FIELD_READS_UNLOCKED
    tcase_add_test(cases, the_lock_is_not_needed);
    tcase_add_test(cases, equal_keys_need_the_lock_once);
    if (COUNT_IS_KEPT) {
        tcase_add_test(cases, freed_objects_can_be_tried);
        tcase_add_test(cases, what_is_given_back_goes_at_a_safepoint);
    }
#endif
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
