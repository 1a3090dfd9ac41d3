# The East Asian encodings: every two-byte sequence and every code point, what is none of the encoding, and pairs of code
# points that are one character. Long results are shown by their digests.
import hashlib

NAMES = """gb2312 gbk gb18030 hz big5hkscs big5 cp950 cp932 shift_jis euc_jp euc_jisx0213 euc_jis_2004 shift_jisx0213
    shift_jis_2004 cp949 euc_kr johab iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext
    iso2022_kr""".split()
DESIGNATIONS = (b"\x1b$B", b"\x1b$@", b"\x1b$(D", b"\x1b$(O", b"\x1b$(P", b"\x1b$(Q", b"\x1b$(C", b"\x1b$)C\x0e", b"\x1b$A",
                b"\x1b(I", b"\x1b(J", b"\x1b.A\x1bN", b"\x1b.F\x1bN")


def digest(parts):
    return hashlib.md5(b"".join(parts)).hexdigest()


def decoded(data, name):
    return data.decode(name, "backslashreplace").encode("utf-32-le", "surrogatepass")


def sequences(name):
    if name.startswith("iso2022") or name == "hz":
        for escape in DESIGNATIONS + (b"~{",):
            for lead in range(0x20, 0x80):
                yield b"".join(escape + bytes((lead, trail)) + b"\x0f~}\x1b(B\n" for trail in range(0x20, 0x80))
    for lead in range(0x80, 0x100):
        yield b"".join(bytes((lead, trail)) + b"\n" for trail in range(0x100))
    if name.startswith("euc_j"):
        for lead in range(0xA0, 0x100):
            yield b"".join(bytes((0x8F, lead, trail)) + b"\n" for trail in range(0xA0, 0x100))
    if name == "gb18030":
        for lead in (*range(0x81, 0x86), 0x8F, 0x90, 0x95, 0xE3, 0xE4, 0xFE):
            for second in range(0x30, 0x3A):
                yield b"".join(bytes((lead, second, third, 0x30 + third % 11)) + b"\n" for third in range(0x7F, 0x100))


def texts():
    for block in range(0, 0x300):
        yield "".join(map(chr, range(block << 8, (block + 1) << 8)))
    yield "\U000e0001\U0010ffff\ud800\udfff"


PAIRS = ("\u304b\u309a", "\u304b", "\u304bx", "\u304b\n", "\xe6\u0300", "\xe6\u0301", "\xe6", "\u309a", "\u02e9\u02e5", "\u02e9\u02e9",
         "\xca\u0304", "\xca\u030c", "\xca", "\xea\u0304\xea", "\xcax", "\u31f7\u309a", "\u0254\u0301", "\u025a\u0300")

for name in NAMES:
    print(name, digest(decoded(data, name) for data in sequences(name)))
    print(name, digest(text.encode(name, "backslashreplace") for text in texts()))
    for pair in PAIRS:
        print(end=ascii(pair.encode(name, "namereplace")) + " ")
    print()

for data, name in ((b"ab\xc8", "gbk"), (b"\x81\x30\x81", "gb18030"), (b"\xff\x30\x81\x30", "gb18030"), (b"\x8f\xa2", "euc_jp"),
                   (b"\x8f\xff\xff", "euc_jp"), (b"\x8e\x41", "euc_jp"), (b"\xae\xa1", "euc_jisx0213"), (b"\x87\x9f", "shift_jisx0213"),
                   (b"\xa4\xd4\xa4\xb6\xa4", "euc_kr"), (b"\xa4\xd4\xa4\xff\xa4\xd0\xa4\xd4", "euc_kr"), (b"x\x1b$", "iso2022_jp"),
                   (b"\x1b$(C", "iso2022_jp"), (b"\x1b(((((((((((((((((B", "iso2022_jp"), (b"\x1b$B\x21", "iso2022_jp"),
                   (b"\x1b$B\x7e\x7e", "iso2022_jp"), (b"\x1b.F\x1bN\x24", "iso2022_jp_2"), (b"~x", "hz"), (b"~{!", "hz"), (b"\x80", "cp932"),
                   (b"\x80", "shift_jis"), (b"\xfc", "cp932")):
    try:
        print(name, ascii(data.decode(name)))
    except UnicodeDecodeError as error:
        print(error, error.start, error.end, error.reason, error.encoding, error.object == data)

for text, name in (("ab\xe9\udc80", "gb2312"), ("\xac", "big5"), ("\u4ff1", "euc_jisx0213"), ("\u7626", "euc_jisx0213"),
                   ("\u3042\uac00", "iso2022_jp"), ("\ud800", "gb18030"), ("\uffff", "hz")):
    try:
        print(name, text.encode(name))
    except UnicodeEncodeError as error:
        print(error, error.start, error.end, error.reason, error.encoding, error.object == text)
