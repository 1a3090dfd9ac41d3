// SPDX-License-Identifier: MIT
//
// _ssl: certificates as Python sees them: dicts of what they say, their bytes, and Certificate
// objects, which are immutable.
#include "vm/modules/ssl_internal.h"
#include "vm/types/arguments.h"
#include <stdio.h>

int ssl_put(Value dict, const char *key, Value value) {
    int status = value_is_null(value) ? -1 : dict_set_cstr(dict, key, value);
    ref_release(value);
    return status;
}

// A list's items as a tuple; the list is consumed, VALUE_NULL gives VALUE_NULL.
static Value tuple_of_list(Value list) {
    Value tuple = value_is_null(list) ? VALUE_NULL : list_to_tuple(list);
    ref_release(list);
    return tuple;
}
// The text that was written into a BIO of memory, which is freed.
static Value text_of_bio(BIO *bio, bool ok) {
    char *data;
    Value text = VALUE_NULL;
    if (ok) {
        long length = BIO_get_mem_data(bio, &data);
        text = str_from_utf8(data, length > 0 ? (size_t)length : 0);
    } else {
        ssl_raise_library(NULL);
    }
    BIO_free(bio);
    return text;
}
static BIO *memory_bio(void) {
    BIO *bio = BIO_new(BIO_s_mem());
    if (!bio)
        raise_memory_error();
    return bio;
}
// What the library has allocated.
static void free_text(void *data) {
    CRYPTO_free(data, "", 0);
}

// ---- names -------------------------------------------------------------------------------------

static Value object_name(const ASN1_OBJECT *object, bool as_numbers) {
    char text[256];
    int length = OBJ_obj2txt(text, sizeof text, object, as_numbers);
    if (length < 0)
        return ssl_raise_library(NULL);
    if (length == 0)
        return none_new();
    return str_from_utf8(text, strnlen(text, sizeof text));
}

// ("commonName", "text")
static Value name_entry(X509_NAME_ENTRY *entry) {
    Value name = object_name(X509_NAME_ENTRY_get_object(entry), false);
    if (value_is_null(name))
        return name;
    unsigned char *text = NULL;
    int length = ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry));
    if (length < 0) {
        ref_release(name);
        return ssl_raise_library(NULL);
    }
    Value value = str_from_utf8((const char *)text, (size_t)length);
    free_text(text);
    return tuple_pair_owned(name, value);
}

// Entries side by side make a tuple, and the name is a tuple of these.
static Value name_to_tuple(const X509_NAME *name) {
    Value all = list_new(), set = list_new();
    int level = -1, count = X509_NAME_entry_count(name);
    bool ok = !value_is_null(all) && !value_is_null(set);
    for (int i = 0; ok && i < count; i++) {
        X509_NAME_ENTRY *entry = X509_NAME_get_entry(name, i);
        if (level >= 0 && level != X509_NAME_ENTRY_set(entry)) {
            Value done = tuple_of_list(set);
            set = list_new();
            ok = !value_is_null(done) && !value_is_null(set) && list_append_owned(all, done) == 0;
        }
        level = X509_NAME_ENTRY_set(entry);
        Value v = ok ? name_entry(entry) : VALUE_NULL;
        ok = !value_is_null(v) && list_append_owned(set, v) == 0;
    }
    if (ok && list_length(set) > 0) {
        Value done = tuple_of_list(set);
        set = VALUE_NULL;
        ok = !value_is_null(done) && list_append_owned(all, done) == 0;
    }
    ref_release(set);
    if (ok)
        return tuple_of_list(all);
    ref_release(all);
    return VALUE_NULL;
}

// ---- alternative names -------------------------------------------------------------------------

static Value pair(const char *kind, Value value) {
    return tuple_pair_owned(str_from_cstr(kind), value);
}
static Value string_pair(const char *kind, const ASN1_STRING *text) {
    return pair(kind, str_from_utf8((const char *)ASN1_STRING_get0_data(text),
                                    (size_t)ASN1_STRING_length(text)));
}

static Value address_pair(const ASN1_OCTET_STRING *address) {
    const unsigned char *p = ASN1_STRING_get0_data(address);
    char text[64];
    size_t n = 0;
    switch (ASN1_STRING_length(address)) {
    case 4:
        snprintf(text, sizeof text, "%d.%d.%d.%d", p[0], p[1], p[2], p[3]);
        break;
    case 16:
        for (int i = 0; i < 16; i += 2)
            n += (size_t)snprintf(text + n, sizeof text - n, "%s%X", i ? ":" : "",
                                  p[i] << 8 | p[i + 1]);
        break;
    default:
        snprintf(text, sizeof text, "<invalid>");
    }
    return pair("IP Address", str_from_cstr(text));
}

// What the library prints as "kind:text".
static Value printed_pair(GENERAL_NAME *name) {
    BIO *bio = memory_bio();
    if (!bio)
        return VALUE_NULL;
    char line[2048];
    bool ok = GENERAL_NAME_print(bio, name) >= 0;
    int length = ok ? BIO_gets(bio, line, sizeof line - 1) : -1;
    BIO_free(bio);
    if (length < 0)
        return ssl_raise_library(NULL);
    line[length] = 0;
    char *colon = strchr(line, ':');
    if (!colon)
        return raise_value_error("Invalid value %s", line);
    *colon = 0;
    return pair(line, str_from_utf8(colon + 1, strlen(colon + 1)));
}

static Value alternative_name(GENERAL_NAME *name) {
    int kind;
    void *value = GENERAL_NAME_get0_value(name, &kind);
    switch (kind) {
    case GEN_DIRNAME:
        return pair("DirName", name_to_tuple(value));
    case GEN_EMAIL:
        return string_pair("email", value);
    case GEN_DNS:
        return string_pair("DNS", value);
    case GEN_URI:
        return string_pair("URI", value);
    case GEN_RID:
        return pair("Registered ID", object_name(value, true));
    case GEN_IPADD:
        return address_pair(value);
    default:
        return printed_pair(name);
    }
}

// A tuple, or None if the certificate has none.
static Value alternative_names(X509 *certificate) {
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    if (!names)
        return none_new();
    Value list = list_new();
    bool ok = !value_is_null(list);
    for (int i = 0; ok && i < sk_GENERAL_NAME_num(names); i++) {
        Value v = alternative_name(sk_GENERAL_NAME_value(names, i));
        ok = !value_is_null(v) && list_append_owned(list, v) == 0;
    }
    GENERAL_NAMES_free(names);
    if (ok)
        return tuple_of_list(list);
    ref_release(list);
    return VALUE_NULL;
}

// ---- addresses of the authority ----------------------------------------------------------------

// Addresses for one purpose; None without any.
static Value authority_addresses(X509 *certificate, int purpose) {
    AUTHORITY_INFO_ACCESS *info = X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    if (!info)
        return none_new();
    Value list = list_new();
    bool ok = !value_is_null(list);
    for (int i = 0; ok && i < sk_ACCESS_DESCRIPTION_num(info); i++) {
        ACCESS_DESCRIPTION *access = sk_ACCESS_DESCRIPTION_value(info, i);
        if (OBJ_obj2nid(access->method) != purpose || access->location->type != GEN_URI)
            continue;
        ASN1_IA5STRING *uri = access->location->d.uniformResourceIdentifier;
        ok = list_append_owned(list, str_from_utf8((const char *)ASN1_STRING_get0_data(uri),
                                                   (size_t)ASN1_STRING_length(uri))) == 0;
    }
    AUTHORITY_INFO_ACCESS_free(info);
    if (ok && list_length(list) > 0)
        return tuple_of_list(list);
    ref_release(list);
    return ok ? none_new() : VALUE_NULL;
}

// Where lists of revoked certificates are; None without any.
static Value revocation_addresses(X509 *certificate) {
    CRL_DIST_POINTS *points =
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    if (!points)
        return none_new();
    Value list = list_new();
    bool ok = !value_is_null(list);
    for (int i = 0; ok && i < sk_DIST_POINT_num(points); i++) {
        DIST_POINT *point = sk_DIST_POINT_value(points, i);
        if (!point->distpoint || point->distpoint->type != 0)
            continue;
        GENERAL_NAMES *names = point->distpoint->name.fullname;
        for (int j = 0; ok && j < sk_GENERAL_NAME_num(names); j++) {
            int kind;
            ASN1_STRING *uri = GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names, j), &kind);
            if (kind == GEN_URI)
                ok = list_append_owned(list, str_from_utf8((const char *)ASN1_STRING_get0_data(uri),
                                                           (size_t)ASN1_STRING_length(uri))) == 0;
        }
    }
    CRL_DIST_POINTS_free(points);
    if (ok && list_length(list) > 0)
        return tuple_of_list(list);
    ref_release(list);
    return ok ? none_new() : VALUE_NULL;
}

// ---- the whole ---------------------------------------------------------------------------------

static Value serial_number(X509 *certificate) {
    BIO *bio = memory_bio();
    return bio ? text_of_bio(bio, i2a_ASN1_INTEGER(bio, X509_get_serialNumber(certificate)) >= 0)
               : VALUE_NULL;
}
static Value time_text(const ASN1_TIME *time) {
    BIO *bio = memory_bio();
    return bio ? text_of_bio(bio, ASN1_TIME_print(bio, time) > 0) : VALUE_NULL;
}
// An entry unless it is None; value is consumed.
static int put_some(Value dict, const char *key, Value value) {
    if (value_is_null(value) || !value_is_none(value))
        return ssl_put(dict, key, value);
    ref_release(value);
    return 0;
}

Value ssl_certificate_decode(X509 *x) {
    Value dict = dict_new();
    if (!value_is_null(dict) &&
        ssl_put(dict, "subject", name_to_tuple(X509_get_subject_name(x))) == 0 &&
        ssl_put(dict, "issuer", name_to_tuple(X509_get_issuer_name(x))) == 0 &&
        ssl_put(dict, "version", value_from_int(X509_get_version(x) + 1)) == 0 &&
        ssl_put(dict, "serialNumber", serial_number(x)) == 0 &&
        ssl_put(dict, "notBefore", time_text(X509_get0_notBefore(x))) == 0 &&
        ssl_put(dict, "notAfter", time_text(X509_get0_notAfter(x))) == 0 &&
        put_some(dict, "subjectAltName", alternative_names(x)) == 0 &&
        put_some(dict, "OCSP", authority_addresses(x, NID_ad_OCSP)) == 0 &&
        put_some(dict, "caIssuers", authority_addresses(x, NID_ad_ca_issuers)) == 0 &&
        put_some(dict, "crlDistributionPoints", revocation_addresses(x)) == 0)
        return dict;
    ref_release(dict);
    return VALUE_NULL;
}

Value ssl_certificate_der(X509 *x) {
    unsigned char *data = NULL;
    int length = i2d_X509(x, &data);
    if (length < 0)
        return ssl_raise_library(NULL);
    Value bytes = bytes_new(data, (size_t)length);
    free_text(data);
    return bytes;
}

Value ssl_test_decode_cert(Value self, Value path) {
    Value encoded = posix_fs_encode(path);
    if (value_is_null(encoded))
        return encoded;
    thread_detach();
    BIO *bio = BIO_new_file((const char *)bytes_data(encoded), "rb");
    X509 *x = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL) : NULL;
    thread_attach();
    ref_release(encoded);
    ERR_clear_error();
    Value result = x ? ssl_certificate_decode(x)
                     : ssl_raise_text(bio ? "Error decoding PEM-encoded file" : "Can't open file");
    if (bio)
        BIO_free(bio);
    if (x)
        X509_free(x);
    return result;
}

// ---- objects -----------------------------------------------------------------------------------

typedef struct {
    Object header;
    X509 *x; // constant
} Certificate;

static X509 *x_of(Value v) {
    return ((Certificate *)value_object(v))->x;
}

Value ssl_certificate_new(X509 *x) {
    Certificate *c = object_allocate(&ssl_certificate_type);
    if (!c)
        return VALUE_NULL;
    X509_up_ref(x);
    c->x = x;
    return value_from_object(c);
}
static void certificate_destroy(Object *self) {
    X509_free(((Certificate *)self)->x);
    object_free_fixed(self);
}

static Value certificate_public_bytes(Value self, const Value *args, size_t nargs, Value kwnames) {
    POSIX_ARGUMENTS("public_bytes", 0, 1, 0, "format");
    int format = SSL_ENCODING_PEM;
    if (int_argument(v[0], &format) < 0)
        return VALUE_NULL;
    if (format == SSL_ENCODING_DER)
        return ssl_certificate_der(x_of(self));
    if (format != SSL_ENCODING_PEM)
        return raise_value_error("Unsupported format");
    BIO *bio = memory_bio();
    return bio ? text_of_bio(bio, PEM_write_bio_X509(bio, x_of(self)) > 0) : VALUE_NULL;
}
static Value certificate_get_info(Value self) {
    return ssl_certificate_decode(x_of(self));
}
static Value certificate_repr(Value self) {
    BIO *bio = memory_bio();
    if (!bio)
        return VALUE_NULL;
    bool ok = X509_NAME_print_ex(bio, X509_get_subject_name(x_of(self)), 0,
                                 XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0;
    Value name = text_of_bio(bio, ok);
    Value text = value_is_null(name)
                     ? name
                     : str_format("<%s '%V'>", type_full_name(value_type(self)), name);
    ref_release(name);
    return text;
}
static int64_t certificate_hash(Value self) {
    return (int64_t)(X509_subject_name_hash(x_of(self)) & 0x7fffffff);
}
static Value certificate_compare(Value self, Value other, CompareOperator op) {
    if (!value_is_exactly(other, &ssl_certificate_type) || (op != COMPARE_EQ && op != COMPARE_NE))
        return not_implemented_new();
    return bool_new((X509_cmp(x_of(self), x_of(other)) == 0) == (op == COMPARE_EQ));
}

static const NativeDef certificate_methods[] = {
    DEF_VECTOR("public_bytes", certificate_public_bytes,
               "public_bytes($self, /, format=Encoding.PEM)\n--\n\nThe certificate encoded."),
    DEF_NONE("get_info", certificate_get_info, "get_info($self, /)\n--\n\nWhat it says."),
    DEF_END,
};
Type ssl_certificate_type = {
    .header = STATIC_TYPE_HEADER,
    .name = "_ssl.Certificate",
    .basic_size = sizeof(Certificate),
    .kind = HEAP_LEAF,
    .flags = TYPE_IMMUTABLE | TYPE_NO_NEW,
    .destroy = certificate_destroy,
    .repr = certificate_repr,
    .hash = certificate_hash,
    .compare = certificate_compare,
    .methods = certificate_methods,
};
