// SPDX-License-Identifier: MIT
//
// gc/heap.h: objects of every size come aligned, zeroed, apart from each other, and come back;
// the walk sees exactly the live ones; slots freed by another thread return to their owner.
#include "gc/heap.h"
#include "gc/ref.h"
#include "vm/object.h"
#include <check.h>
#include <pthread.h>
#include <stdlib.h>

static Type container_type = {.name = "container", .kind = HEAP_CONTAINER};
static Type leaf_type = {.name = "leaf", .kind = HEAP_LEAF};

// Under a GIL there is one heap, and who uses it holds the GIL: here, this lock.
#if LOCKSMITH_LOCKING_GIL
static pthread_mutex_t gil = PTHREAD_MUTEX_INITIALIZER;
#define ENTER() pthread_mutex_lock(&gil)
#define LEAVE() pthread_mutex_unlock(&gil)
#else
#define ENTER() ((void)0)
#define LEAVE() ((void)0)
#endif

static Type *type_of(HeapKind kind) {
    return kind == HEAP_CONTAINER ? &container_type : &leaf_type;
}

static void fill(void *object, size_t size, unsigned char pattern) {
    memset((char *)object + sizeof(Object), pattern, size - sizeof(Object));
}
static bool filled(const void *object, size_t size, unsigned char pattern) {
    const unsigned char *bytes = object;
    for (size_t i = sizeof(Object); i < size; i++) {
        if (bytes[i] != pattern)
            return false;
    }
    return true;
}

static void count_visit(Object *o, void *context) {
    if (o->type == &container_type)
        ++*(size_t *)context;
}
static size_t live_containers(void) {
    size_t count = 0;
    heap_each_container(count_visit, &count);
    return count;
}

START_TEST(sizes) {
    heap_thread_use(heap_thread_create());
    for (int kind = 0; kind < 2; kind++) {
        for (size_t size = sizeof(Object); size < 3000; size += size < 300 ? 1 : 61) {
            void *objects[5];
            for (int i = 0; i < 5; i++) {
                objects[i] = heap_allocate(size, kind, type_of(kind), 0xabcdef);
                Object *o = objects[i];
                ck_assert_ptr_nonnull(o);
                ck_assert_uint_eq((uintptr_t)o % 8, 0);
                ck_assert_uint_eq(o->count, COUNT_ONE);
                ck_assert_uint_eq(object_shape_id(o), 0xabcdef);
                ck_assert_uint_eq(o->shape_lock & 0xff, 0);
                ck_assert_ptr_eq(o->type, type_of(kind));
                if (kind == HEAP_CONTAINER)
                    ck_assert(filled(o, size, 0));
                ck_assert_int_eq(heap_in_block(o), size <= HEAP_SMALL_MAX);
                fill(o, size, (unsigned char)(i + 1));
            }
            for (int i = 0; i < 5; i++)
                ck_assert(filled(objects[i], size, (unsigned char)(i + 1)));
            for (int i = 0; i < 5; i++)
                heap_free(objects[i], size, kind);
        }
    }
    ck_assert_uint_eq(live_containers(), 0);
}
END_TEST

START_TEST(classes) {
    for (size_t size = sizeof(Object); size <= HEAP_SMALL_MAX; size++) {
        unsigned class = heap_class(size);
        ck_assert_uint_lt(class, HEAP_CLASSES);
        ck_assert_uint_ge(heap_class_size(class), size);
        ck_assert_uint_lt(heap_class_size(class) - size, size <= 256 ? 8 : 64);
    }
}
END_TEST

START_TEST(slot_numbers) {
    heap_thread_use(heap_thread_create());
    for (size_t size = sizeof(Object); size <= HEAP_SMALL_MAX; size += size < 256 ? 8 : 64) {
        void *objects[2000];
        for (int i = 0; i < 2000; i++)
            objects[i] = heap_allocate(size, HEAP_LEAF, &leaf_type, 0);
        for (int i = 0; i < 2000; i++) {
            HeapBlock *block = heap_block_of(objects[i]);
            uint32_t number = heap_slot_number(block, objects[i]);
            ck_assert_uint_lt(number, block->capacity);
            ck_assert_ptr_eq(block->slots + (size_t)number * block->slot_size, objects[i]);
        }
        for (int i = 0; i < 2000; i++)
            heap_free(objects[i], size, HEAP_LEAF);
    }
}
END_TEST

START_TEST(walk_and_trim) {
    heap_thread_use(heap_thread_create());
    enum { N = 50000 };
    static void *objects[N];
    size_t sizes[] = {sizeof(Object), 40, 64, 200, 512, 2048};
    for (int i = 0; i < N; i++)
        objects[i] = heap_allocate(sizes[i % 6], HEAP_CONTAINER, &container_type, 0);
    ck_assert_uint_eq(live_containers(), N);
    for (int i = 0; i < N; i++) {
        if (i % 3)
            heap_free(objects[i], sizes[i % 6], HEAP_CONTAINER);
    }
    ck_assert_uint_eq(live_containers(), (N + 2) / 3);
    HeapStatistics before, after;
    heap_statistics(&before);
    ck_assert_uint_eq(before.live_objects[HEAP_CONTAINER], (N + 2) / 3);
    for (int i = 0; i < N; i += 3)
        heap_free(objects[i], sizes[i % 6], HEAP_CONTAINER);
    heap_trim_all();
    ck_assert_uint_eq(live_containers(), 0);
    heap_statistics(&after);
    ck_assert_uint_lt(after.block_bytes, before.block_bytes);
    ck_assert_uint_le(after.block_bytes, 2 * HEAP_CHUNK_SIZE);
    // And it still works.
    for (int i = 0; i < N; i++)
        objects[i] = heap_allocate(48, HEAP_CONTAINER, &container_type, 0);
    ck_assert_uint_eq(live_containers(), N);
    for (int i = 0; i < N; i++)
        heap_free(objects[i], 48, HEAP_CONTAINER);
}
END_TEST

START_TEST(growth) {
    heap_thread_use(heap_thread_create());
    heap_growth_reset(INT64_MAX, true);
    void *objects[100];
    int64_t before = heap_growth();
    for (int i = 0; i < 100; i++)
        objects[i] = heap_allocate(32, HEAP_CONTAINER, &container_type, 0);
    ck_assert_int_eq(heap_growth() - before, 100);
    for (int i = 0; i < 100; i++)
        heap_free(objects[i], 32, HEAP_CONTAINER);
    for (int i = 0; i < 100; i++)
        objects[i] = heap_allocate(32, HEAP_CONTAINER, &container_type, 0);
    ck_assert_int_eq(heap_growth() - before, 100); // the same slots: no growth
    heap_growth_reset(INT64_MAX, false);
}
END_TEST

// ---- several threads -----------------------------------------------------------------------
enum { THREADS = 4, RING = 64, ROUNDS = 20000 };
static Object *ring[RING]; // objects on their way from one thread to another

// What a thread of the VM has besides its heap: a number that no other ever has.
static void take_number(void) {
#if LOCKSMITH_REFCOUNT_BIASED || LOCKSMITH_PRIVATE
    static uint32_t last;
    uint32_t number = __atomic_add_fetch(&last, 1, __ATOMIC_RELAXED);
#if LOCKSMITH_REFCOUNT_BIASED
    count_self = number;
#endif
#if LOCKSMITH_PRIVATE
    private_self.own = number;
#endif
#endif
}

static void *exchange(void *argument) {
    take_number();
    unsigned seed = (unsigned)(uintptr_t)argument * 2654435761u + 1;
    HeapThread *heap = heap_thread_create();
    heap_thread_use(heap);
    for (int i = 0; i < ROUNDS; i++) {
        seed = seed * 1103515245u + 12345u;
        size_t size = sizeof(Object) + (seed >> 8) % 4 * 24;
        ENTER();
        Object *o = heap_allocate(size, HEAP_CONTAINER, &container_type, (uint32_t)size);
        ck_assert(filled(o, size, 0));
        fill(o, size, 0x5a);
        LEAVE();
        o = __atomic_exchange_n(&ring[(seed >> 16) % RING], o, __ATOMIC_ACQ_REL);
        if (o) {
            size_t its_size = object_shape_id(o);
            ENTER();
            ck_assert(filled(o, its_size, 0x5a));
            heap_free(o, its_size, HEAP_CONTAINER);
            LEAVE();
        }
    }
    ENTER();
    heap_thread_destroy(heap);
    LEAVE();
    return NULL;
}

START_TEST(remote_frees) {
    take_number();
    HeapThread *heap = heap_thread_create();
    heap_thread_use(heap);
    for (int round = 0; round < 3; round++) { // later rounds take over the earlier ones' heaps
        pthread_t handles[THREADS];
        for (uintptr_t i = 0; i < THREADS; i++)
            pthread_create(&handles[i], NULL, exchange, (void *)(i + 1));
        for (int i = 0; i < THREADS; i++)
            pthread_join(handles[i], NULL);
    }
    size_t left = 0;
    for (int i = 0; i < RING; i++)
        left += ring[i] != NULL;
    ck_assert_uint_eq(live_containers(), left);
    for (int i = 0; i < RING; i++) {
        if (ring[i])
            heap_free(ring[i], object_shape_id(ring[i]), HEAP_CONTAINER);
    }
    heap_trim_all();
    ck_assert_uint_eq(live_containers(), 0);
    HeapStatistics statistics;
    heap_statistics(&statistics);
    ck_assert_uint_le(statistics.block_bytes, 2 * HEAP_CHUNK_SIZE);
}
END_TEST

int main(void) {
    Suite *suite = suite_create("heap");
    TCase *cases = tcase_create("heap");
    tcase_set_timeout(cases, 300);
    tcase_add_test(cases, sizes);
    tcase_add_test(cases, classes);
    tcase_add_test(cases, slot_numbers);
    tcase_add_test(cases, walk_and_trim);
    tcase_add_test(cases, growth);
    tcase_add_test(cases, remote_frees);
    suite_add_tcase(suite, cases);
    SRunner *runner = srunner_create(suite);
    srunner_run_all(runner, CK_NORMAL);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
