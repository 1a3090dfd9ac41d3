// SPDX-License-Identifier: MIT
//
// The persistent map of contextvars. See the header.
#include "vm/modules/contextvars_map.h"
#include "vm/runtime/errors.h"
#include "vm/types/type.h"

typedef struct {
    Object header;
    int64_t serial, count; // of this node's variable; entries from here down
    Value variable, value;
    Value left, right; // smaller and larger serials, or VALUE_NULL
} Node;

static inline Node *node_of(Value v) {
    return (Node *)value_object(v);
}

static uint64_t priority(int64_t serial) {
    uint64_t x = (uint64_t)serial * 0x9e3779b97f4a7c15u;
    x ^= x >> 32;
    return x * 0xd6e8feb86659fd93u;
}

int64_t context_map_length(Value map) {
    return value_is_null(map) ? 0 : node_of(map)->count;
}

Value context_map_get(Value map, int64_t serial) {
    while (!value_is_null(map)) {
        const Node *node = node_of(map);
        if (node->serial == serial)
            return node->value;
        map = serial < node->serial ? node->left : node->right;
    }
    return VALUE_NULL;
}

static Value make(int64_t serial, Value variable, Value value, Value left, Value right) {
    Node *node = object_allocate(&context_node_type);
    if (!node)
        return VALUE_NULL;
    node->serial = serial;
    node->variable = ref_new(variable);
    node->value = ref_new(value);
    node->left = ref_new(left);
    node->right = ref_new(right);
    node->count = 1 + context_map_length(left) + context_map_length(right);
    return value_from_object(node);
}

// The node with other children.
static Value remake(const Node *node, Value left, Value right) {
    return make(node->serial, node->variable, node->value, left, right);
}

int context_map_set(Value map, int64_t serial, Value variable, Value value, Value *out) {
    if (value_is_null(map)) {
        *out = make(serial, variable, value, VALUE_NULL, VALUE_NULL);
        return value_is_null(*out) ? -1 : 0;
    }
    const Node *node = node_of(map);
    if (node->serial == serial) {
        *out = make(serial, variable, value, node->left, node->right);
        return value_is_null(*out) ? -1 : 0;
    }
    bool is_left = serial < node->serial;
    Value child_value;
    if (context_map_set(is_left ? node->left : node->right, serial, variable, value, &child_value) <
        0)
        return -1;
    const Node *child = node_of(child_value);
    if (priority(child->serial) <= priority(node->serial)) {
        *out = is_left ? remake(node, child_value, node->right)
                       : remake(node, node->left, child_value);
    } else { // the child goes up
        Value below = is_left ? remake(node, child->right, node->right)
                              : remake(node, node->left, child->left);
        *out = value_is_null(below) ? VALUE_NULL
               : is_left            ? remake(child, child->left, below)
                                    : remake(child, below, child->right);
        ref_release(below);
    }
    ref_release(child_value);
    return value_is_null(*out) ? -1 : 0;
}

// All of left is smaller than all of right.
static int merge(Value left, Value right, Value *out) {
    if (value_is_null(left) || value_is_null(right)) {
        *out = ref_new(value_is_null(left) ? right : left);
        return 0;
    }
    const Node *l = node_of(left), *r = node_of(right);
    Value middle;
    bool left_up = priority(l->serial) > priority(r->serial);
    if ((left_up ? merge(l->right, right, &middle) : merge(left, r->left, &middle)) < 0)
        return -1;
    *out = left_up ? remake(l, l->left, middle) : remake(r, middle, r->right);
    ref_release(middle);
    return value_is_null(*out) ? -1 : 0;
}

int context_map_delete(Value map, int64_t serial, Value *out) {
    const Node *node = node_of(map);
    if (node->serial == serial)
        return merge(node->left, node->right, out);
    bool is_left = serial < node->serial;
    Value child;
    if (context_map_delete(is_left ? node->left : node->right, serial, &child) < 0)
        return -1;
    *out = is_left ? remake(node, child, node->right) : remake(node, node->left, child);
    ref_release(child);
    return value_is_null(*out) ? -1 : 0;
}

int context_map_each(Value map, int (*each)(Value variable, Value value, void *context),
                     void *context) {
    while (!value_is_null(map)) {
        const Node *node = node_of(map);
        int stop = context_map_each(node->left, each, context);
        if (!stop)
            stop = each(node->variable, node->value, context);
        if (stop)
            return stop;
        map = node->right;
    }
    return 0;
}

static void node_destroy(Object *self) {
    Node *node = (Node *)self;
    ref_release(node->variable);
    ref_release(node->value);
    ref_release(node->left);
    ref_release(node->right);
    object_free_fixed(self);
}

static void node_traverse(Object *self, GcVisitor *visitor) {
    Node *node = (Node *)self;
    gc_visit(visitor, node->variable);
    gc_visit(visitor, node->value);
    gc_visit(visitor, node->left);
    gc_visit(visitor, node->right);
}

Type context_node_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_contextvars.Node",
    .basic_size = sizeof(Node),
    .kind = HEAP_CONTAINER,
    .flags = TYPE_NO_NEW | TYPE_IMMUTABLE,
    .destroy = node_destroy,
    .traverse = node_traverse,
};
