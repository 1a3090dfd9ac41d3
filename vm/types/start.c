// SPDX-License-Identifier: MIT
//
// Readies all builtin types. str comes first: names must be interned before the first type's
// dict can be filled. Otherwise the order does not matter, because readying a type readies its
// bases and objects can be made from a type's static table before it is ready.
#include "vm/interp/code.h"
#include "vm/interp/frame.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/exceptions.h"
#include "vm/types/float.h"
#include "vm/types/function.h"
#include "vm/types/generic_alias.h"
#include "vm/types/int.h"
#include "vm/types/iterators.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/namespace.h"
#include "vm/types/range.h"
#include "vm/types/set.h"
#include "vm/types/slice.h"
#include "vm/types/str.h"
#include "vm/types/tuple.h"
#include "vm/types/type.h"
#include "vm/types/weakref.h"

void types_start(void) {
    str_start();
    object_start();
    str_types_start();
    type_start();
    descriptors_start();
    function_start();
    method_start();
    property_start();
    super_start();
    singletons_start();
    int_start();
    bool_start();
    float_start();
    complex_start();
    bytes_start();
    tuple_start();
    list_start();
    dict_start();
    set_start();
    range_start();
    slice_start();
    iterators_start();
    exceptions_start();
    module_start();
    weakref_start();
    namespace_start();
    generic_alias_start();
    union_start();
    code_start();
    frame_start();
    generator_start();
}
