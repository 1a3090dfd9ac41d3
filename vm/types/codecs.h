// SPDX-License-Identifier: MIT
//
// Text encodings (vm/types/codecs*.c) as the runtime sees them beyond codec_encode and
// codec_decode of bytes.h, and the codec registry behind the module _codecs.
#ifndef LOCKSMITH_VM_TYPES_CODECS_H
#define LOCKSMITH_VM_TYPES_CODECS_H

#include "vm/object.h"

// Raise UnicodeDecodeError / UnicodeEncodeError with these attributes. Always give VALUE_NULL.
Value codec_raise_decode(const char *encoding, const uint8_t *data, size_t length, size_t start,
                         size_t end, const char *reason);
Value codec_raise_encode(const char *encoding, Value text, int64_t start, int64_t end,
                         const char *reason);

// ---- one encoding each: errors NULL is "strict". All may run Python code (error handlers).
// Decoders with `consumed`: NULL means the input is complete; else an unfinished sequence at the
// end is left alone and the number of bytes used is stored.
Value codec_decode_utf8(const uint8_t *data, size_t length, const char *errors, size_t *consumed);
Value codec_decode_ascii(const uint8_t *data, size_t length, const char *errors);
Value codec_decode_latin1(const uint8_t *data, size_t length);
// width 2 or 4; order -1 little, 1 big, 0 by byte order mark (then *order tells what it was).
Value codec_decode_utf16(const uint8_t *data, size_t length, const char *errors, int *order,
                         size_t *consumed);
Value codec_decode_utf32(const uint8_t *data, size_t length, const char *errors, int *order,
                         size_t *consumed);
Value codec_decode_utf7(const uint8_t *data, size_t length, const char *errors, size_t *consumed);
Value codec_decode_unicode_escape(const uint8_t *data, size_t length, const char *errors,
                                  size_t *consumed);
Value codec_decode_raw_unicode_escape(const uint8_t *data, size_t length, const char *errors,
                                      size_t *consumed);
Value codec_decode_charmap(const uint8_t *data, size_t length, const char *errors, Value mapping);
Value codec_encode_utf8(Value text, const char *errors);
Value codec_encode_ascii(Value text, const char *errors);
Value codec_encode_latin1(Value text, const char *errors);
Value codec_encode_utf16(Value text, const char *errors, int order); // 0: native with mark
Value codec_encode_utf32(Value text, const char *errors, int order);
Value codec_encode_utf7(Value text);
Value codec_encode_unicode_escape(Value text);
Value codec_encode_raw_unicode_escape(Value text);
Value codec_encode_charmap(Value text, const char *errors, Value mapping);

// ---- registry (vm/types/codec_registry.c) -------------------------------------------------
// The CodecInfo tuple for an encoding: LookupError "unknown encoding: x". Runs Python code.
Value codec_lookup(Value encoding);
// The registry makes itself on first use. 0 or -1 for those that give int.
int codec_register(Value search_function);
int codec_unregister(Value search_function);
int codec_register_error(Value name, Value handler);
// In development mode: are there such an encoding and such an error handler (NULL: not asked)?
// 0, or -1 with LookupError; otherwise 0 at once.
int codec_check_names(const char *encoding, const char *errors);
Value codec_lookup_error(const char *name); // LookupError "unknown error handler name 'x'"
// codecs.encode / codecs.decode: any object, any result.
Value codec_encode_object(Value object, Value encoding, Value errors_or_null);
Value codec_decode_object(Value object, Value encoding, Value errors_or_null);
int codec_forget(Value encoding); // drops it from the cache

#endif
