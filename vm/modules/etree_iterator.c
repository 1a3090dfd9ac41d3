// SPDX-License-Identifier: MIT
//
// What Element.iter() and itertext() give: a walk through a tree in the order of the document. The
// elements from the first one down to where the walk is lie on a stack, each with the position of
// the child to be entered next.
//
// The stack is guarded by the iterator's lock, but not taken as long as nobody else can have the
// iterator. A step looks at the top of the stack, then, without the lock, at the child that is to
// be entered, and makes its change if the top is as it was; otherwise another thread has made a
// step, and it looks again. So each element is given once. Python code runs only between steps.
#include "vm/modules/etree_internal.h"
#include "vm/runtime/errors.h"
#include "vm/types/str.h"

enum { FIRST_CAPACITY = 8 };

typedef struct {
    Value element; // owned
    int64_t next;
} Place;

typedef struct {
    Object header;
    Value tag;     // what is looked for, None: everything; constant
    bool texts;    // itertext(); constant
    Value root;    // until the walk begins, then VALUE_NULL
    Place *places; // buffer
    int64_t depth, capacity;
} ElementIterator;

// What a step did, with a new reference to the element.
typedef enum { WALK_ENTERED, WALK_LEFT, WALK_LEFT_FIRST, WALK_ENDED, WALK_FAILED } Walk;

Value element_iterator_new(Value e, Value tag, bool texts) {
    Place *places = buffer_allocate(FIRST_CAPACITY * sizeof(Place));
    if (UNLIKELY(!places))
        return raise_memory_error();
    ElementIterator *it =
        object_allocate_exact(&element_iterator_type, sizeof(ElementIterator), HEAP_CONTAINER);
    if (UNLIKELY(!it)) {
        buffer_free(places);
        return VALUE_NULL;
    }
    it->tag = ref_new(tag);
    it->texts = texts;
    it->root = ref_new(e);
    it->places = places;
    it->capacity = FIRST_CAPACITY;
    return value_from_object(it);
}

static inline void lock(ElementIterator *it, bool alone) {
    if (!alone)
        object_lock(&it->header);
}
static inline void unlock(ElementIterator *it, bool alone) {
    if (!alone)
        object_unlock(&it->header);
}

// Makes room for one more place than `depth`. 0, -1.
static int grow(ElementIterator *it, int64_t depth, bool alone) {
    int64_t capacity = (depth + 1) * 2;
    Place *places = buffer_allocate((size_t)capacity * sizeof(Place));
    if (!places)
        return raise_memory_error(), -1;
    lock(it, alone);
    if (it->capacity < capacity) {
        Place *old = it->places;
        memcpy(places, old, (size_t)it->depth * sizeof(Place));
        it->places = places;
        it->capacity = capacity;
        places = old;
    }
    unlock(it, alone);
    buffer_free(places);
    return 0;
}

// The lock is held, and there is room.
static inline void push(ElementIterator *it, Value element) {
    ref_retain(element);
    it->places[it->depth++] = (Place){element, 0};
}

// One step down into child (a reference, handed on), or up if it is VALUE_NULL, from the place of
// `depth` that had `seen` on top. False: the top has changed, and nothing is done.
static bool step(ElementIterator *it, Value child, int64_t depth, Place seen, Value *element) {
    object_lock(&it->header);
    Place *top = &it->places[depth - 1];
    bool same = it->depth == depth && depth < it->capacity &&
                value_same(top->element, seen.element) && top->next == seen.next;
    if (same && value_is_null(child)) {
        *element = top->element;
        field_forget_locked(&top->element, 1);
        it->depth--;
    } else if (same) {
        top->next++;
        push(it, child);
        *element = child;
    }
    object_unlock(&it->header);
    return same;
}

// The walk begins, or is over.
static Walk begin(ElementIterator *it, bool alone, Value *element) {
    lock(it, alone);
    Value root = it->root;
    it->root = VALUE_NULL;
    if (!value_is_null(root))
        push(it, root);
    unlock(it, alone);
    *element = root;
    return value_is_null(root) ? WALK_ENDED : WALK_ENTERED;
}

// A child (taken) that is no element.
static Walk refuse(Value child) {
    raise_error(&exception_AttributeError, "'%T' object has no attribute 'iter'", child);
    ref_release(child);
    return WALK_FAILED;
}

// A step of the only thread that can have the iterator.
static Walk walk_alone(ElementIterator *it, Value *element) {
    int64_t depth = it->depth;
    if (depth == 0)
        return begin(it, true, element);
    if (depth == it->capacity && grow(it, depth, true) < 0)
        return WALK_FAILED;
    Place *top = &it->places[depth - 1];
    Value child = element_child(element_of(top->element), top->next);
    if (value_is_null(child)) {
        *element = top->element;
        field_forget_locked(&top->element, 1);
        it->depth = depth - 1;
        return depth == 1 ? WALK_LEFT_FIRST : WALK_LEFT;
    }
    if (UNLIKELY(!value_is_element(child)))
        return refuse(child);
    top->next++;
    push(it, child);
    *element = child;
    return WALK_ENTERED;
}

static Walk walk(ElementIterator *it, Value *element) {
    for (;;) {
        if (LIKELY(ref_is_still_unshared(&it->header)))
            return walk_alone(it, element);
        object_lock(&it->header);
        int64_t depth = it->depth;
        bool full = depth == it->capacity;
        Place seen = depth ? it->places[depth - 1] : (Place){VALUE_NULL, 0};
        ref_retain(seen.element);
        object_unlock(&it->header);
        if (depth == 0) {
            if (begin(it, false, element) == WALK_ENTERED)
                return WALK_ENTERED;
            // Another thread may have begun in between.
            object_lock(&it->header);
            bool ended = it->depth == 0;
            object_unlock(&it->header);
            if (ended)
                return WALK_ENDED;
            continue;
        }
        if (full && grow(it, depth, false) < 0) {
            ref_release(seen.element);
            return WALK_FAILED;
        }
        Value child = element_child(element_of(seen.element), seen.next);
        if (!value_is_null(child) && UNLIKELY(!value_is_element(child))) {
            ref_release(seen.element);
            return refuse(child);
        }
        bool done = step(it, child, depth, seen, element);
        ref_release(seen.element);
        if (done && !value_is_null(child))
            return WALK_ENTERED;
        if (done)
            return depth == 1 ? WALK_LEFT_FIRST : WALK_LEFT;
        ref_release(child);
    }
}

static Value next_element(ElementIterator *it) {
    for (;;) {
        Value element;
        Walk did = walk(it, &element);
        if (did == WALK_ENDED || did == WALK_FAILED)
            return VALUE_NULL;
        int wanted = 0;
        if (did == WALK_ENTERED)
            wanted = value_is_none(it->tag) ? 1 : element_has_tag(element_of(element), it->tag);
        if (wanted > 0)
            return element;
        ref_release(element);
        if (wanted < 0)
            return VALUE_NULL;
    }
}

// The texts of elements that are entered, the tails of those that are left, but the first one's.
static Value next_text(ElementIterator *it) {
    for (;;) {
        Value element;
        Walk did = walk(it, &element);
        if (did == WALK_ENDED || did == WALK_FAILED)
            return VALUE_NULL;
        Element *e = element_of(element);
        Value text = VALUE_NULL;
        if (did == WALK_ENTERED)
            text = field_load(&e->header, &e->text);
        else if (did == WALK_LEFT)
            text = field_load(&e->header, &e->tail);
        ref_release(element);
        int wanted = value_is_null(text) ? 0 : value_truth(text);
        if (wanted > 0)
            return text;
        ref_release(text);
        if (wanted < 0)
            return VALUE_NULL;
    }
}

static Value iterator_next(Value self) {
    ElementIterator *it = (ElementIterator *)value_object(self);
    return it->texts ? next_text(it) : next_element(it);
}

static void iterator_drop(Object *self) {
    ElementIterator *it = (ElementIterator *)self;
    object_lock(self);
    Place *places = it->places;
    int64_t depth = it->depth;
    Value root = it->root;
    it->places = NULL;
    it->depth = it->capacity = 0;
    it->root = VALUE_NULL;
    object_unlock(self);
    while (depth > 0)
        ref_release(places[--depth].element);
    buffer_free(places);
    ref_release(root);
}
static void iterator_destroy(Object *self) {
    iterator_drop(self);
    ref_release(((ElementIterator *)self)->tag);
    object_free_exact(self, sizeof(ElementIterator), HEAP_CONTAINER);
}
static void iterator_traverse(Object *self, GcVisitor *visitor) {
    ElementIterator *it = (ElementIterator *)self;
    for (int64_t i = 0; i < it->depth; i++)
        gc_visit(visitor, it->places[i].element);
    gc_visit(visitor, it->root);
    gc_visit(visitor, it->tag);
}

Type element_iterator_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_elementtree._element_iterator",
    .basic_size = sizeof(ElementIterator),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW,
    .destroy = iterator_destroy,
    .traverse = iterator_traverse,
    .clear = iterator_drop,
    .iter = object_self_iter,
    .next = iterator_next,
};
