class ParseError(ValueError): pass


def parse(s):
    pos = 0
    def error(m): raise ParseError("%s at %d" % (m, pos))
    def ws():
        nonlocal pos
        while pos < len(s) and s[pos] in " \n\t\r": pos += 1
    def value():
        nonlocal pos
        ws()
        if pos >= len(s): error("end of input")
        c = s[pos]
        if c == "{":
            pos += 1; d = {}; ws()
            if s[pos:pos + 1] == "}":
                pos += 1; return d
            while True:
                ws(); k = string(); ws()
                if s[pos:pos + 1] != ":": error("expected :")
                pos += 1; d[k] = value(); ws()
                c = s[pos:pos + 1]; pos += 1
                if c == "}": return d
                if c != ",": error("expected , or }")
        if c == "[":
            pos += 1; l = []; ws()
            if s[pos:pos + 1] == "]":
                pos += 1; return l
            while True:
                l.append(value()); ws(); c = s[pos:pos + 1]; pos += 1
                if c == "]": return l
                if c != ",": error("expected , or ]")
        if c == '"': return string()
        for w, v in (("true", True), ("false", False), ("null", None)):
            if s.startswith(w, pos):
                pos += len(w); return v
        return number()
    def string():
        nonlocal pos
        if s[pos:pos + 1] != '"': error("expected string")
        pos += 1; out = []
        while pos < len(s) and s[pos] != '"':
            if s[pos] == "\\":
                pos += 1; e = s[pos]
                if e == "u":
                    out.append(chr(int(s[pos + 1:pos + 5], 16))); pos += 4
                else: out.append({"n": "\n", "t": "\t"}.get(e, e))
            else: out.append(s[pos])
            pos += 1
        if pos >= len(s): error("unterminated string")
        pos += 1
        return "".join(out)
    def number():
        nonlocal pos
        start = pos
        while pos < len(s) and s[pos] in "+-0123456789.eE": pos += 1
        if start == pos: error("unexpected %r" % s[pos])
        t = s[start:pos]
        return float(t) if any(c in t for c in ".eE") else int(t)
    v = value(); ws()
    if pos != len(s): error("trailing data")
    return v


print(parse('{"a": [1, 2.5, -3e2, true, false, null], "b": {"c": "x\\n\\u00e9"}, "": []}'))
for bad in ("", "{", "[1, 2", '{"a" 1}', '"abc', "[1,]", "tru", "[1] x", "{1: 2}"):
    try:
        print(parse(bad))
    except ParseError as e:
        print(repr(bad), e)
