// SPDX-License-Identifier: MIT
//
// _ssl: the module: random numbers, names of objects, constants. What the parts are and how they
// are kept apart is in ssl_internal.h.
#include "vm/modules/ssl_internal.h"
#include "vm/types/module.h"
#include "vm/types/arguments.h"
#include <limits.h>

// ---- random numbers ----------------------------------------------------------------------------

static Value random_bytes(Value count, bool pseudo) {
    int n;
    if (int_argument(count, &n) < 0)
        return VALUE_NULL;
    if (n < 0)
        return raise_value_error("num must be positive");
    uint8_t *out;
    Value bytes = bytes_allocate(n, &out);
    if (value_is_null(bytes))
        return bytes;
    int ok = RAND_bytes(out, n);
    if (ok != 1) {
        ref_release(bytes);
        return ssl_raise_library(NULL);
    }
    return pseudo ? tuple_pair_owned(bytes, bool_new(true)) : bytes;
}
static Value module_rand_bytes(Value self, Value count) {
    return random_bytes(count, false);
}
static Value module_rand_pseudo_bytes(Value self, Value count) {
    if (warn(&exception_DeprecationWarning, 1, "ssl.RAND_pseudo_bytes() is deprecated") < 0)
        return VALUE_NULL;
    return random_bytes(count, true);
}
static Value module_rand_status(Value self) {
    return bool_new(RAND_status() == 1);
}
static Value module_rand_add(Value self, const Value *args, size_t nargs) {
    double entropy;
    if (value_is_str(args[0])) {
        size_t length;
        char *owned = NULL;
        const char *text = str_utf8(args[0], &length, &owned);
        if (!text || value_to_double(args[1], &entropy) < 0) {
            buffer_free(owned);
            return VALUE_NULL;
        }
        RAND_add(text, length > INT_MAX ? INT_MAX : (int)length, entropy);
        buffer_free(owned);
        return none_new();
    }
    BufferView view;
    if (buffer_view_get(args[0], &view, false) < 0)
        return VALUE_NULL;
    int status = value_to_double(args[1], &entropy);
    if (status == 0)
        RAND_add(view.data, view.length > INT_MAX ? INT_MAX : (int)view.length, entropy);
    buffer_view_release(&view);
    return status < 0 ? VALUE_NULL : none_new();
}

// ---- names -------------------------------------------------------------------------------------

// (nid, short name, long name, numbers)
static Value object_tuple(const ASN1_OBJECT *object) {
    int nid = OBJ_obj2nid(object);
    if (nid == NID_undef)
        return raise_value_error("Unknown object");
    char numbers[256];
    int length = OBJ_obj2txt(numbers, sizeof numbers, object, 1);
    const char *short_name = OBJ_nid2sn(nid), *long_name = OBJ_nid2ln(nid);
    Value v[4] = {value_from_int(nid), short_name ? str_from_cstr(short_name) : none_new(),
                  long_name ? str_from_cstr(long_name) : none_new(),
                  length > 0 ? str_from_cstr(numbers) : none_new()};
    return tuple_from_owned(v, 4);
}
static Value module_txt2obj(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("txt2obj", 0, 2, 1, "txt", "name");
    bool by_name = false;
    if (!value_is_str(v[0]))
        return raise_type_error("txt2obj() argument 'txt' must be str, not %G", v[0]);
    if (posix_bool(v[1], &by_name) < 0)
        return VALUE_NULL;
    size_t length;
    char *owned = NULL;
    const char *text = str_utf8(v[0], &length, &owned);
    if (!text)
        return VALUE_NULL;
    ASN1_OBJECT *object = strlen(text) == length ? OBJ_txt2obj(text, !by_name) : NULL;
    ERR_clear_error();
    Value result =
        object ? object_tuple(object) : raise_value_error("unknown object '%.100s'", text);
    if (object)
        ASN1_OBJECT_free(object);
    buffer_free(owned);
    return result;
}
static Value module_nid2obj(Value self, Value number) {
    int nid;
    if (int_argument(number, &nid) < 0)
        return VALUE_NULL;
    if (nid < 0)
        return raise_value_error("NID must be positive.");
    const ASN1_OBJECT *object = OBJ_nid2obj(nid); // the library's own
    ERR_clear_error();
    return object ? object_tuple(object) : raise_value_error("unknown NID %i", nid);
}

static Value module_get_default_verify_paths(Value self) {
    const char *const texts[] = {X509_get_default_cert_file_env(), X509_get_default_cert_file(),
                                 X509_get_default_cert_dir_env(), X509_get_default_cert_dir()};
    Value v[4];
    for (int i = 0; i < 4; i++)
        v[i] = texts[i] ? posix_decode(texts[i], false) : none_new();
    return tuple_from_owned(v, 4);
}

// ---- the module --------------------------------------------------------------------------------

static const NativeDef ssl_functions[] = {
    DEF_ONE("_test_decode_cert", ssl_test_decode_cert,
            "_test_decode_cert($module, path, /)\n--\n\nWhat the certificate in a file says."),
    DEF_FIXED("RAND_add", module_rand_add, 2, 2,
              "RAND_add($module, string, entropy, /)\n--\n\nMixes bytes into the generator."),
    DEF_ONE("RAND_bytes", module_rand_bytes,
            "RAND_bytes($module, n, /)\n--\n\nRandom bytes that nobody can foresee."),
    DEF_ONE("RAND_pseudo_bytes", module_rand_pseudo_bytes,
            "RAND_pseudo_bytes($module, n, /)\n--\n\nThe same, and True."),
    DEF_NONE("RAND_status", module_rand_status,
             "RAND_status($module, /)\n--\n\nIs the generator ready."),
    DEF_NONE("get_default_verify_paths", module_get_default_verify_paths,
             "get_default_verify_paths($module, /)\n--\n\n"
             "Where the library looks for certificates: variable, file, variable, folder."),
    DEF_VECTOR("txt2obj", module_txt2obj,
               "txt2obj($module, /, txt, name=False)\n--\n\n"
               "Number and names of an object, by its numbers or (name) by a name."),
    DEF_ONE("nid2obj", module_nid2obj,
            "nid2obj($module, nid, /)\n--\n\nThe same by the library's number."),
    DEF_END,
};

static int add_version(Value module) {
    unsigned long n = OpenSSL_version_num();
    // Of OpenSSL 3: major, minor, (fix), patch, status.
    Value running[5] = {value_from_int(n >> 28 & 0xff), value_from_int(n >> 20 & 0xff),
                        value_from_int(n >> 12 & 0xff), value_from_int(n >> 4 & 0xff),
                        value_from_int(n & 0xf)};
    unsigned long m = OPENSSL_VERSION_NUMBER;
    Value compiled[5] = {value_from_int(m >> 28 & 0xff), value_from_int(m >> 20 & 0xff),
                         value_from_int(m >> 12 & 0xff), value_from_int(m >> 4 & 0xff),
                         value_from_int(m & 0xf)};
    if (module_add(module, "OPENSSL_VERSION_NUMBER", int_from_u64(n)) < 0 ||
        module_add(module, "OPENSSL_VERSION_INFO", tuple_from_array(running, 5)) < 0 ||
        module_add_str(module, "OPENSSL_VERSION", OpenSSL_version(OPENSSL_VERSION)) < 0)
        return -1;
    return module_add(module, "_OPENSSL_API_VERSION", tuple_from_array(compiled, 5));
}

static int ssl_fill(Value module) {
    static const struct {
        const char *name;
        uint64_t value;
    } numbers[] = {
#define NUMBER(name, value) {name, (uint64_t)(value)},
#define TRUTH(name, value)
#include "vm/modules/ssl_constants.def"
#undef NUMBER
#undef TRUTH
    };
    static const struct {
        const char *name;
        bool value;
    } truths[] = {
#define NUMBER(name, value)
#define TRUTH(name, value) {name, value},
#include "vm/modules/ssl_constants.def"
#undef NUMBER
#undef TRUTH
    };
    static Type *const types[] = {&ssl_context_type, &ssl_memory_type, &ssl_socket_type,
                                  &ssl_session_type, &ssl_certificate_type};
    if (ssl_library_load() < 0)
        return -1;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (module_add(module, numbers[i].name, int_from_i64((int64_t)numbers[i].value)) < 0)
            return -1;
    for (size_t i = 0; i < sizeof truths / sizeof truths[0]; i++)
        if (module_add(module, truths[i].name, bool_new(truths[i].value)) < 0)
            return -1;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (module_add_type(module, types[i]) < 0)
            return -1;
    if (module_add_str(module, "_DEFAULT_CIPHERS", OSSL_default_cipher_list()) < 0 ||
        add_version(module) < 0)
        return -1;
    return ssl_errors_fill(module);
}

const NativeModule module_ssl = {
    "_ssl", "Connections over TLS, and what belongs to them, by OpenSSL; see `ssl`.", ssl_functions,
    ssl_fill};
