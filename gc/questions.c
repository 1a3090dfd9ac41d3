// SPDX-License-Identifier: MIT
//
// What Python programs may ask of the heap (gc.get_objects and its like): each question walks the
// containers with the world stopped and answers with new references, in no order.
#include "gc/questions.h"
#include "gc/collect.h"
#include "gc/heap.h"
#include "gc/ref.h"
#include "vm/object.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/thread.h"
#include "vm/types/list.h"

typedef struct {
    GcVisitor visitor;
    Object **found; // new references; may hold leaves
    size_t count, capacity;
    const Value *targets;
    size_t target_count;
    int which; // GC_*
    bool hit, failed;
} Question;

static void found_add(Question *q, Object *o) {
    // Dying objects are nobody's to see.
    if (count_is_gone(o))
        return;
    if (q->count == q->capacity) {
        size_t capacity = q->capacity ? q->capacity * 2 : 1024;
        Object **found = buffer_resize(q->found, capacity * sizeof *found);
        if (!found) {
            q->failed = true;
            return;
        }
        q->found = found;
        q->capacity = capacity;
    }
    ref_retain_object(o);
    q->found[q->count++] = o;
}

static Value answer(Question *q) {
    Value list = VALUE_NULL;
    Value *items = (Value *)q->found; // a Value of an object is its address
    if (q->failed) {
        for (size_t i = 0; i < q->count; i++)
            ref_release(items[i]);
        raise_memory_error();
    } else {
        list = list_from_owned(items, (int64_t)q->count);
    }
    buffer_free(q->found);
    return list;
}

static void objects_visit(Object *o, void *context) {
    Question *q = context;
    if (q->which & (object_has_flag(o, OBJECT_FLAG_OLD) ? GC_OLD : GC_NEW))
        found_add(q, o);
}

Value gc_objects(int which) {
    Question q = {.which = which};
    thread_stop_world();
    heap_each_container(objects_visit, &q);
    thread_start_world();
    return answer(&q);
}

static void compare_visit(GcVisitor *visitor, Value v) {
    Question *q = (Question *)visitor;
    for (size_t i = 0; i < q->target_count; i++)
        q->hit |= value_same(q->targets[i], v);
}

static void referrers_visit(Object *o, void *context) {
    Question *q = context;
    Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
    q->hit = false;
    if (type->traverse)
        type->traverse(o, &q->visitor);
    if (q->hit)
        found_add(q, o);
}

Value gc_referrers(const Value *targets, size_t count) {
    Question q = {
        .visitor = {compare_visit, compare_visit}, .targets = targets, .target_count = count};
    thread_stop_world();
    heap_each_container(referrers_visit, &q);
    thread_start_world();
    return answer(&q);
}

static void referents_visit(GcVisitor *visitor, Value v) {
    found_add((Question *)visitor, value_object(v));
}

Value gc_referents(const Value *targets, size_t count) {
    Question q = {.visitor = {referents_visit, referents_visit}};
    thread_stop_world();
    for (size_t i = 0; i < count; i++) {
        if (!value_is_object(targets[i]))
            continue;
        Object *o = value_object(targets[i]);
        Type *type = __atomic_load_n(&o->type, __ATOMIC_RELAXED);
        if (type->kind == HEAP_CONTAINER && type->traverse)
            type->traverse(o, &q.visitor);
    }
    thread_start_world();
    return answer(&q);
}
