# SPDX-License-Identifier: MIT
"""A JSON writer and parser by hand: characters, slices, recursion, dictionaries and lists."""

SIZE_QUICK = 1_400
SIZE_FULL = 16_000

BLANK = " \t\n\r"
NUMBER = "-+.eE0123456789"
ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f"}


class Parser:
    def __init__(self, text):
        self.text = text
        self.place = 0

    def fail(self, message):
        raise ValueError("%s at %d" % (message, self.place))

    def skip(self):
        text = self.text
        place = self.place
        while place < len(text) and text[place] in BLANK:
            place += 1
        self.place = place

    def peek(self):
        self.skip()
        if self.place >= len(self.text):
            self.fail("the text ends too early")
        return self.text[self.place]

    def expect(self, character):
        if self.peek() != character:
            self.fail("expected " + character)
        self.place += 1

    def value(self):
        character = self.peek()
        if character == "{":
            return self.mapping()
        if character == "[":
            return self.sequence()
        if character == '"':
            return self.string()
        for word, meaning in (("true", True), ("false", False), ("null", None)):
            if self.text.startswith(word, self.place):
                self.place += len(word)
                return meaning
        return self.number()

    def mapping(self):
        result = {}
        self.expect("{")
        if self.peek() == "}":
            self.place += 1
            return result
        while True:
            self.skip()
            key = self.string()
            self.expect(":")
            result[key] = self.value()
            if self.peek() == "}":
                self.place += 1
                return result
            self.expect(",")

    def sequence(self):
        result = []
        self.expect("[")
        if self.peek() == "]":
            self.place += 1
            return result
        while True:
            result.append(self.value())
            if self.peek() == "]":
                self.place += 1
                return result
            self.expect(",")

    def string(self):
        self.expect('"')
        pieces = []
        text = self.text
        start = place = self.place
        while True:
            character = text[place]
            if character == '"':
                pieces.append(text[start:place])
                self.place = place + 1
                return "".join(pieces)
            if character == "\\":
                pieces.append(text[start:place])
                escape = text[place + 1]
                if escape == "u":
                    pieces.append(chr(int(text[place + 2:place + 6], 16)))
                    place += 6
                else:
                    pieces.append(ESCAPES[escape])
                    place += 2
                start = place
            else:
                place += 1

    def number(self):
        text = self.text
        start = place = self.place
        while place < len(text) and text[place] in NUMBER:
            place += 1
        if place == start:
            self.fail("expected a value")
        self.place = place
        digits = text[start:place]
        if "." in digits or "e" in digits or "E" in digits:
            return float(digits)
        return int(digits)


def quote(text):
    pieces = ['"']
    for character in text:
        if character == '"' or character == "\\":
            pieces.append("\\" + character)
        elif character < " " or character > "~":
            pieces.append("\\u%04x" % ord(character))
        else:
            pieces.append(character)
    pieces.append('"')
    return "".join(pieces)


def write(value):
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return quote(value)
    if isinstance(value, dict):
        return "{" + ", ".join(quote(k) + ": " + write(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(write, value)) + "]"
    return repr(value)


def document(size):
    return [{
        "id": i,
        "name": "item \"%d\"\n\u00e9" % i,
        "price": i * 1.25 + 0.1,
        "flags": [i % 2 == 0, None, i % 3 == 0],
        "inner": {"path": "c:\\%d" % (i % 10), "empty": {}, "list": [[], [-i, i * i, 1e-7 * i]]},
    } for i in range(size)]


def run(size):
    text = write(document(size))
    parser = Parser(text)
    value = parser.value()
    parser.skip()
    return parser.place == len(text), value, write(value) == text


def check(size, result):
    complete, value, same = result
    if not complete or not same:
        raise ValueError("the text was not read to its end, or not written back the same")
    if value != document(size):
        raise ValueError("the parser read something else than was written")
