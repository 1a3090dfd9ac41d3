// SPDX-License-Identifier: MIT
//
// str_format: printf's conversions plus those that show Values, as raise_error documents them
// (vm/runtime/errors.h). %V, %R and %A may run Python code.
#include "vm/runtime/errors.h"
#include "vm/types/str_internal.h"
#include "vm/types/type.h"
#include <stdio.h>

typedef enum { SIZE_INT, SIZE_LONG, SIZE_LONG_LONG, SIZE_SIZE } ArgumentSize;

// Adds str()/repr()/ascii() of v. False with an exception.
static bool add_value(StrBuilder *b, Value v, char conversion) {
    if (value_is_null(v)) {
        str_builder_ascii(b, "<NULL>", 6);
        return true;
    }
    Value text = conversion == 'R'       ? value_repr(v)
                 : conversion == 'A'     ? value_ascii(v)
                 : value_is_exact_str(v) ? ref_new(v)
                                         : value_str(v);
    if (value_is_null(text))
        return false;
    str_builder_str(b, text);
    ref_release(text);
    return true;
}

// UTF-8 of at most `most` bytes (negative: to the NUL), cut before an unfinished character.
static void add_bytes(StrBuilder *b, const char *text, int most) {
    if (!text)
        text = "(null)";
    if (most < 0) {
        str_builder_cstr(b, text);
        return;
    }
    size_t length = strnlen(text, (size_t)most);
    if (length == (size_t)most) { // nothing behind that may be read
        size_t start = length;
        while (start > 0 && ((uint8_t)text[start - 1] & 0xc0) == 0x80)
            start--;
        uint8_t lead = start > 0 ? (uint8_t)text[start - 1] : 0;
        if (lead >= 0xc0 && start + (lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3) > length)
            length = start - 1;
    }
    char small[512];
    char *copy = length < sizeof small ? small : buffer_allocate(length + 1);
    if (!copy) {
        str_builder_discard(b);
        raise_memory_error();
        b->failed = true;
        return;
    }
    memcpy(copy, text, length);
    copy[length] = 0;
    str_builder_cstr(b, copy);
    if (copy != small)
        buffer_free(copy);
}

Value str_format_va(const char *format, va_list given) {
    StrBuilder b;
    str_builder_start(&b);
    va_list args;
    va_copy(args, given);
    bool failed = false;
    while (*format && !failed) {
        const char *percent = strchr(format, '%');
        if (!percent) {
            str_builder_cstr(&b, format);
            break;
        }
        for (; format < percent; format++) {
            if ((uint8_t)*format < 0x80) {
                str_builder_char(&b, (uint8_t)*format);
            } else { // a run of UTF-8
                const char *end = format;
                while (end < percent && (uint8_t)*end >= 0x80)
                    end++;
                add_bytes(&b, format, (int)(end - format));
                format = end - 1;
            }
        }
        char spec[48] = "%";
        size_t n = 1;
        format++;
        while (*format && strchr("-+ #0", *format) && n < 8)
            spec[n++] = *format++;
        int width = -1, precision = -1;
        if (*format == '*') {
            width = va_arg(args, int);
            format++;
        } else if (*format >= '0' && *format <= '9') {
            for (width = 0; *format >= '0' && *format <= '9'; format++)
                width = width * 10 + (*format - '0');
        }
        if (*format == '.') {
            format++;
            precision = 0;
            if (*format == '*') {
                precision = va_arg(args, int);
                format++;
            } else {
                for (; *format >= '0' && *format <= '9'; format++)
                    precision = precision * 10 + (*format - '0');
            }
        }
        ArgumentSize size = SIZE_INT;
        if (*format == 'l' && format[1] == 'l') {
            size = SIZE_LONG_LONG;
            format += 2;
        } else if (*format == 'l') {
            size = SIZE_LONG;
            format++;
        } else if (*format == 'z' || *format == 't' || *format == 'j') {
            size = SIZE_SIZE;
            format++;
        }
        char conversion = *format;
        if (!conversion)
            break;
        format++;
        if (width >= 0)
            n += (size_t)snprintf(spec + n, sizeof spec - n, "%d", width);
        if (precision >= 0 && conversion != 's')
            n += (size_t)snprintf(spec + n, sizeof spec - n, ".%d", precision);
        char text[400];
        switch (conversion) {
        case '%':
            str_builder_char(&b, '%');
            break;
        case 'd':
        case 'i':
        case 'u':
        case 'x':
        case 'X':
        case 'o': {
            unsigned long long number;
            bool is_signed = conversion == 'd' || conversion == 'i';
            if (size == SIZE_INT)
                number = is_signed ? (unsigned long long)va_arg(args, int) : va_arg(args, unsigned);
            else if (size == SIZE_LONG)
                number = va_arg(args, unsigned long);
            else if (size == SIZE_LONG_LONG)
                number = va_arg(args, unsigned long long);
            else
                number = va_arg(args, size_t);
            snprintf(spec + n, sizeof spec - n, "ll%c", conversion);
            snprintf(text, sizeof text, spec, number);
            str_builder_cstr(&b, text);
            break;
        }
        case 'g':
        case 'e':
        case 'f':
            snprintf(spec + n, sizeof spec - n, "%c", conversion);
            snprintf(text, sizeof text, spec, va_arg(args, double));
            str_builder_cstr(&b, text);
            break;
        case 'c':
            str_builder_char(&b, (uint32_t)va_arg(args, int));
            break;
        case 'p':
            snprintf(text, sizeof text, "%p", va_arg(args, void *));
            str_builder_cstr(&b, text);
            break;
        case 's': {
            const char *bytes = va_arg(args, const char *);
            int64_t before = b.length;
            if (width > 0 && spec[1] != '-') {
                size_t length = precision >= 0 ? strnlen(bytes, (size_t)precision) : strlen(bytes);
                str_builder_repeat(&b, ' ', width - (int64_t)length);
            }
            add_bytes(&b, bytes, precision);
            if (width > 0 && spec[1] == '-')
                str_builder_repeat(&b, ' ', width - (b.length - before));
            break;
        }
        case 'V':
        case 'R':
        case 'A':
            failed = !add_value(&b, va_arg(args, Value), conversion);
            break;
        case 'T': {
            Value v = va_arg(args, Value);
            add_bytes(&b, value_is_null(v) ? "NULL" : type_full_name(value_type(v)), 400);
            break;
        }
        case 'G': {
            Value v = va_arg(args, Value);
            add_bytes(&b, value_is_none(v) ? "None" : type_full_name(value_type(v)), 400);
            break;
        }
        case 'N':
            add_bytes(&b, type_name(va_arg(args, Type *)), 400);
            break;
        default: // a mistake of the caller: show it
            str_builder_char(&b, '%');
            str_builder_char(&b, (uint8_t)conversion);
            break;
        }
    }
    va_end(args);
    if (failed || b.failed) {
        str_builder_discard(&b);
        return VALUE_NULL;
    }
    return str_builder_finish(&b);
}

Value str_format(const char *format, ...) {
    va_list args;
    va_start(args, format);
    Value s = str_format_va(format, args);
    va_end(args);
    return s;
}
