// SPDX-License-Identifier: MIT
//
// _elementtree: the module. etree_internal.h says what is where.
#include "locks/mutex.h"
#include "vm/modules/etree_internal.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"

Value etree_parse_error, etree_deepcopy, etree_path;

// Both owned; guarded by the mutex, under which nothing is released.
static Value comment_factory, pi_factory;
static Mutex factories_lock = MUTEX_INIT;

int etree_raise(const char *message) {
    Value text = str_from_cstr(message);
    Value e = value_is_null(text) ? text : value_call_one(etree_parse_error, text);
    if (!value_is_null(e))
        raise_object(e);
    ref_release(text);
    ref_release(e);
    return -1;
}

int etree_bad_argument(const char *what, const char *wanted, Value v) {
    if (value_is_none(v))
        return raise_int(&exception_TypeError, "%s must be %s, not None", what, wanted);
    return raise_int(&exception_TypeError, "%s must be %s, not %T", what, wanted, v);
}

void etree_factories(Value *comment, Value *pi) {
    mutex_lock(&factories_lock);
    *comment = ref_new(comment_factory);
    *pi = ref_new(pi_factory);
    mutex_unlock(&factories_lock);
}

// Gives the factories there were.
static Value set_factories(Value self, const Value *args, size_t nargs) {
    static const char *const what[] = {"Comment", "PI"};
    for (int i = 0; i < 2; i++)
        if (!value_is_none(args[i]) && !value_is_callable(args[i]))
            return raise_type_error("%s factory must be callable, not %T", what[i], args[i]);
    Value comment = value_is_none(args[0]) ? VALUE_NULL : ref_new(args[0]);
    Value pi = value_is_none(args[1]) ? VALUE_NULL : ref_new(args[1]);
    mutex_lock(&factories_lock);
    Value old_comment = comment_factory, old_pi = pi_factory;
    comment_factory = comment;
    pi_factory = pi;
    mutex_unlock(&factories_lock);
    return tuple_pair_owned(value_is_null(old_comment) ? none_new() : old_comment,
                            value_is_null(old_pi) ? none_new() : old_pi);
}

static const NativeDef functions[] = {
    DEF_VECTOR("SubElement", element_sub_element, "A new element at the end of another."),
    DEF_FIXED("_set_factories", set_factories, 2, 2,
              "What makes comments and instructions; gives what did before."),
    DEF_END,
};

// What the methods call, found when the module is first made, as in CPython. 0, -1.
static int find_helpers(void) {
    if (!value_is_null(etree_path))
        return 0;
    Value copy = import_module_cstr("copy"), deepcopy = VALUE_NULL;
    if (!value_is_null(copy))
        deepcopy = value_getattr_cstr(copy, "deepcopy");
    ref_release(copy);
    Value path = value_is_null(deepcopy) ? VALUE_NULL : import_module_cstr("xml.etree.ElementPath");
    if (value_is_null(path)) {
        ref_release(deepcopy);
        return -1;
    }
    etree_deepcopy = deepcopy;
    etree_path = path;
    return 0;
}

static int fill(Value module) {
    if (find_helpers() < 0)
        return -1;
    if (module_add_type(module, &element_type) < 0 ||
        module_add_type(module, &tree_builder_type) < 0 ||
        module_add_type(module, &xml_parser_type) < 0 ||
        exception_class_add(module, &etree_parse_error, "xml.etree.ElementTree", "ParseError",
                            value_from_object(&exception_SyntaxError), NULL) < 0)
        return -1;
    type_ready(&element_iterator_type);
    return 0;
}

const NativeModule module_elementtree = {
    .name = "_elementtree",
    .doc = "What xml.etree.ElementTree has in C.",
    .functions = functions,
    .fill = fill,
};
