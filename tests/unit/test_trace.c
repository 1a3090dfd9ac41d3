// SPDX-License-Identifier: MIT
//
// gc/trace.c and gc/roots.c where nothing is counted: what nothing leads to goes, once; what a
// local of C code, a buffer in its hands, another thread's stack, a static variable or an object
// leads to stays.
#include "gc/buffers.h"
#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "vm/object.h"
#include "vm/runtime/start.h"
#include "vm/runtime/thread.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/type_internal.h"
#include "vm/types/weakref.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#if HEAP_IS_TRACED

typedef struct {
    Object header;
    Value left, right;
    char more[];
} Node;

static int died, finalized;
static Value saved; // a static variable of the executable

static void node_destroy(Object *self) {
    died++;
    object_free(self, self->type->basic_size);
}
static void node_traverse(Object *self, GcVisitor *visitor) {
    gc_visit(visitor, ((Node *)self)->left);
    gc_visit(visitor, ((Node *)self)->right);
}
static void node_finalize(Object *self) {
    finalized++;
    saved = value_from_object(self);
}

#define NODE_SLOTS                                                                                 \
    .header = OBJECT_STATIC(&type_type), .destroy = node_destroy, .traverse = node_traverse
static Type node_type = {NODE_SLOTS, .name = "node", .kind = HEAP_CONTAINER,
                         .basic_size = sizeof(Node)};
static Type leaf_type = {NODE_SLOTS, .name = "leaf", .kind = HEAP_LEAF, .basic_size = sizeof(Node)};
static Type large_type = {NODE_SLOTS, .name = "large", .kind = HEAP_CONTAINER,
                          .basic_size = sizeof(Node) + 5000};
static Type phoenix_type = {NODE_SLOTS,
                            .name = "phoenix",
                            .kind = HEAP_CONTAINER,
                            .basic_size = sizeof(Node),
                            .flags = TYPE_HAS_FINALIZER,
                            .finalize = node_finalize};

static Node *make(Type *type, Value left, Value right) {
    Node *n = heap_allocate(type->basic_size, type->kind, type, 0);
    ck_assert_ptr_nonnull(n);
    n->left = left;
    n->right = right;
    return n;
}
static Value value_of(Node *n) {
    return value_from_object(n);
}

static void set_up(void) {
    thread_start_main();
    gc_set_enabled(false);
    died = finalized = 0;
    saved = VALUE_NULL;
}

// What earlier calls left below is overwritten, right from the caller's frame on: AddressSanitizer
// would put a zone of some words around the array, which nobody writes, and the collector's own
// first frame is laid over the upper one.
static __attribute__((noinline, no_sanitize("address"))) void scrub(void) {
    volatile char space[16384];
    for (size_t i = 0; i < sizeof space; i++)
        space[i] = 0;
}
static __attribute__((noinline)) int64_t collect(void) {
    scrub();
    return gc_collect();
}

static __attribute__((noinline)) void make_garbage(int count, Type *type) {
    Node *first = make(type, VALUE_NULL, VALUE_NULL), *last = first;
    for (int i = 1; i < count; i++)
        last = make(type, value_of(last), VALUE_NULL);
    first->right = value_of(last);
}

START_TEST(nothing_leads_there) {
    set_up();
    make_garbage(10, &node_type);
    collect();
    ck_assert_int_eq(died, 10);
    make_garbage(10, &large_type);
    make_garbage(10, &leaf_type);
    collect();
    ck_assert_int_eq(died, 30);
    enum { MANY = 1000000 };
    make_garbage(MANY, &node_type); // a long chain is no deep recursion
    collect();
    ck_assert_int_eq(died, 30 + MANY);
    HeapStatistics statistics;
    heap_statistics(&statistics);
    ck_assert_uint_eq(statistics.live_objects[HEAP_CONTAINER], 0);
    ck_assert_uint_eq(statistics.live_objects[HEAP_LEAF], 0);
}
END_TEST

static __attribute__((noinline)) Node *make_pair(Type *type) {
    return make(type, value_of(make(type, VALUE_NULL, VALUE_NULL)), VALUE_NULL);
}
static __attribute__((noinline)) void keep_in_local(Type *type) {
    Value a = value_of(make_pair(type));
    collect();
    ck_assert_int_eq(died, 0);
    ck_assert_ptr_eq(((Node *)value_object(((Node *)value_object(a))->left))->header.type, type);
    ref_release(a); // up to here
    REF_FORGET(a);
}
START_TEST(locals) {
    set_up();
    Type *types[] = {&node_type, &leaf_type, &large_type};
    for (int i = 0; i < 3; i++) {
        died = 0;
        keep_in_local(types[i]);
        collect();
        ck_assert_int_eq(died, 2);
    }
}
END_TEST

static __attribute__((noinline)) void fill(Value *buffer, size_t count) {
    for (size_t i = 0; i < count; i++)
        buffer[i] = value_of(make(&node_type, VALUE_NULL, VALUE_NULL));
}

START_TEST(buffers) {
    set_up();
    static const size_t counts[] = {1, 50, 10000};
    for (int i = 0; i < 3; i++) {
        died = 0;
        // One buffer leads to the other.
        Value **outer = buffer_allocate(sizeof *outer);
        *outer = buffer_allocate(sizeof(Value));
        *outer = buffer_resize(*outer, counts[i] * sizeof(Value));
        fill(*outer, counts[i]);
        collect();
        ck_assert_int_eq(died, 0);
        buffer_free(*outer);
        buffer_free(outer);
        collect();
        ck_assert_int_eq(died, (int)counts[i]);
    }
}
END_TEST

static __attribute__((noinline)) void save_one(void) {
    saved = value_of(make(&node_type, VALUE_NULL, VALUE_NULL));
}
START_TEST(static_variables) {
    set_up();
    save_one();
    collect();
    ck_assert_int_eq(died, 0);
    saved = VALUE_NULL;
    collect();
    ck_assert_int_eq(died, 1);
}
END_TEST

// ---- other threads ------------------------------------------------------------------------------

static int stage;
static void await(int wanted) {
    while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < wanted)
        sched_yield();
}
static __attribute__((noinline)) void hold(bool attached) {
    Value v = value_of(make(&node_type, VALUE_NULL, VALUE_NULL));
    if (attached) {
        __atomic_store_n(&stage, 1, __ATOMIC_RELEASE);
        while (__atomic_load_n(&stage, __ATOMIC_ACQUIRE) < 2)
            thread_safepoint(thread_current());
    } else {
        thread_detach();
        __atomic_store_n(&stage, 1, __ATOMIC_RELEASE);
        await(2);
        thread_attach();
    }
    ck_assert_ptr_eq(value_object(v)->type, &node_type);
    ref_release(v);
}
static void *holder(void *attached) {
    thread_adopt();
    hold(attached != NULL);
    thread_abandon();
    return NULL;
}

START_TEST(stacks_of_others) {
    set_up();
    for (int attached = 0; attached < 2; attached++) {
        died = stage = 0;
        pthread_t handle;
        thread_detach();
        pthread_create(&handle, NULL, holder, attached ? &stage : NULL);
        await(1);
        thread_attach();
        collect();
        ck_assert_int_eq(died, 0);
        __atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
        thread_detach();
        pthread_join(handle, NULL);
        thread_attach();
        collect();
        ck_assert_int_eq(died, 1);
    }
}
END_TEST

// ---- the end ----------------------------------------------------------------------------------

// What is taken out of a list does not live on because C code has an array of the list in hand, not
// even one that the list gave up meanwhile and others may be reading.
static __attribute__((noinline)) void fill_list(Value list) {
    for (int i = 0; i < 300; i++)
        list_append_owned(list, value_of(make(&node_type, VALUE_NULL, VALUE_NULL)));
}
START_TEST(lists) {
    set_up();
    pthread_t other; // so that arrays wait before they are freed
    stage = 0;
    thread_detach();
    ck_assert_int_eq(pthread_create(&other, NULL, holder, &stage), 0);
    await(1);
    thread_attach();
    Value list = list_new();
    fill_list(list);
    Value *volatile array = list_of(list)->items;
    collect();
    ck_assert_int_eq(died, 0);
    for (int i = 0; i < 50; i++)
        ref_release(list_pop(list, i % 2 ? -1 : 0));
    collect();
    ck_assert_int_eq(died, 50);
    ck_assert_int_eq(list_splice(list, 50, 100, NULL, 0), 0);
    collect();
    ck_assert_int_eq(died, 100);
    ck_assert_ptr_eq(array, list_of(list)->items);
    for (int i = 0; i < 190; i++)
        ref_release(list_pop(list, -1));
    ck_assert_ptr_ne(array, list_of(list)->items);
    collect();
    ck_assert_int_eq(died, 290);
    ref_release(list);
    __atomic_store_n(&stage, 2, __ATOMIC_RELEASE);
    thread_detach();
    pthread_join(other, NULL);
    thread_attach();
}
END_TEST

START_TEST(finalizers) {
    set_up();
    make_garbage(1, &phoenix_type);
    collect();
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 0);
    collect();
    ck_assert_int_eq(died, 0);
    saved = VALUE_NULL;
    collect();
    ck_assert_int_eq(finalized, 1);
    ck_assert_int_eq(died, 1);
    // All of a ring are finalised, one is saved, and what it leads to is whole.
    make_garbage(10, &phoenix_type);
    collect();
    ck_assert_int_eq(finalized, 11);
    ck_assert_int_eq(died, 1);
    Node *n = (Node *)value_object(saved);
    for (int i = 0; i < 10; i++) {
        ck_assert_ptr_eq(n->header.type, &phoenix_type);
        n = (Node *)value_object(value_is_null(n->left) ? n->right : n->left);
    }
    n = NULL;
    saved = VALUE_NULL;
    collect();
    ck_assert_int_le(finalized, 11);
}
END_TEST

START_TEST(collects_by_itself) {
    set_up();
    gc_set_enabled(true);
    Thread *thread = thread_current();
    for (int i = 0; i < 2000000; i++) {
        make(&node_type, VALUE_NULL, VALUE_NULL);
        ck_assert_int_eq(thread_safepoint(thread), 0);
    }
    ck_assert_int_gt(died, 1000000);
    // Buffers count, too; and disabling makes it rarer, but not never.
    gc_set_enabled(false);
    collect();
    died = 0;
    for (int i = 0; i < 100; i++) {
        make(&node_type, VALUE_NULL, VALUE_NULL);
        make(&large_type, VALUE_NULL, VALUE_NULL);
        void *buffer = buffer_allocate(8 << 20);
        if (i % 2)
            buffer_free(buffer);
        ck_assert_int_eq(thread_safepoint(thread), 0);
    }
    ck_assert_int_gt(died, 0);
}
END_TEST

static void leave_words(size_t size) {
    void *memory[8];
    for (int i = 0; i < 8; i++) {
        memory[i] = malloc(size);
        memset(memory[i], 0xff, size);
        __asm__ volatile("" : : "r"(memory[i]) : "memory");
    }
    for (int i = 0; i < 8; i++)
        free(memory[i]);
}

// Memory that held references comes back as a large buffer of which nothing is in use yet.
START_TEST(memory_used_again) {
    set_up();
    enum { SIZE = 8 << 10 };
    leave_words(SIZE + sizeof(BufferLarge));
    char *buffer = buffer_allocate(SIZE);
    for (int i = 0; i < SIZE; i++)
        ck_assert_int_eq(buffer[i], 0);
    memset(buffer, 1, SIZE);
    leave_words(2 * SIZE + sizeof(BufferLarge));
    buffer = buffer_resize(buffer, 2 * SIZE);
    for (int i = 0; i < 2 * SIZE; i++)
        ck_assert_int_eq(buffer[i], i < SIZE);
    buffer_free(buffer);
}
END_TEST

static Value make_class(const char *name, Value base) {
    Value text = str_from_cstr(name), bases = tuple_from_array(&base, 1), namespace = dict_new();
    Value class = type_create(&type_type, text, bases, namespace, VALUE_NULL);
    ck_assert(!value_is_null(class));
    return class;
}
static __attribute__((noinline)) void make_subclasses(Value base, int count) {
    for (int i = 0; i < count; i++)
        make_class("derived", base);
}

// A class knows those derived from it, but does not keep them, not even while a word somewhere
// points to where it notes them.
START_TEST(subclasses) {
    static char *argv[] = {"test", NULL};
    start_interpreter(1, argv);
    enum { MANY = 1000 };
    Value base = make_class("base", value_from_object(&object_type));
    make_subclasses(base, MANY);
    struct TypeSubclasses *volatile known = ((Type *)value_object(base))->subclasses;
    ck_assert_int_eq(known->count, MANY);
    collect();
    collect();
    ck_assert_int_lt(known->count, 10);
    saved = base;
}
END_TEST

typedef struct {
    void **items;
    size_t count, capacity;
} Buffers;
static void note_buffer(BufferLarge *large, void *context) {
    Buffers *all = context;
    if (all->count < all->capacity)
        all->items[all->count++] = large->data;
}

// Nor does a class live on because words somewhere point to the tables that the VM has of
// everything: to any large buffer that there was before the class was made.
START_TEST(tables) {
    static char *argv[] = {"test", NULL};
    start_interpreter(1, argv);
    gc_set_enabled(false);
    Value base = make_class("base", value_from_object(&object_type));
    saved = base;
    size_t capacity = buffers_large_count();
    void **volatile items = buffer_allocate_zeroed(capacity * sizeof(void *));
    Buffers all = {items, 0, capacity};
    buffers_lock();
    buffers_each_large(note_buffer, &all);
    buffers_unlock();
    ck_assert_uint_gt(all.count, 0);
    enum { MANY = 1000 };
    make_subclasses(base, MANY);
    struct TypeSubclasses *known = ((Type *)value_object(base))->subclasses;
    ck_assert_int_eq(known->count, MANY);
    collect();
    collect();
    ck_assert_int_lt(known->count, 10);
    buffer_free(items);
}
END_TEST

START_TEST(frozen) {
    set_up();
    make_garbage(3, &node_type);
    gc_freeze();
    ck_assert_int_eq(gc_frozen_count(), 3);
    collect();
    ck_assert_int_eq(died, 0);
    gc_unfreeze();
    collect();
    ck_assert_int_eq(died, 3);
}
END_TEST

#endif

int main(void) {
#if !HEAP_IS_TRACED
    return EXIT_SUCCESS;
#else
    Suite *suite = suite_create("trace");
    TCase *cases = tcase_create("trace");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, nothing_leads_there);
    tcase_add_test(cases, locals);
    tcase_add_test(cases, buffers);
    tcase_add_test(cases, lists);
    tcase_add_test(cases, static_variables);
    tcase_add_test(cases, stacks_of_others);
    tcase_add_test(cases, finalizers);
    tcase_add_test(cases, collects_by_itself);
    tcase_add_test(cases, memory_used_again);
    tcase_add_test(cases, subclasses);
    tcase_add_test(cases, tables);
    tcase_add_test(cases, frozen);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
#endif
}
