// SPDX-License-Identifier: MIT
//
// Shapes: which attribute of an instance lies in which slot (hidden classes, after Self's maps:
// Chambers, Ungar and Lee 1989).
//
// Invariants
//  - A shape never changes once its id is in the table, but for its transitions (shapes lock),
//    its index (built once, published with a release store) and a root's next_root and dict_mode.
//  - Ids are never used twice, so that an inline cache that outlives a type cannot match another.
//  - A shape belongs to one type; the slots of a child are its parent's and one more.
//
// Nothing here runs Python code.
#include "locks/raw_lock.h"
#include "vm/types/type_internal.h"
#include <stdlib.h>

enum {
    SHAPE_SLOTS_MAX = 120,      // more attributes than that: dict mode
    SHAPES_PER_TYPE_MAX = 2000, // classes whose instances differ wildly: dict mode
    SHAPE_FAN_OUT_MAX = 256,
    SHAPE_INLINE_MAX = 48,
    SHAPE_GENERATIONS_MAX = 6,
    SHAPE_INDEX_FROM = 8, // shapes with fewer slots are searched along their parents
    CHUNK_BITS = 12,
    CHUNK_SIZE = 1 << CHUNK_BITS,
    // Ids from here on are kept for roots and dict modes.
    SHAPE_ID_RESERVED = SHAPE_ID_MAX - (1 << 18),
};

struct ShapeTransitions {
    uint32_t count, capacity;
    Shape *children[];
};

struct ShapeIndex {
    uint32_t mask;
    struct {
        Value name;
        int32_t slot;
    } entries[];
};

// Who waits for it stays attached, so that nobody has it while the world is stopped, when classes
// get new shapes: a thread that waits detached may be handed a lock then, and keep it.
static RawLock shapes_lock = RAW_LOCK_INIT;
static Shape **chunks[(SHAPE_ID_MAX >> CHUNK_BITS) + 1]; // set once, release
static uint32_t last_id;                                 // shapes lock

Shape *shape_of_id(uint32_t id) {
    Shape **chunk = __atomic_load_n(&chunks[id >> CHUNK_BITS], __ATOMIC_ACQUIRE);
    return chunk ? __atomic_load_n(&chunk[id & (CHUNK_SIZE - 1)], __ATOMIC_ACQUIRE) : NULL;
}

// A shape with an id, not yet in the table. Shapes lock held. NULL: no memory or no id.
static Shape *shape_allocate_locked(Type *type, bool reserved) {
    if (last_id >= (reserved ? SHAPE_ID_MAX - 1 : SHAPE_ID_RESERVED))
        return NULL;
    uint32_t id = last_id + 1;
    Shape **chunk = chunks[id >> CHUNK_BITS];
    if (!chunk) {
        // Not a buffer: a collector that takes any word for a pointer would find one (what the C
        // library's allocator leaves on the stack will do), and the types of all shapes would live.
        chunk = calloc(CHUNK_SIZE, sizeof(Shape *));
        if (!chunk)
            return NULL;
        __atomic_store_n(&chunks[id >> CHUNK_BITS], chunk, __ATOMIC_RELEASE);
    }
    Shape *shape = buffer_allocate_zeroed(sizeof(Shape));
    if (!shape)
        return NULL;
    last_id = id;
    shape->id = id;
    shape->type = type;
    type->shape_count++;
    return shape;
}

static void shape_publish(Shape *shape) {
    __atomic_store_n(&chunks[shape->id >> CHUNK_BITS][shape->id & (CHUNK_SIZE - 1)], shape,
                     __ATOMIC_RELEASE);
}

static Shape *new_root_locked(Type *type, uint32_t inline_slots, uint32_t cells) {
    Shape *shape = shape_allocate_locked(type, true);
    if (!shape)
        return NULL;
    shape->root = shape;
    shape->cells = shape->slots = cells;
    shape->inline_slots = inline_slots < cells ? cells : inline_slots;
    shape->next_root = type->root_shapes;
    type->root_shapes = shape;
    shape_publish(shape);
    return shape;
}

Shape *shape_new_root(Type *type, uint32_t inline_slots, uint32_t cells) {
    raw_lock(&shapes_lock);
    Shape *shape = new_root_locked(type, inline_slots, cells);
    raw_unlock(&shapes_lock);
    if (!shape)
        raise_memory_error();
    return shape;
}

Shape *shape_root_with(Type *type, uint32_t inline_slots) {
    uint32_t cells = shape_of_id(type_root_shape(type))->cells;
    raw_lock(&shapes_lock);
    Shape *shape = type->root_shapes;
    while (shape && (shape->inline_slots != inline_slots || shape->retired))
        shape = shape->next_root;
    if (!shape) {
        // Behind the newest, which stays the one that the type's own instances begin with.
        shape = new_root_locked(type, inline_slots, cells);
        Shape *newest = shape ? shape->next_root : NULL;
        if (newest) {
            type->root_shapes = newest;
            shape->next_root = newest->next_root;
            newest->next_root = shape;
        }
    }
    raw_unlock(&shapes_lock);
    if (!shape)
        raise_memory_error();
    return shape;
}

Shape *shape_grow_root(Type *type, Shape *root) {
    uint32_t wanted = __atomic_load_n(&type->expected_slots, __ATOMIC_RELAXED);
    if (wanted > SHAPE_INLINE_MAX)
        wanted = SHAPE_INLINE_MAX;
    raw_lock(&shapes_lock);
    Shape *current = shape_of_id(type_root_shape(type));
    if (current != root) { // another thread was first
        raw_unlock(&shapes_lock);
        return current;
    }
    Shape *grown = NULL;
    if (wanted > root->inline_slots && type->root_generations < SHAPE_GENERATIONS_MAX) {
        // Later generations leave room, so that a class whose instances differ settles soon.
        if (++type->root_generations > 2)
            wanted += wanted / 2;
        grown = new_root_locked(type, wanted, root->cells);
        if (grown)
            __atomic_store_n(&type->root_shape, grown->id, __ATOMIC_RELEASE);
    }
    if (!grown) {
        // Not again: the hint is what there is.
        __atomic_store_n(&type->expected_slots, root->inline_slots, __ATOMIC_RELAXED);
        grown = root;
    }
    raw_unlock(&shapes_lock);
    return grown;
}

Shape *shape_dict_mode(Type *type, uint32_t inline_slots) {
    Shape *root = shape_root_with(type, inline_slots);
    if (!root)
        return NULL;
    Shape *shape = __atomic_load_n(&root->dict_mode, __ATOMIC_ACQUIRE);
    if (shape)
        return shape;
    raw_lock(&shapes_lock);
    shape = root->dict_mode;
    if (!shape) {
        shape = shape_allocate_locked(type, true);
        if (shape) {
            shape->root = root;
            shape->cells = shape->slots = root->cells;
            shape->inline_slots = inline_slots;
            shape->is_dict = true;
            shape_publish(shape);
            __atomic_store_n(&root->dict_mode, shape, __ATOMIC_RELEASE);
        }
    }
    raw_unlock(&shapes_lock);
    if (!shape)
        raise_memory_error();
    return shape;
}

Shape *shape_add(Shape *shape, Value name) {
    if (shape->slots >= SHAPE_SLOTS_MAX + shape->cells)
        return NULL;
    raw_lock(&shapes_lock);
    struct ShapeTransitions *t = shape->transitions;
    for (uint32_t i = 0; t && i < t->count; i++)
        if (value_same(t->children[i]->name, name)) {
            Shape *child = t->children[i];
            raw_unlock(&shapes_lock);
            return child;
        }
    Shape *child = NULL;
    if (shape->type->shape_count < SHAPES_PER_TYPE_MAX && !(t && t->count >= SHAPE_FAN_OUT_MAX)) {
        if (!t || t->count == t->capacity) {
            uint32_t capacity = t ? t->capacity * 2 : 1;
            struct ShapeTransitions *grown =
                buffer_resize(t, sizeof *t + capacity * sizeof(Shape *));
            if (grown) {
                if (!t)
                    grown->count = 0;
                grown->capacity = capacity;
                shape->transitions = t = grown;
            } else {
                t = NULL;
            }
        }
        child = t ? shape_allocate_locked(shape->type, false) : NULL;
        if (child) {
            child->root = shape->root;
            child->parent = shape;
            child->slots = shape->slots + 1;
            child->cells = shape->cells;
            child->inline_slots = shape->inline_slots;
            child->name = ref_new(name);
            t->children[t->count++] = child;
            shape_publish(child);
        }
    }
    raw_unlock(&shapes_lock);
    return child;
}

static inline uint32_t name_hash(Value name) {
    return (uint32_t)((name.bits >> 4) ^ (name.bits >> 12));
}

static struct ShapeIndex *build_index(Shape *shape) {
    uint32_t size = 16;
    while (size < shape->slots * 2)
        size *= 2;
    struct ShapeIndex *index =
        buffer_allocate_zeroed(sizeof *index + size * sizeof index->entries[0]);
    if (!index)
        return NULL;
    index->mask = size - 1;
    for (Shape *s = shape; s->parent; s = s->parent) {
        uint32_t i = name_hash(s->name) & index->mask;
        while (!value_is_null(index->entries[i].name))
            i = (i + 1) & index->mask;
        index->entries[i].name = s->name;
        index->entries[i].slot = (int32_t)s->slots - 1;
    }
    struct ShapeIndex *expected = NULL;
    if (!__atomic_compare_exchange_n(&shape->index, &expected, index, false, __ATOMIC_ACQ_REL,
                                     __ATOMIC_ACQUIRE)) {
        buffer_free(index);
        index = expected;
    }
    return index;
}

int32_t shape_find(Shape *shape, Value name) {
    if (shape->slots >= SHAPE_INDEX_FROM) {
        struct ShapeIndex *index = __atomic_load_n(&shape->index, __ATOMIC_ACQUIRE);
        if (!index)
            index = build_index(shape);
        if (LIKELY(index != NULL)) {
            for (uint32_t i = name_hash(name) & index->mask;; i = (i + 1) & index->mask) {
                Value entry = index->entries[i].name;
                if (value_same(entry, name))
                    return index->entries[i].slot;
                if (value_is_null(entry))
                    return -1;
            }
        }
    }
    for (Shape *s = shape; s->parent; s = s->parent)
        if (value_same(s->name, name))
            return (int32_t)s->slots - 1;
    return -1;
}

uint32_t shape_overflow_capacity(uint32_t count) {
    if (count == 0)
        return 0;
    uint32_t capacity = 4;
    while (capacity < count)
        capacity *= 2;
    return capacity;
}

static bool mentions(Shape *shape, Value name) {
    struct ShapeTransitions *t = shape->transitions;
    for (uint32_t i = 0; t && i < t->count; i++)
        if (value_is_null(name) || value_same(t->children[i]->name, name) ||
            mentions(t->children[i], name))
            return true;
    return false;
}

bool shapes_mention(Type *type, Value name) {
    bool found = false;
    raw_lock(&shapes_lock);
    for (Shape *root = type->root_shapes; root && !found; root = root->next_root)
        found = !root->retired && mentions(root, name);
    raw_unlock(&shapes_lock);
    return found;
}

void shapes_retire(Type *type) {
    raw_lock(&shapes_lock);
    Shape *current = shape_of_id(type_root_shape(type));
    uint32_t before = type->shape_count;
    type->shape_count = 0;
    Shape *fresh = new_root_locked(type, current->inline_slots, current->cells);
    if (fresh) {
        for (Shape *root = fresh->next_root; root; root = root->next_root)
            root->retired = true;
        __atomic_store_n(&type->root_shape, fresh->id, __ATOMIC_RELEASE);
    } else {
        type->shape_count = before;
    }
    raw_unlock(&shapes_lock);
}

Shape *shape_replay(Shape *shape, Shape *root, Value without) {
    if (!shape->parent)
        return root;
    Shape *parent = shape_replay(shape->parent, root, without);
    if (!parent || value_same(shape->name, without))
        return parent;
    return shape_add(parent, shape->name);
}

// ---- the end of a type -------------------------------------------------------------------
// Another thread may be looking at a shape of a type that has no instances any more (it found the
// id in a header just before); so shapes are retired, not freed.

static void free_tree(Shape *shape) {
    struct ShapeTransitions *t = shape->transitions;
    for (uint32_t i = 0; t && i < t->count; i++)
        free_tree(t->children[i]);
    __atomic_store_n(&chunks[shape->id >> CHUNK_BITS][shape->id & (CHUNK_SIZE - 1)], NULL,
                     __ATOMIC_RELAXED);
    if (!value_is_null(shape->name))
        reclaim_reference(shape->name);
    if (shape->index)
        reclaim_buffer(shape->index);
    buffer_free(t);
    reclaim_buffer(shape);
}

void shapes_free(Type *type) {
    Shape *root = type->root_shapes;
    type->root_shapes = NULL;
    while (root) {
        Shape *next = root->next_root;
        if (root->dict_mode)
            free_tree(root->dict_mode);
        free_tree(root);
        root = next;
    }
}
