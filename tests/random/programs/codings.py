# SPDX-License-Identifier: MIT
"""Bytes to text and back: every codec with every error handler, whole and in pieces, files of text with all newlines.

A round takes one codec and one error handler. It decodes and encodes whole texts, or pieces one after the other with the
state looked at and set between them, or reads and writes through streams and text files. Each line shows the bytes or the
text and what came of it.

Not drawn: files in unicode-escape, where the decoder is given half an escape; newlines after tell(), with which CPython
forgets some; files under error handlers that go back or fail, where it shows how far ahead a file is decoded; seeks to a
place where an error handler decides how many characters come of a byte. Not shown: the places, of which ours are plain
numbers where some of CPython's hold a state of the decoder.
"""
import codecs
import io
import warnings

from _drawing import describe, run, say, show

ROUNDS = 160

TEXTS = [
    "ascii",
    "latin-1",
    "utf-8",
    "utf-8-sig",
    "utf-7",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "utf-32",
    "utf-32-le",
    "utf-32-be",
    "unicode-escape",
    "raw-unicode-escape",
    "punycode",
    "idna",
    "charmap",
    "cp1252",
    "cp437",
    "koi8-r",
    "iso8859-15",
    "mac-roman",
    "cp037",
    "tis-620",
    "ptcp154",
    "kz1048",
    "gb2312",
    "gbk",
    "gb18030",
    "hz",
    "big5",
    "big5hkscs",
    "cp950",
    "shift_jis",
    "shift_jis_2004",
    "shift_jisx0213",
    "cp932",
    "euc_jp",
    "euc_jis_2004",
    "euc_jisx0213",
    "iso2022_jp",
    "iso2022_jp_1",
    "iso2022_jp_2",
    "iso2022_jp_2004",
    "iso2022_jp_3",
    "iso2022_jp_ext",
    "iso2022_kr",
    "euc_kr",
    "cp949",
    "johab",
    "cp65001",
    "undefined",
    "rot13",
]
BINARY = ["base64", "hex", "quopri", "uu", "zlib", "bz2"]
HANDLERS = [
    "strict",
    "ignore",
    "replace",
    "backslashreplace",
    "surrogateescape",
    "surrogatepass",
    "xmlcharrefreplace",
    "namereplace",
    "odd",
    "back",
    "none",
]
PIECES = [
    "a",
    "b",
    "+",
    "-",
    "~",
    "\\",
    "é",
    "ß",
    "\x80",
    "\xa0",
    "€",
    "я",
    "中",
    "日",
    "あ",
    "ア",
    "ｱ",
    "한",
    "\ud800",
    "\udc80",
    "\udcff",
    "\udfff",
    "\U0001f600",
    "\U00020000",
    "\ufeff",
    "\r",
    "\n",
    "\r\n",
    "\x1b",
    "\x0e",
    "\x0f",
    "0",
    "u",
    "x",
    "N",
    "{",
    "\uffff",
    "\x00",
    "\u3042\u309a",
    "\xca\u0304",
    ".",
]
BYTES = [
    b"a",
    b"+",
    b"-",
    b"~{",
    b"~}",
    b"~",
    b"\\",
    b"\\x4",
    b"\\u12",
    b"\\U0001f600",
    b"\\N{DIGIT ONE}",
    b"\\N{",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\xef\xbb\xbf",
    b"\x1b$B",
    b"\x1b(B",
    b"\x1b(J",
    b"\x1b$)C",
    b"\x1b.A",
    b"\x1bN",
    b"\x0e",
    b"\x0f",
    b"\x1b$(D",
    b"\x1b(I",
    b"+AGE-",
    b"+2AA",
    b"\x00",
    b"\x00\xd8",
    b"\xd8\x00",
    b"\xed\xa0\x80",
    b"\xed\xb2\x80",
    b"\xf0\x9f\x98\x80",
    b"\xe2\x82",
    b"\xc3",
    b"\x80",
    b"\xff",
    b"\xf4\x90\x80\x80",
    b"\xc0\x80",
    b"\r",
    b"\n",
    b"\r\n",
    b"\x81\x30\x81\x30",
    b"\xa4\xa2",
    b"\x8e\xb1",
    b"\x8f\xa2\xaf",
    b"\x84\x31\xa4\x37",
    b"\x88\x62",
    b"\\\n",
    b"\\101",
    b"\\9",
    b"xn--",
    b"=",
    b"=41",
    b"%",
]


def odd(error):
    if isinstance(error, UnicodeEncodeError):
        return ("?" if error.start % 2 else b"!"), error.end
    return (
        "<" + str(error.end - error.start) + ">",
        error.start + 1 if error.start + 1 <= len(error.object) else error.end,
    )


def back(error):
    return ("#", -1) if len(error.object) > error.end else ("$", error.end)


codecs.register_error("odd", odd)
codecs.register_error("back", back)


def outcome(action):
    """What the action gives or raises, as text, with all that a UnicodeError tells."""
    try:
        return show(action(), 2000)
    except UnicodeError as error:
        fields = [ascii(getattr(error, name, None)) for name in ("encoding", "start", "end", "reason")]
        return f"{describe(error)} {fields}"
    except Exception as error:
        return describe(error)


def cut(draw, data):
    parts = []
    while data:
        n = draw.pick([0, 1, 1, 2, 3, 7])
        parts.append(data[:n])
        data = data[n:]
    return parts


def text(draw, most=12):
    return "".join(
        chr(draw.pick([draw.below(128), draw.below(0x800), draw.below(0x10000), draw.below(0x110000)]))
        if draw.chance(20)
        else draw.pick(PIECES)
        for _ in range(draw.below(most))
    )


def binary(draw, encoding):
    how = draw.below(4)
    if how == 0:
        return b"".join(draw.pick(BYTES) for _ in range(draw.below(8)))
    if how == 1:
        return bytes(draw.below(256) for _ in range(draw.below(9)))
    try:
        data = text(draw).encode(encoding, "ignore")
    except Exception:
        return b"\xe9a"
    for _ in range(draw.below(3)):
        at = draw.below(len(data) + 1)
        data = data[:at] + draw.pick(BYTES + [b""]) + data[at + draw.below(2) :]
    return data


def steps(actions):
    """What each of the actions gives, up to the first that fails."""
    results = []
    for action in actions:
        results.append(outcome(action))
        if ": " in results[-1] and "Error" in results[-1]:
            break
    return " ".join(results)


def whole(draw, encoding, errors):
    data, string = binary(draw, encoding), text(draw)
    say("decode", encoding, errors, data, outcome(lambda: data.decode(encoding, errors)))
    say("encode", ascii(string), outcome(lambda: string.encode(encoding, errors)))
    say(
        "pairs",
        outcome(lambda: codecs.getdecoder(encoding)(data, errors)),
        outcome(lambda: codecs.getencoder(encoding)(string, errors)),
    )


def by_parts(draw, coder, convert, parts, end):
    """What to do with an incremental coder, whose method convert takes a part and whether it is the last."""
    actions = []
    for part in parts:
        actions.append(lambda part=part, final=draw.chance(10): convert(part, final))
        if draw.chance(20):
            actions.append(coder.getstate)
        if draw.chance(10):
            actions.append(lambda: coder.setstate(coder.getstate()))
        if draw.chance(5):
            actions.append(coder.reset)
    actions.append(lambda: convert(end, True))
    return actions


def in_pieces(draw, encoding, errors):
    parts = cut(draw, binary(draw, encoding))
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    actions = by_parts(draw, decoder, decoder.decode, parts, b"")
    say("decoder", encoding, errors, parts, steps(actions))
    parts = cut(draw, text(draw))
    encoder = codecs.getincrementalencoder(encoding)(errors)
    actions = by_parts(draw, encoder, encoder.encode, parts, "")
    say("encoder", ascii(parts), steps(actions))


def streamed(draw, encoding, errors):
    data = binary(draw, encoding) * draw.pick([1, 1, 20])
    reader = codecs.getreader(encoding)(io.BytesIO(data), errors)
    kinds = [
        lambda: reader.read(draw.pick([-1, 0, 1, 3, 10])),
        lambda: reader.read(draw.pick([1, 5]), draw.pick([1, 2])),
        lambda: reader.readline(),
        lambda: reader.readline(3),
        lambda: next(reader),
        reader.reset,
        lambda: reader.read(5, 2, True),
        lambda: reader.readlines(),
    ]
    say("reader", encoding, errors, data, steps(draw.pick(kinds) for _ in range(6)))
    target = io.BytesIO()
    writer = codecs.getwriter(encoding)(target, errors)
    say(
        "writer",
        steps(
            [
                lambda: writer.write(text(draw, 4)),
                lambda: writer.writelines([text(draw, 3), text(draw, 3)]),
                writer.reset,
                lambda: writer.write("x"),
            ]
        ),
        target.getvalue(),
    )


def filed(draw, encoding, errors):
    encoding, newline = draw.pick(TEXTS[:11] + ["cp1252", "gbk", "shift_jis", "euc_kr"]), draw.pick(
        [None, "", "\n", "\r", "\r\n"]
    )
    errors = draw.pick(HANDLERS[:5])
    data = b"\n".join(binary(draw, encoding) for _ in range(3)) * draw.pick([1, 1, 1, 30])
    if errors == "strict":
        data = data.decode(encoding, "ignore").encode(encoding, "ignore")
    raw = io.BytesIO(data)
    say("file", encoding, errors, ascii(newline), data[:60], len(data))
    file = io.TextIOWrapper(raw, encoding, errors, newline, write_through=draw.chance(20))
    file._CHUNK_SIZE = draw.pick([1, 2, 7, 16, 8192])
    places, told = [0], []

    def tell():
        told.append(1)
        place = file.tell()
        if errors == "strict":
            places.append(place)
        return "a place"

    reading = [
        lambda: file.read(draw.pick([0, 1, 2, 5])),
        lambda: file.readline(),
        lambda: file.readline(draw.pick([0, 1, 3])),
        tell,
        tell,
        lambda: next(file),
        lambda: file.seek(draw.pick(places)) * 0,
        lambda: file.read(),
        lambda: None if told else file.newlines,
        lambda: file.flush(),
    ]
    writing = [
        lambda: file.write(text(draw, 5)),
        lambda: file.writelines(["a\n", "é"]),
        lambda: file.reconfigure(errors="ignore"),
        lambda: file.truncate(),
        tell,
        lambda: file.reconfigure(newline=draw.pick([None, "\n", ""])),
        lambda: file.reconfigure(encoding=draw.pick(["utf-8", "latin-1"])),
        lambda: file.flush(),
    ]
    kinds = draw.pick([reading, reading, writing])
    for _ in range(draw.between(3, 13)):
        number = draw.below(len(kinds))
        result = outcome(kinds[number])
        say(number, result.split(":")[0] if "Unicode" in result else result)
        if "Unicode" in result or "handle" in result:
            break
    say(outcome(file.detach), raw.getvalue()[:80])


def transformed(draw, encoding, errors):
    encoding, data = draw.pick(BINARY), bytes(draw.pick(b"abc =\n\r\t_\xff\x00.4Z") for _ in range(draw.below(90)))
    say(
        "transform",
        encoding,
        data,
        outcome(lambda: codecs.decode(codecs.encode(data, encoding), encoding) == data),
        outcome(lambda: codecs.encode(data, encoding)) if encoding not in ("zlib", "bz2") else "",
        outcome(lambda: codecs.decode(data, encoding)) if encoding != "bz2" else "",
    )


KINDS = [whole] * 6 + [in_pieces] * 6 + [streamed] * 2 + [filed] * 3 + [transformed]


def play_round(draw):
    encoding, errors = draw.pick(TEXTS), draw.pick(HANDLERS)
    try:
        draw.pick(KINDS)(draw, encoding, errors)
    except Exception as error:
        say("the round ends", encoding, errors, describe(error))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    run(play_round, ROUNDS)
