// SPDX-License-Identifier: MIT
//
// Finding the garbage, with the world stopped, in three passes over the heap:
//
//   1  the words: for each candidate (full collection: every container; young: those not OLD), add
//      its count to its own word, and take 1 from the word of each container it refers to. What is
//      left then are the references from outside (C locals, registers, leaves, static or old
//      objects)
//   2  mark what those with such references lead to; it grows OLD
//   3  the candidates that were not reached are garbage
//
// The word of a container lies in a table of the collection, at a number that is computed from its
// address (word_number): a hash table finds the 1 MiB chunk, a row of it the block, a
// multiplication the slot. All this is small and dense, whereas the headers of the blocks, 16 KiB
// apart, would compete for a few lines of the cache. Large containers have words behind those of
// the blocks.
//
// The low bits of a word are flags, the rest the number of references; so sums may wrap around at
// any time without disturbing the flags, and the order of additions and subtractions does not
// matter.
//
// Threads that the collection has stopped help. Each worker takes blocks until none is left. What
// they share:
//   words      in pass 1 each worker has a table of its own, which are added up afterwards. In pass
//              2 bits are only ever set, and a worker that sets REACHED just when another does
//              makes them both follow the object, to the same effect. Relaxed loads and stores.
//   taken      how many blocks were given to workers, to all and to helpers (relaxed: what is in
//              them was there before)
//   pool       objects to be followed, from workers who have many to those who have none; busy:
//              how many may yet put some there. Under pool_lock, but `hungry`, relaxed
//   failed     relaxed
// Everything else is handed over by thread_share_work, at the beginning and at the end of a pass.
#include "gc/find.h"

#if !HEAP_IS_TRACED

#include "gc/collect.h"
#include "gc/destroy.h"
#include "gc/heap.h"
#include "gc/heap_count.h"
#include "gc/registers.h"
#include "vm/object.h"
#include "vm/runtime/share.h"
#include "vm/runtime/thread.h"
#include <pthread.h>
#include <sched.h>

#define CANDIDATE 1u
#define PINNED 2u // alive, whatever its count: immortal, frozen, or a register holds it uncounted
#define REACHED 4u
#define GARBAGE 8u
#define REFERENCE 16u
#define NO_WORD UINT32_MAX
#define BLOCKS_A_CHUNK (HEAP_CHUNK_SIZE / HEAP_BLOCK_SIZE)

#define SMALL_HEAP 128      // blocks
#define WORKERS_MAX 8       // each has a table of words
#define FEW_WORDS 4096      // for which no help is asked
#define MERGE_PORTION 4096u // words
#define WORTH_SHARING 32    // objects
#define POOL_PORTION 512    // objects
#define AHEAD 8             // objects that are on their way into the cache, a power of two

typedef struct {
    HeapBlock *block;
    uint32_t first; // number of its first slot's word
} Place;

typedef struct {
    uint32_t first, inverse; // as in HeapBlock
    uint32_t slots;          // 0: not a block of this collection
} Row;

typedef struct {
    uintptr_t number; // address / HEAP_CHUNK_SIZE; 0: free
    Row *rows;        // of its blocks
} Chunk;

typedef struct {
    GcVisitor visitor; // first: the traverse slots get its address
    uint32_t *words;   // where it counts in pass 1
    Objects stack;     // reached, not yet followed: those from `bottom` on
    size_t bottom;
    unsigned ahead; // the place in `next` that is used next
    Object *next[AHEAD];
} Worker;

// The collection under way.
static bool full;
static Place *places; // blocks with candidates: first those of the collecting thread's heap
static size_t place_count;
static Chunk *chunks; // open addressing, chunk_mask + 1 slots
static size_t chunk_mask;
static Row *rows;
static Object **large; // large candidates, by address: open addressing, large_mask + 1 slots
static size_t large_mask;
static uint32_t large_first; // number of the first one's word
static bool any_large;
static uint32_t word_count;
static uint32_t *words;

static Worker workers[WORKERS_MAX];
static size_t taken, taken_by_helpers; // blocks; or portions of the words
static size_t own_taken;               // by worker 0
static bool failed;
static pthread_mutex_t pool_lock = PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP;
static Objects pool;
static unsigned busy, hungry;

static Type *type_of(const Object *o) {
    return __atomic_load_n(&o->type, __ATOMIC_RELAXED);
}
static bool is_old(const Object *o) {
    return object_has_flag(o, OBJECT_FLAG_OLD);
}

// ---- where the words are ------------------------------------------------------------------------

static size_t large_home(const Object *o) {
    return (size_t)((uint64_t)(uintptr_t)o * 0x9e3779b97f4a7c15ULL >> 32) & large_mask;
}

static __attribute__((noinline)) uint32_t large_number(const Object *o) {
    for (size_t i = large_home(o); large[i]; i = (i + 1) & large_mask) {
        if (large[i] == o)
            return large_first + (uint32_t)i;
    }
    return NO_WORD;
}

// NO_WORD if the object is no container (a leaf, static, or from elsewhere) or in a block that was
// not there, or had nothing new, when the collection began.
ALWAYS_INLINE uint32_t word_number(const Object *o) {
    uintptr_t number = (uintptr_t)o / HEAP_CHUNK_SIZE;
    size_t i = number & chunk_mask;
    while (UNLIKELY(chunks[i].number != number)) {
        if (chunks[i].number == 0)
            return any_large ? large_number(o) : NO_WORD;
        i = (i + 1) & chunk_mask;
    }
    const Row *row = &chunks[i].rows[(uintptr_t)o / HEAP_BLOCK_SIZE % BLOCKS_A_CHUNK];
    uint32_t offset = (uint32_t)((uintptr_t)o % HEAP_BLOCK_SIZE - offsetof(HeapBlock, slots));
    uint32_t slot = (uint32_t)((uint64_t)offset * row->inverse >> 32);
    return slot < row->slots ? row->first + slot : NO_WORD;
}

// The chunk's slot in the hash table, which it is added to.
static Chunk *chunk_slot(const HeapBlock *block, size_t *count) {
    uintptr_t number = (uintptr_t)block / HEAP_CHUNK_SIZE;
    size_t i = number & chunk_mask;
    while (chunks[i].number != number) {
        if (chunks[i].number == 0) {
            chunks[i].number = number;
            ++*count;
            break;
        }
        i = (i + 1) & chunk_mask;
    }
    return &chunks[i];
}

static size_t power_of_two(size_t least) {
    size_t size = 8;
    while (size < least)
        size *= 2;
    return size;
}

typedef struct {
    HeapThread *own;
    Place *others; // blocks of other threads' heaps
    size_t other_count;
} Places;

static void add_place(HeapBlock *block, void *context) {
    Places *p = context;
    if (block->carved == 0)
        return;
    if (block->owner == p->own)
        places[place_count++].block = block;
    else
        p->others[p->other_count++].block = block;
}

static bool find_places(void) {
    // Where new containers may be; but in a small heap it costs little to look everywhere, and
    // nothing is missed.
    size_t most = heap_block_count();
    Places p = {.own = heap_own(), .others = buffer_allocate((most + 1) * sizeof *places)};
    place_count = 0;
    places = buffer_allocate((most + 1) * sizeof *places);
    if (!places || !p.others) {
        buffer_free(p.others);
        return false;
    }
    if (full || most <= SMALL_HEAP)
        heap_each_block(HEAP_CONTAINER, add_place, &p);
    else
        heap_each_touched(add_place, &p);
    memcpy(places + place_count, p.others, p.other_count * sizeof *places);
    place_count += p.other_count;
    buffer_free(p.others);
    return true;
}

static bool find_chunks(uint64_t *slots) {
    size_t size = power_of_two((heap_chunk_count() + 1) * 4), count = 0;
    chunks = buffer_allocate_zeroed(size * sizeof *chunks);
    chunk_mask = size - 1;
    if (!chunks)
        return false;
    for (size_t i = 0; i < place_count; i++)
        chunk_slot(places[i].block, &count);
    rows = buffer_allocate_zeroed((count + 1) * BLOCKS_A_CHUNK * sizeof *rows);
    if (!rows)
        return false;
    size_t given = 0;
    for (size_t i = 0; i < place_count; i++) {
        HeapBlock *block = places[i].block;
        Chunk *chunk = chunk_slot(block, &count);
        if (!chunk->rows)
            chunk->rows = &rows[given++ * BLOCKS_A_CHUNK];
        places[i].first = (uint32_t)*slots;
        chunk->rows[(uintptr_t)block / HEAP_BLOCK_SIZE % BLOCKS_A_CHUNK] =
            (Row){(uint32_t)*slots, block->inverse, block->capacity};
        *slots += block->capacity;
    }
    return true;
}

// The list of large containers is newest first, so in a young collection the first that is old ends
// it.
static HeapLarge *large_if_new(HeapLarge *o) {
    return o && !full && is_old(o->object) ? NULL : o;
}

static bool large_table(size_t count) {
    size_t size = power_of_two(count * 2);
    buffer_free(large);
    large = buffer_allocate_zeroed(size * sizeof *large);
    large_mask = size - 1;
    any_large = count != 0;
    return large != NULL;
}

static void large_add(Object *o) {
    size_t i = large_home(o);
    while (large[i])
        i = (i + 1) & large_mask;
    large[i] = o;
}

// False: no memory.
static bool make_tables(void) {
    uint64_t slots = 0;
    size_t large_count = 0;
    for (HeapLarge *o = large_if_new(heap_large_containers()); o; o = large_if_new(o->next))
        large_count++;
    if (!find_places() || !find_chunks(&slots) || !large_table(large_count))
        return false;
    for (HeapLarge *o = large_if_new(heap_large_containers()); o; o = large_if_new(o->next))
        large_add(o->object);
    large_first = (uint32_t)slots;
    slots += large_mask + 1;
    if (slots >= NO_WORD)
        return false;
    word_count = (uint32_t)slots;
    words = buffer_allocate_zeroed(word_count * sizeof *words);
    return words != NULL;
}

// ---- who does what ------------------------------------------------------------------------------

// The next block for this worker, or NULL. The collecting thread begins with its own, which are
// likely to be in its core's cache, the others with those at the other end.
static Place *take_place(unsigned worker) {
    size_t i = __atomic_fetch_add(&taken, 1, __ATOMIC_RELAXED);
    if (i >= place_count)
        return NULL;
    size_t helped = worker ? __atomic_fetch_add(&taken_by_helpers, 1, __ATOMIC_RELAXED) : 0;
    return worker ? &places[place_count - 1 - helped] : &places[own_taken++];
}

static void share(void (*work)(void *context, unsigned worker)) {
    taken = taken_by_helpers = own_taken = 0;
    thread_share_work(work, NULL, word_count < FEW_WORDS ? 1 : WORKERS_MAX);
}

static void fail(void) {
    __atomic_store_n(&failed, true, __ATOMIC_RELAXED);
}
static bool has_failed(void) {
    return __atomic_load_n(&failed, __ATOMIC_RELAXED);
}

// ---- 1: the words -------------------------------------------------------------------------------

// What is added to the object's word; 0: it is no candidate.
ALWAYS_INLINE uint32_t initial_word(const Object *o) {
    if (count_is_zero(o) || (!full && is_old(o)))
        return 0; // a free slot, or dying: nobody refers to it
#if LOCKSMITH_DEFERRED
    if (!full && ref_is_deferred(o))
        return CANDIDATE | PINNED;
#endif
    uint32_t count = count_read(o);
    if (count == 0 || object_has_flag(o, OBJECT_FLAG_FROZEN))
        return CANDIDATE | PINNED; // no count: a register holds it, or did until just now
#if LOCKSMITH_IMMORTAL
    if (count >= COUNT_IMMORTAL)
        return CANDIDATE | PINNED;
#endif
#if LOCKSMITH_DEFERRED
    if (count >= COUNT_DEFERRED)
        count &= ~COUNT_DEFERRED;
#endif
    return count >= UINT32_MAX / REFERENCE ? CANDIDATE | PINNED : CANDIDATE + count * REFERENCE;
}

static void subtract_field(GcVisitor *visitor, Value v) {
    uint32_t number = word_number(value_object(v));
    if (number != NO_WORD)
        ((Worker *)visitor)->words[number] -= REFERENCE;
}

// A register keeps no count of what is deferred.
static void subtract_register(GcVisitor *visitor, Value v) {
    if (!ref_is_deferred(value_object(v)))
        subtract_field(visitor, v);
}

ALWAYS_INLINE void count_candidate(Worker *w, Object *o, uint32_t number) {
    uint32_t word = initial_word(o);
    if (!word)
        return;
    w->words[number] += word;
    Type *type = type_of(o);
    if (type->traverse)
        type->traverse(o, &w->visitor);
}

static void count_work(void *context, unsigned worker) {
    Worker *w = &workers[worker];
    w->visitor = (GcVisitor){subtract_field, subtract_register};
    w->words = worker ? buffer_allocate_zeroed(word_count * sizeof *words) : words;
    if (!w->words)
        return; // the others do it
    for (Place *place; (place = take_place(worker));) {
        HeapBlock *block = place->block;
        char *slot = block->slots;
        for (uint32_t i = 0, n = block->carved; i < n; i++, slot += block->slot_size)
            count_candidate(w, (Object *)slot, place->first + i);
    }
    if (worker == 0)
        for (size_t i = 0; i <= large_mask; i++)
            if (large[i])
                count_candidate(w, large[i], large_first + (uint32_t)i);
}

static void merge_work(void *context, unsigned worker) {
    size_t begin;
    while ((begin = __atomic_fetch_add(&taken, MERGE_PORTION, __ATOMIC_RELAXED)) < word_count) {
        size_t end = word_count - begin < MERGE_PORTION ? word_count : begin + MERGE_PORTION;
        for (unsigned w = 1; w < WORKERS_MAX; w++) {
            uint32_t *more = workers[w].words;
            for (size_t i = begin; more && i < end; i++)
                words[i] += more[i];
        }
    }
}

// The tables of the helpers are added to the one that stays.
static void merge_words(void) {
    bool any = false;
    for (unsigned w = 1; w < WORKERS_MAX; w++)
        any |= workers[w].words != NULL;
    if (!any)
        return;
    share(merge_work);
    for (unsigned w = 1; w < WORKERS_MAX; w++) {
        buffer_free(workers[w].words);
        workers[w].words = NULL;
    }
}

static void pin(Object *o, void *context) {
    uint32_t number = word_number(o);
    if (number != NO_WORD)
        words[number] |= PINNED;
}
static void pin_if_uncounted(Object *o, void *context) {
    if (!REGISTERS_ARE_COUNTED || ref_is_deferred(o))
        pin(o, NULL);
}

// What a running frame's register holds without a count.
static void pin_registers(Thread *thread, void *context) {
    destroy_each_type(thread, pin, NULL);
    registers_each(thread, pin_if_uncounted, NULL);
}

// ---- 2: mark ------------------------------------------------------------------------------------

static uint32_t word_read(uint32_t number) {
    return __atomic_load_n(&words[number], __ATOMIC_RELAXED);
}

static void reach(Worker *w, Object *o, uint32_t number, uint32_t word) {
    __atomic_store_n(&words[number], word | REACHED, __ATOMIC_RELAXED);
    if (!objects_push(&w->stack, o))
        fail();
}

static void mark_visit(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    uint32_t number = word_number(o);
    if (number == NO_WORD)
        return;
    uint32_t word = word_read(number);
    if ((word & (CANDIDATE | REACHED)) == CANDIDATE)
        reach((Worker *)visitor, o, number, word);
}

// A part of what the worker has reached goes to those who have nothing to do: the oldest, which is
// likely to lead to more.
static __attribute__((noinline)) void give_away(Worker *w) {
    size_t count = (w->stack.count - w->bottom) / 2;
    if (count > POOL_PORTION)
        count = POOL_PORTION;
    pthread_mutex_lock(&pool_lock);
    for (size_t i = 0; pool.count < POOL_PORTION && i < count; i++) {
        if (!objects_push(&pool, w->stack.items[w->bottom++]))
            fail();
    }
    pthread_mutex_unlock(&pool_lock);
}

static void follow(Worker *w, Object *o) {
    if (!is_old(o))
        flags_set_stopped(o, OBJECT_FLAG_OLD);
    Type *type = type_of(o);
    if (type->traverse)
        type->traverse(o, &w->visitor);
}

// Follows all that was reached. An object waits a little after its memory was asked for.
static void drain(Worker *w) {
    unsigned waiting = 0, step = 0;
    while (!has_failed()) {
        if (UNLIKELY(++step % 16 == 0 && __atomic_load_n(&hungry, __ATOMIC_RELAXED)) &&
            w->stack.count - w->bottom > WORTH_SHARING)
            give_away(w);
        Object *o = NULL;
        if (w->stack.count > w->bottom) {
            o = w->stack.items[--w->stack.count];
            __builtin_prefetch(o);
            __builtin_prefetch((char *)o + CACHE_LINE);
            waiting++;
        } else if (waiting == 0) {
            break;
        }
        Object **next = &w->next[w->ahead++ % AHEAD];
        Object *due = *next;
        *next = o;
        if (due) {
            waiting--;
            follow(w, due);
        }
    }
    memset(w->next, 0, sizeof w->next);
    w->stack.count = w->bottom = 0;
}

ALWAYS_INLINE void mark_from(Worker *w, Object *o, uint32_t number) {
    uint32_t word = word_read(number);
    if ((word & (CANDIDATE | REACHED)) == CANDIDATE && word >= PINNED) {
        __atomic_store_n(&words[number], word | REACHED, __ATOMIC_RELAXED);
        follow(w, o);
        if (w->stack.count)
            drain(w);
    }
}

// Out of blocks and of objects to follow: whether another worker gave some.
static bool wait_for_more(Worker *w) {
    bool idle = false, done = false;
    while (!done) {
        pthread_mutex_lock(&pool_lock);
        if (!idle) {
            idle = true;
            busy--;
            __atomic_store_n(&hungry, hungry + 1, __ATOMIC_RELAXED);
        }
        if (pool.count && !has_failed()) {
            for (size_t left = pool.count / 2; pool.count > left;) // another may be as hungry
                if (!objects_push(&w->stack, pool.items[--pool.count]))
                    fail();
            idle = false;
            busy++;
            __atomic_store_n(&hungry, hungry - 1, __ATOMIC_RELAXED);
        }
        done = !idle || busy == 0;
        pthread_mutex_unlock(&pool_lock);
        for (int i = 0; !done && i < 16; i++)
            __builtin_ia32_pause();
    }
    return !idle;
}

static void mark_work(void *context, unsigned worker) {
    Worker *w = &workers[worker];
    w->visitor = (GcVisitor){mark_visit, mark_visit};
    pthread_mutex_lock(&pool_lock);
    busy++;
    pthread_mutex_unlock(&pool_lock);
    for (Place *place; !has_failed() && (place = take_place(worker));) {
        HeapBlock *block = place->block;
        for (uint32_t i = 0, n = block->carved; i < n; i++)
            mark_from(w, (Object *)(block->slots + (size_t)i * block->slot_size), place->first + i);
    }
    if (worker == 0)
        for (size_t i = 0; i <= large_mask; i++)
            if (large[i])
                mark_from(w, large[i], large_first + (uint32_t)i);
    while (wait_for_more(w))
        drain(w);
}

// ---- 3: the rest --------------------------------------------------------------------------------

static size_t sort_out(Object *o, uint32_t number, Objects *garbage) {
    uint32_t word = words[number];
    if ((word & (CANDIDATE | REACHED)) == CANDIDATE) {
        words[number] = GARBAGE;
        if (!objects_push(garbage, o))
            fail();
    }
    return (word & REACHED) != 0;
}

static size_t sort_all(Objects *garbage) {
    size_t survivors = 0;
    for (size_t p = 0; p < place_count; p++) {
        HeapBlock *block = places[p].block;
        uint32_t n = block->carved, *own = &words[places[p].first], candidates = 0, reached = 0;
        for (uint32_t i = 0; i < n; i++) {
            candidates += own[i] & CANDIDATE;
            reached += own[i] & REACHED;
        }
        reached /= REACHED;
        survivors += reached;
        for (uint32_t i = 0; candidates != reached && i < n; i++)
            sort_out((Object *)(block->slots + (size_t)i * block->slot_size), places[p].first + i,
                     garbage);
    }
    for (size_t i = 0; i <= large_mask; i++)
        if (large[i])
            survivors += sort_out(large[i], large_first + (uint32_t)i, garbage);
    return survivors;
}

bool find_garbage(bool all, Objects *garbage, size_t *survivors) {
    full = all;
    failed = !make_tables();
    if (failed)
        return false;
    share(count_work);
    merge_words();
    if (!REGISTERS_ARE_COUNTED || (LOCKSMITH_DEFERRED && full))
        thread_each(pin_registers, NULL);
    hungry = busy = 0;
    share(mark_work);
    hungry = 0;
    for (unsigned w = 0; w < WORKERS_MAX; w++)
        objects_free(&workers[w].stack);
    objects_free(&pool);
    if (!failed)
        *survivors = sort_all(garbage);
    if (failed)
        garbage->count = 0;
    return !failed;
}

bool find_is_garbage(const Object *o) {
    uint32_t number = word_number(o);
    return number != NO_WORD && (words[number] & GARBAGE);
}

void find_end(void) {
    buffer_free(words);
    buffer_free(places);
    buffer_free(chunks);
    buffer_free(rows);
    buffer_free(large);
    large = NULL;
    words = NULL;
    places = NULL;
    chunks = NULL;
    rows = NULL;
}

// ---- what came back to life ---------------------------------------------------------------------
//
// Only the words of the garbage are looked at, which alone is known to be still where it was.

static void subtract_garbage(GcVisitor *visitor, Value v) {
    uint32_t number = word_number(value_object(v));
    if (number != NO_WORD && (words[number] & GARBAGE))
        words[number] -= REFERENCE;
}

static void mark_garbage(GcVisitor *visitor, Value v) {
    Object *o = value_object(v);
    uint32_t number = word_number(o);
    if (number != NO_WORD && (words[number] & (GARBAGE | REACHED)) == GARBAGE)
        reach((Worker *)visitor, o, number, words[number]);
}

size_t find_still_garbage(Objects *garbage) {
    Worker *w = &workers[0];
    size_t count = 0;
    for (size_t i = 0; i < garbage->count; i++)
        count += !heap_in_block(garbage->items[i]);
    // The words of the large ones follow those of the blocks as before.
    uint32_t *more = NULL;
    if (!large_table(count) ||
        !(more = buffer_resize(words, (large_first + large_mask + 1) * sizeof *words)))
        return 0; // out of memory: all stays
    words = more;
    for (size_t i = 0; i < garbage->count; i++) {
        if (!heap_in_block(garbage->items[i]))
            large_add(garbage->items[i]);
    }
    for (size_t i = 0; i < garbage->count; i++) {
        uint32_t references = count_read(garbage->items[i]) - 1; // without the caller's
        words[word_number(garbage->items[i])] =
            GARBAGE | (references < UINT32_MAX / REFERENCE ? references * REFERENCE : PINNED);
    }
    if (!REGISTERS_ARE_COUNTED)
        thread_each(pin_registers, NULL);
    w->visitor = (GcVisitor){subtract_garbage, subtract_garbage};
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        if (type_of(o)->traverse)
            type_of(o)->traverse(o, &w->visitor);
    }
    w->visitor = (GcVisitor){mark_garbage, mark_garbage};
    for (size_t i = 0; i < garbage->count; i++) {
        uint32_t number = word_number(garbage->items[i]), word = words[number];
        if (!(word & REACHED) && (word & ~GARBAGE)) {
            reach(w, garbage->items[i], number, word);
            drain(w);
        }
    }
    objects_free(&w->stack);
    if (failed)
        return 0;
    size_t kept = 0;
    for (size_t i = 0; i < garbage->count; i++) {
        Object *o = garbage->items[i];
        if (!(words[word_number(o)] & REACHED)) {
            garbage->items[i] = garbage->items[kept];
            garbage->items[kept++] = o;
        }
    }
    return kept;
}

#endif
