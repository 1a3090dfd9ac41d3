# SPDX-License-Identifier: MIT
"""East Asian codecs: tables made by whoever comes first, and one incremental coder or stream between all threads."""
import codecs
import io
from _stress import main

NAMES = ["gb2312", "gbk", "gb18030", "hz", "big5hkscs", "big5", "cp950", "cp932", "shift_jis", "euc_jp", "euc_jis_2004", "shift_jisx0213",
         "cp949", "euc_kr", "johab", "iso2022_jp", "iso2022_jp_3", "iso2022_jp_ext", "iso2022_kr"]
TEXTS = {"gb": "\u4e2d\u6587abc\u4eba", "hz": "\u4e2d\u6587abc\u4eba", "bi": "\u4e2d\u6587abc\u4eba", "cp950": "\u4e2d\u6587abc\u4eba",
         "cp949": "\ud55c\uad6d\uc5b4 abc", "euc_kr": "\ud55c\uad6d\uc5b4\uac03", "jo": "\ud55c\uad6d\uc5b4 abc",
         "iso2022_kr": "\ud55c\uad6d\uc5b4 abc"}
JAPANESE = "\u65e5\u672c\u8a9e\u3042 abc"


def text_of(name):
    return TEXTS.get(name) or TEXTS.get(name[:2]) or JAPANESE


def first_use(s):
    def work(i, rng):
        names = NAMES[:]
        rng.shuffle(names)
        for name in names:
            text = text_of(name) * rng.randrange(1, 4)
            s.check(text.encode(name).decode(name) == text, name)
            s.check(text.encode(name, "replace").decode(name, "ignore") == text, name, "with handlers")
    s.together(work)


def shared_decoder(s):
    """Pieces of whole characters come out whole, in whatever order the threads bring them."""
    decoder = codecs.getincrementaldecoder("euc_jp")()
    letter = "\u3042".encode("euc_jp")

    def work(i, rng):
        for _ in range(400):
            s.check(decoder.decode(letter * 3) == "\u3042" * 3, "decoded")
            s.check(decoder.getstate() == (b"", 0), "state")
    s.together(work)


def shared_encoder(s):
    """A first half of a pair waits for whoever comes next: nothing is lost, nothing comes twice."""
    encoder = codecs.getincrementalencoder("euc_jis_2004")()
    counts = [0] * s.threads

    def work(i, rng):
        for _ in range(300):
            counts[i] += len(encoder.encode("\xe6"))
    s.together(work)
    rest = encoder.encode("", True)
    s.check(sum(counts) + len(rest) == 2 * 300 * s.threads, "bytes", sum(counts), len(rest))


def changing_state(s):
    """States, errors and resets at once: any answer that an order explains, and no crash."""
    encoder = codecs.getincrementalencoder("iso2022_jp_3")("replace")
    decoder = codecs.getincrementaldecoder("iso2022_jp_2")("replace")
    states = [encoder.getstate()]

    def work(i, rng):
        for _ in range(200):
            which = rng.randrange(7)
            if which == 0:
                encoder.errors = rng.choice(("replace", "ignore", "backslashreplace"))
            elif which == 1:
                states.append(encoder.getstate())
            elif which == 2:
                encoder.setstate(rng.choice(states))
            elif which == 3:
                encoder.reset()
                decoder.reset()
            elif which == 4:
                s.check(isinstance(encoder.encode(rng.choice(("\xe6", "\u3042\udc80", "a")), rng.random() < .5), bytes), "encoded")
            elif which == 5:
                piece = rng.choice((b"\x1b$B", b"$\"", b"$", b"\x1b(", b"B", b"\xff"))
                try:
                    s.check(isinstance(decoder.decode(piece), str), "decoded")
                except UnicodeError as error:  # an escape sequence that does not end
                    s.check(str(error) == "pending buffer overflow", error)
            else:
                decoder.setstate(decoder.getstate())
    s.together(work)


def handlers_come_back(s):
    """An error handler that uses the encoder it was called for."""
    encoder = codecs.getincrementalencoder("euc_kr")("stress.codecs")
    codecs.register_error("stress.codecs", lambda error: (encoder.encode("x").decode(), error.end))

    def work(i, rng):
        for _ in range(200):
            s.check(encoder.encode("a\udc80b") == b"axb", "encoded")
    s.together(work)


def shared_writer(s):
    target = io.BytesIO()
    writer = codecs.getwriter("shift_jis")(target)

    def work(i, rng):
        for _ in range(200):
            writer.write("\u3042a")
    s.together(work)
    s.check(target.getvalue().decode("shift_jis") == "\u3042a" * 200 * s.threads, "written")


main(first_use, shared_decoder, shared_encoder, changing_state, handlers_come_back, shared_writer)
