// SPDX-License-Identifier: MIT
//
// _json: what the json package has in C. The work is in json_scan.c and json_encode.c.
#include "vm/modules/json_internal.h"
#include "vm/types/module.h"
#include "vm/types/type.h"

static const NativeDef json_functions[] = {
    DEF_ONE("encode_basestring_ascii", json_encode_basestring_ascii,
            "encode_basestring_ascii(string) -> string\n\nThe string as JSON, in ASCII alone."),
    DEF_ONE("encode_basestring", json_encode_basestring,
            "encode_basestring(string) -> string\n\nThe string as JSON."),
    DEF_FIXED("scanstring", json_scanstring, 2, 3,
              "scanstring(string, end, strict=True) -> (string, end)\n\n"
              "The JSON string whose first character is at end, and where it ends. Not strict:\n"
              "control characters may stand for themselves."),
    DEF_END,
};

static int json_fill(Value module) {
    type_ready(&json_scanner_type);
    type_ready(&json_encoder_type);
    if (module_add(module, "make_scanner", ref_new(value_from_object(&json_scanner_type))) < 0)
        return -1;
    return module_add(module, "make_encoder", ref_new(value_from_object(&json_encoder_type)));
}

const NativeModule module_json = {"_json", "json speedups\n", json_functions, json_fill};
