// SPDX-License-Identifier: MIT
//
// sys.flags, sys.warnoptions, sys._xoptions: what the command line asked for.
#include "vm/modules/sys_flags.h"
#include "vm/modules/struct_sequence.h"
#include "vm/runtime/errors.h"
#include "vm/runtime/options.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <string.h>

static Value decode(const char *text, size_t length) {
    return codec_decode((const uint8_t *)text, length, "utf-8", "surrogateescape");
}

static int add_warning_options(Value module) {
    Value list = list_new();
    for (const char **w = options.warnings; w && *w && !value_is_null(list); w++) {
        if (list_append_owned(list, decode(*w, strlen(*w))) < 0) {
            ref_release(list);
            return -1;
        }
    }
    return module_add(module, "warnoptions", list);
}

// -X name: True; -X name=value: the value.
static int add_x_options(Value module) {
    Value dict = dict_new();
    for (const char **x = options.x_options; x && *x && !value_is_null(dict); x++) {
        const char *end = strchrnul(*x, '=');
        Value name = decode(*x, (size_t)(end - *x));
        Value value = *end ? decode(end + 1, strlen(end + 1)) : bool_new(true);
        int status = value_is_null(name) || value_is_null(value) ? -1 : dict_set(dict, name, value);
        ref_release(name);
        ref_release(value);
        if (status < 0) {
            ref_release(dict);
            return -1;
        }
    }
    return module_add(module, "_xoptions", dict);
}

int sys_flags_add(Value module) {
    static const char *const names[] = {"debug",
                                        "inspect",
                                        "interactive",
                                        "optimize",
                                        "dont_write_bytecode",
                                        "no_user_site",
                                        "no_site",
                                        "ignore_environment",
                                        "verbose",
                                        "bytes_warning",
                                        "quiet",
                                        "hash_randomization",
                                        "isolated",
                                        "dev_mode",
                                        "utf8_mode",
                                        "warn_default_encoding",
                                        "safe_path",
                                        "int_max_str_digits",
                                        NULL};
    const Value v[18] = {value_from_int(options.debug),
                         value_from_int(options.inspect),
                         value_from_int(options.interactive),
                         value_from_int(options.optimize),
                         value_from_int(options.dont_write_bytecode),
                         value_from_int(options.no_user_site),
                         value_from_int(options.no_site),
                         value_from_int(options.ignore_environment),
                         value_from_int(options.verbose),
                         value_from_int(options.bytes_warning),
                         value_from_int(options.quiet),
                         value_from_int(options.hash_randomization),
                         value_from_int(options.isolated),
                         value_from_bool(options.dev_mode),
                         value_from_int(options.utf8_mode),
                         value_from_int(options.warn_default_encoding),
                         value_from_bool(options.safe_path),
                         value_from_int(options.int_max_str_digits)};
    Value prefix = options.pycache_prefix
                       ? decode(options.pycache_prefix, strlen(options.pycache_prefix))
                       : none_new();
    Value flags = struct_sequence_new_named("sys.flags", names, v, 18);
    struct_sequence_seal(flags);
    return module_add(module, "flags", flags) < 0 ||
                   module_add(module, "pycache_prefix", prefix) < 0 ||
                   module_add(module, "dont_write_bytecode",
                              bool_new(options.dont_write_bytecode)) < 0 ||
                   add_warning_options(module) < 0 || add_x_options(module) < 0
               ? -1
               : 0;
}
