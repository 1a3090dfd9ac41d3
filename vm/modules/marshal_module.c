// SPDX-License-Identifier: MIT
//
// The `marshal` module: builtin values as bytes, in CPython's format (marshal_write.c,
// marshal_read.c). Code objects (marshal_code.c) have a form of their own: this interpreter's code
// means nothing to CPython.
#include "vm/modules/marshal_internal.h"
#include "vm/runtime/audit.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/module.h"
#include "vm/types/str.h"

// dumps(value, version), dump(value, file, version)
static Value dump_version(Value v, const Value *version_or_null) {
    int64_t version = MARSHAL_VERSION;
    if (version_or_null && value_to_i64(*version_or_null, &version) < 0)
        return VALUE_NULL;
    if (version > MARSHAL_VERSION)
        version = MARSHAL_VERSION;
    if (audit("marshal.dumps", 2, v,
              version_or_null ? *version_or_null : value_from_int(MARSHAL_VERSION)) < 0)
        return VALUE_NULL;
    return marshal_dumps(v, version < 0 ? 0 : (int)version);
}
static Value dumps(Value self, const Value *args, size_t nargs) {
    return dump_version(args[0], nargs > 1 ? &args[1] : NULL);
}
static Value dump(Value self, const Value *args, size_t nargs) {
    Value data = dump_version(args[0], nargs > 2 ? &args[2] : NULL);
    Value r = value_is_null(data) ? data : value_call_method(args[1], name_write, &data, 1);
    ref_release(data);
    return r;
}

static Value loads(Value self, Value data) {
    BufferView view;
    if (audit("marshal.loads", 1, data) < 0)
        return VALUE_NULL;
    if (buffer_view_get_brief(data, &view) < 0)
        return VALUE_NULL;
    Value v = marshal_loads(view.data, (size_t)view.length, VALUE_NULL);
    buffer_view_release(&view);
    return v;
}
static Value load(Value self, Value file) {
    Value none = value_from_int(0);
    Value empty = value_call_method(file, name_read, &none, 1);
    if (value_is_null(empty))
        return empty;
    bool is_bytes = value_is_bytes(empty);
    if (!is_bytes)
        raise_type_error("file.read() returned not bytes but %T", empty);
    ref_release(empty);
    if (!is_bytes || audit("marshal.load", 0) < 0)
        return VALUE_NULL;
    return marshal_load(file);
}

static const NativeDef functions[] = {
    DEF_FIXED("dumps", dumps, 1, 2, "The value as bytes."),
    DEF_FIXED("dump", dump, 2, 3, "Write the value to a file."),
    DEF_ONE("loads", loads, "The value in bytes; what follows it is ignored."),
    DEF_ONE("load", load, "Read one value from a file."),
    DEF_END,
};
static int fill(Value module) {
    return module_add_int(module, "version", MARSHAL_VERSION);
}

const NativeModule module_marshal = {"marshal", "Builtin values as bytes.", functions, fill};
