// SPDX-License-Identifier: MIT
//
// _locale: the C library's locale. setlocale() changes a state of the whole process that the other
// functions read, and the C library does not guard it: everything here that reads or changes it
// holds one mutex.
#include "locks/mutex.h"
#include "vm/modules/exception_class.h"
#include "vm/runtime/errors.h"
#include "vm/types/bytes.h"
#include "vm/types/dict.h"
#include "vm/types/int.h"
#include "vm/types/list.h"
#include "vm/types/module.h"
#include "vm/types/str.h"
#include <errno.h>
#include <langinfo.h>
#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <string.h>
#include <wchar.h>

static Mutex locale_mutex = MUTEX_INIT;

// Text of the C library, in the encoding of the locale. What is not UTF-8 then is taken byte by
// byte.
static Value from_locale(const char *text) {
    Value s = codec_decode((const uint8_t *)text, strlen(text), "utf-8", "surrogateescape");
    return s;
}

// A str as bytes for the C library, NUL-terminated; VALUE_NULL with an exception.
static Value to_locale(Value v, const char *function, int number) {
    if (!value_is_str(v))
        return raise_type_error("%s() argument %d must be str, not %G", function, number, v);
    Value bytes = codec_encode(v, "utf-8", "surrogateescape");
    if (!value_is_null(bytes) && memchr(bytes_data(bytes), 0, (size_t)bytes_length(bytes))) {
        ref_release(bytes);
        return raise_value_error("embedded null character");
    }
    return bytes;
}

static Value error_class; // locale.Error, made once in a process

static Value locale_error(const char *message) {
    return raise_error((Type *)value_object(error_class), "%s", message);
}

static Value locale_set(Value self, const Value *args, size_t nargs) {
    int64_t category;
    if (value_to_i64(args[0], &category) < 0)
        return VALUE_NULL;
    Value name = VALUE_NULL;
    bool changing = nargs > 1 && !value_is_none(args[1]);
    if (changing && !value_is_str(args[1]))
        return raise_type_error("setlocale() argument 2 must be str or None, not %G", args[1]);
    if (changing && value_is_null(name = to_locale(args[1], "setlocale", 2)))
        return VALUE_NULL;
    char copy[512];
    mutex_lock(&locale_mutex);
    const char *now = setlocale((int)category, changing ? (const char *)bytes_data(name) : NULL);
    if (now)
        strncpy(copy, now, sizeof copy - 1)[sizeof copy - 1] = 0;
    mutex_unlock(&locale_mutex);
    ref_release(name);
    if (!now)
        return locale_error(changing ? "unsupported locale setting" : "locale query failed");
    return from_locale(copy);
}

static Value grouping(const char *text) {
    Value list = list_new();
    if (value_is_null(list) || !*text)
        return list;
    for (;; text++) {
        if (list_append_owned(list, value_from_int(*text)) < 0) {
            ref_release(list);
            return VALUE_NULL;
        }
        if (*text == 0 || *text == CHAR_MAX)
            return list;
    }
}

static Value locale_conventions(Value self) {
    // Copied under the mutex, for the library's strings change with the next setlocale().
    enum { TEXTS = 7, TEXT_MAX = 64, GROUPS = 2, NUMBERS = 8 };
    static const char *const text_names[] = {
        "decimal_point",     "thousands_sep",     "int_curr_symbol", "currency_symbol",
        "mon_decimal_point", "mon_thousands_sep", "positive_sign"};
    char texts[TEXTS + 1][TEXT_MAX], groups[GROUPS][TEXT_MAX];
    mutex_lock(&locale_mutex);
    const struct lconv *c = localeconv();
    const char *from[TEXTS + 1] = {c->decimal_point,   c->thousands_sep,     c->int_curr_symbol,
                                   c->currency_symbol, c->mon_decimal_point, c->mon_thousands_sep,
                                   c->positive_sign,   c->negative_sign};
    for (int i = 0; i <= TEXTS; i++)
        strncpy(texts[i], from[i], TEXT_MAX - 1)[TEXT_MAX - 1] = 0;
    strncpy(groups[0], c->grouping, TEXT_MAX - 1)[TEXT_MAX - 1] = 0;
    strncpy(groups[1], c->mon_grouping, TEXT_MAX - 1)[TEXT_MAX - 1] = 0;
    const struct {
        const char *name;
        int value;
    } numbers[NUMBERS] = {
        {"int_frac_digits", c->int_frac_digits}, {"frac_digits", c->frac_digits},
        {"p_cs_precedes", c->p_cs_precedes},     {"p_sep_by_space", c->p_sep_by_space},
        {"n_cs_precedes", c->n_cs_precedes},     {"n_sep_by_space", c->n_sep_by_space},
        {"p_sign_posn", c->p_sign_posn},         {"n_sign_posn", c->n_sign_posn}};
    mutex_unlock(&locale_mutex);
    Value dict = dict_new();
    int status = value_is_null(dict) ? -1 : 0;
    for (int i = 0; i < NUMBERS && status == 0; i++)
        status = dict_set_cstr(dict, numbers[i].name, value_from_int(numbers[i].value));
    for (int i = 0; i <= TEXTS && status == 0; i++) {
        Value text = from_locale(texts[i]);
        status = value_is_null(text)
                     ? -1
                     : dict_set_cstr(dict, i < TEXTS ? text_names[i] : "negative_sign", text);
        ref_release(text);
    }
    for (int i = 0; i < GROUPS && status == 0; i++) {
        Value group = grouping(groups[i]);
        status =
            value_is_null(group) ? -1 : dict_set_cstr(dict, i ? "mon_grouping" : "grouping", group);
        ref_release(group);
    }
    if (status == 0)
        return dict;
    ref_release(dict);
    return VALUE_NULL;
}

// ---- comparing -------------------------------------------------------------------------------

// A str as wide characters in a buffer (buffer_free). NULL with an exception.
static wchar_t *wide(Value v, const char *function, const char *argument) {
    if (!value_is_str(v)) {
        raise_type_error("%s() argument %smust be str, not %G", function, argument, v);
        return NULL;
    }
    int64_t n = str_length(v);
    wchar_t *text = buffer_allocate(((size_t)n + 1) * sizeof *text);
    if (!text) {
        raise_memory_error();
        return NULL;
    }
    for (int64_t i = 0; i < n; i++)
        text[i] = (wchar_t)str_at(v, i);
    text[n] = 0;
    if ((int64_t)wcslen(text) == n)
        return text;
    buffer_free(text);
    raise_value_error("embedded null character");
    return NULL;
}

static Value locale_collate(Value self, const Value *args, size_t nargs) {
    wchar_t *a = wide(args[0], "strcoll", "1 "), *b = a ? wide(args[1], "strcoll", "2 ") : NULL;
    Value result = VALUE_NULL;
    if (a && b) {
        mutex_lock(&locale_mutex);
        result = value_from_int(wcscoll(a, b));
        mutex_unlock(&locale_mutex);
    }
    buffer_free(a);
    buffer_free(b);
    return result;
}

static Value locale_transform(Value self, Value text) {
    wchar_t *s = wide(text, "strxfrm", "");
    if (!s)
        return VALUE_NULL;
    wchar_t *out = NULL;
    size_t room = wcslen(s) + 1, needed;
    Value result = VALUE_NULL;
    for (;;) {
        buffer_free(out);
        out = buffer_allocate(room * sizeof *out);
        if (!out) {
            raise_memory_error();
            break;
        }
        mutex_lock(&locale_mutex);
        needed = wcsxfrm(out, s, room);
        mutex_unlock(&locale_mutex);
        if (needed < room) {
            // The weights may be numbers beyond the last character: those are written as two
            // characters.
            StrBuilder b;
            str_builder_start(&b);
            for (size_t i = 0; i < needed; i++) {
                uint32_t w = (uint32_t)out[i];
                if (w >= 0x10ffff) {
                    str_builder_char(&b, 0x10ffff);
                    w -= 0x10ffff;
                    str_builder_char(&b, w > 0x10ffff ? 0x10ffff : w);
                } else {
                    str_builder_char(&b, w);
                }
            }
            result = str_builder_finish(&b);
            break;
        }
        room = needed + 1;
    }
    buffer_free(out);
    buffer_free(s);
    return result;
}

// ---- information -----------------------------------------------------------------------------

static const struct {
    const char *name;
    nl_item item;
} items[] = {
#define ITEM(name)                                                                                 \
    { #name, name }
    ITEM(DAY_1),       ITEM(DAY_2),     ITEM(DAY_3),      ITEM(DAY_4),     ITEM(DAY_5),
    ITEM(DAY_6),       ITEM(DAY_7),     ITEM(ABDAY_1),    ITEM(ABDAY_2),   ITEM(ABDAY_3),
    ITEM(ABDAY_4),     ITEM(ABDAY_5),   ITEM(ABDAY_6),    ITEM(ABDAY_7),   ITEM(MON_1),
    ITEM(MON_2),       ITEM(MON_3),     ITEM(MON_4),      ITEM(MON_5),     ITEM(MON_6),
    ITEM(MON_7),       ITEM(MON_8),     ITEM(MON_9),      ITEM(MON_10),    ITEM(MON_11),
    ITEM(MON_12),      ITEM(ABMON_1),   ITEM(ABMON_2),    ITEM(ABMON_3),   ITEM(ABMON_4),
    ITEM(ABMON_5),     ITEM(ABMON_6),   ITEM(ABMON_7),    ITEM(ABMON_8),   ITEM(ABMON_9),
    ITEM(ABMON_10),    ITEM(ABMON_11),  ITEM(ABMON_12),   ITEM(RADIXCHAR), ITEM(THOUSEP),
    ITEM(CRNCYSTR),    ITEM(D_FMT),     ITEM(D_T_FMT),    ITEM(T_FMT),     ITEM(AM_STR),
    ITEM(PM_STR),      ITEM(CODESET),   ITEM(T_FMT_AMPM), ITEM(ERA),       ITEM(ERA_D_FMT),
    ITEM(ERA_D_T_FMT), ITEM(ERA_T_FMT), ITEM(ALT_DIGITS), ITEM(YESEXPR),   ITEM(NOEXPR),
#undef ITEM
};
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static Value locale_langinfo(Value self, Value key) {
    int64_t wanted;
    if (value_to_i64(key, &wanted) < 0)
        return VALUE_NULL;
    for (size_t i = 0; i < COUNT_OF(items); i++)
        if (items[i].item == wanted) {
            char copy[256];
            mutex_lock(&locale_mutex);
            strncpy(copy, nl_langinfo((nl_item)wanted), sizeof copy - 1)[sizeof copy - 1] = 0;
            mutex_unlock(&locale_mutex);
            return from_locale(copy);
        }
    return raise_value_error("unsupported langinfo constant");
}

static Value locale_encoding(Value self) {
    char copy[64];
    mutex_lock(&locale_mutex);
    strncpy(copy, nl_langinfo(CODESET), sizeof copy - 1)[sizeof copy - 1] = 0;
    mutex_unlock(&locale_mutex);
    return str_from_cstr(*copy ? copy : "UTF-8");
}

// ---- message catalogues ------------------------------------------------------------------------

static Value message(const char *domain, Value text_bytes, int category) {
    mutex_lock(&locale_mutex);
    const char *found = dcgettext(domain, (const char *)bytes_data(text_bytes), category);
    mutex_unlock(&locale_mutex);
    return from_locale(found);
}

static Value locale_gettext(Value self, Value text) {
    Value bytes = to_locale(text, "gettext", 1);
    Value result = value_is_null(bytes) ? bytes : message(NULL, bytes, LC_MESSAGES);
    ref_release(bytes);
    return result;
}

// The two arguments of a function as bytes; a domain of None is VALUE_NULL. 0 or -1.
static int two_texts(const char *function, const Value *args, Value out[2]) {
    out[0] = out[1] = VALUE_NULL;
    if (!value_is_none(args[0]) && value_is_null(out[0] = to_locale(args[0], function, 1)))
        return -1;
    if (!value_is_none(args[1]) && value_is_null(out[1] = to_locale(args[1], function, 2))) {
        ref_release(out[0]);
        return -1;
    }
    return 0;
}

static const char *chars(Value bytes) {
    return value_is_null(bytes) ? NULL : (const char *)bytes_data(bytes);
}

static Value locale_dgettext(Value self, const Value *args, size_t nargs) {
    Value v[2], result;
    int64_t category = LC_MESSAGES;
    if ((nargs > 2 && value_to_i64(args[2], &category) < 0) || two_texts("dgettext", args, v) < 0)
        return VALUE_NULL;
    result = value_is_null(v[1]) ? raise_type_error("dgettext() argument 2 must be str, not None")
                                 : message(chars(v[0]), v[1], (int)category);
    ref_release(v[0]);
    ref_release(v[1]);
    return result;
}

static Value locale_textdomain(Value self, Value domain) {
    Value args[2] = {domain, VALUE_NONE}, v[2];
    if (two_texts("textdomain", args, v) < 0)
        return VALUE_NULL;
    mutex_lock(&locale_mutex);
    const char *now = textdomain(chars(v[0]));
    mutex_unlock(&locale_mutex);
    ref_release(v[0]);
    return now ? from_locale(now) : raise_errno(ENOMEM);
}

static Value bind(const char *function, const Value *args,
                  char *(*call)(const char *, const char *)) {
    Value v[2];
    if (two_texts(function, args, v) < 0)
        return VALUE_NULL;
    if (value_is_null(v[0]) || bytes_length(v[0]) == 0) {
        ref_release(v[0]);
        ref_release(v[1]);
        return locale_error("domain must be a non-empty string");
    }
    mutex_lock(&locale_mutex);
    const char *now = call(chars(v[0]), chars(v[1]));
    mutex_unlock(&locale_mutex);
    ref_release(v[0]);
    ref_release(v[1]);
    return now ? from_locale(now) : none_new();
}
static Value locale_bindtextdomain(Value self, const Value *args, size_t nargs) {
    return bind("bindtextdomain", args, bindtextdomain);
}
static Value locale_bind_codeset(Value self, const Value *args, size_t nargs) {
    return bind("bind_textdomain_codeset", args, bind_textdomain_codeset);
}

// ---- the module ------------------------------------------------------------------------------

static const NativeDef locale_functions[] = {
    DEF_FIXED(
        "setlocale", locale_set, 1, 2,
        "setlocale($module, category, locale=None, /)\n--\n\nActivates/queries locale processing."),
    DEF_NONE("localeconv", locale_conventions,
             "localeconv($module, /)\n--\n\nThe conventions as a dict."),
    DEF_FIXED("strcoll", locale_collate, 2, 2,
              "strcoll($module, os1, os2, /)\n--\n\nCompares two strings by the locale."),
    DEF_ONE("strxfrm", locale_transform,
            "strxfrm($module, string, /)\n--\n\nA string that compares as strcoll() does."),
    DEF_ONE("nl_langinfo", locale_langinfo,
            "nl_langinfo($module, key, /)\n--\n\nA text of the locale."),
    DEF_NONE("getencoding", locale_encoding,
             "getencoding($module, /)\n--\n\nThe locale's encoding."),
    DEF_ONE("gettext", locale_gettext,
            "gettext($module, msg, /)\n--\n\nThe translation of a message."),
    DEF_FIXED("dgettext", locale_dgettext, 2, 2,
              "dgettext($module, domain, msg, /)\n--\n\nThe translation in a domain."),
    DEF_FIXED("dcgettext", locale_dgettext, 3, 3,
              "dcgettext($module, domain, msg, category, /)\n--\n\nThe same of a category."),
    DEF_ONE("textdomain", locale_textdomain,
            "textdomain($module, domain, /)\n--\n\nSets the domain."),
    DEF_FIXED("bindtextdomain", locale_bindtextdomain, 2, 2,
              "bindtextdomain($module, domain, dir, /)\n--\n\nWhere a domain's catalogues are."),
    DEF_FIXED("bind_textdomain_codeset", locale_bind_codeset, 2, 2,
              "bind_textdomain_codeset($module, domain, codeset, /)\n--\n\nTheir encoding."),
    DEF_END,
};

static int locale_fill(Value module) {
    static const struct {
        const char *name;
        int value;
    } categories[] = {{"LC_CTYPE", LC_CTYPE},       {"LC_TIME", LC_TIME},
                      {"LC_COLLATE", LC_COLLATE},   {"LC_MONETARY", LC_MONETARY},
                      {"LC_MESSAGES", LC_MESSAGES}, {"LC_NUMERIC", LC_NUMERIC},
                      {"LC_ALL", LC_ALL},           {"CHAR_MAX", CHAR_MAX}};
    for (size_t i = 0; i < COUNT_OF(categories); i++)
        if (module_add_int(module, categories[i].name, categories[i].value) < 0)
            return -1;
    for (size_t i = 0; i < COUNT_OF(items); i++)
        if (module_add_int(module, items[i].name, items[i].item) < 0)
            return -1;
    return exception_class_add(module, &error_class, "locale", "Error",
                               value_from_object(&exception_Exception), NULL);
}

const NativeModule module_locale = {"_locale", "Support for POSIX locales.", locale_functions,
                                    locale_fill};
