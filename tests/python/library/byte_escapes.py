# codecs.escape_decode and escape_encode: the escapes of byte strings, and the warning about the first that is wrong.
import codecs
import warnings

for data in (rb"\400", rb"\377", rb"\501x", rb"\777\z", rb"\z\777\y", rb"\x4", rb"\x", rb"\x\501", rb"\x\z", rb"\x41\X", rb"a\08", rb"\8", rb"\9",
             rb"[\1010]", rb"\a\b\t\n\v\f\r\'\"\\", b"\\\n", b"\\\xfa", b"", b"\\", rb"\N{DIGIT ONE}", rb"\u1234", "\\z\xe9"):
    for errors in ("strict", "ignore", "replace", "other"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                print(ascii(data), errors, codecs.escape_decode(data, errors), end=" ")
            except ValueError as error:
                print(ascii(data), errors, error, end=" ")
        print([ascii(str(warning.message)) for warning in caught])
with warnings.catch_warnings():
    warnings.simplefilter("error")
    for data in (rb"\400", rb"\q", rb"\101"):
        try:
            print(codecs.escape_decode(data))
        except DeprecationWarning as error:
            print(data, error)
print(codecs.escape_encode(bytes(range(256))))
