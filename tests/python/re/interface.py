# What pattern, match and scanner objects offer, and what they say to wrong arguments.
import re
import _sre
import weakref
import copy

print(_sre.MAGIC, _sre.CODESIZE, _sre.MAXREPEAT, _sre.MAXGROUPS, _sre.getcodesize())


def show(function):
    try:
        print(function())
    except BaseException as error:
        print(type(error).__name__, error)


empty = re.compile("")
show(lambda: empty.match(5))
show(lambda: empty.match(b"x"))
show(lambda: re.compile(b"").match("x"))
show(lambda: empty.match("abc", 2, 1))
show(lambda: empty.search("abc", 2, 1))
show(lambda: empty.findall("abc", 2, 1))
show(lambda: empty.match("abc", 5))
show(lambda: empty.fullmatch("abc", 2, 1))
show(lambda: re.compile("a*").match("abc", 2, 1))
show(lambda: empty.match())
show(lambda: empty.match("a", strin=2))
show(lambda: empty.match("a", "b"))
show(lambda: empty.match(string="a", pos=0, endpos=10**30))
show(lambda: empty.sub(1, "abc"))
show(lambda: empty.sub(lambda m: 1, "abc"))
show(lambda: empty.sub(b"x", "abc"))
show(lambda: empty.sub("x"))
show(lambda: re.compile(b"").sub("x", b"abc"))
show(lambda: re.compile(b"").sub(lambda m: bytearray(b"z"), b"abc"))
show(lambda: re.compile(b"").match(memoryview(b"abcd")[::2]))
show(lambda: empty.split("a", maxsplit="b"))
show(lambda: empty.subn("x", "abc", 2))
show(lambda: type(empty.finditer("")))
show(lambda: type(empty.scanner("")).__mro__)
show(lambda: type(empty)())
show(lambda: empty < empty)
show(lambda: empty == 1)
show(lambda: empty == re.compile("a") or empty == re.compile(""))
show(lambda: hash(empty) == hash(re.compile("")))
show(lambda: re.compile("a" * 300, re.I | re.X | re.A))
show(lambda: re.compile(b"a", re.L | re.M | re.S))
show(lambda: re.compile("é'\""))
show(lambda: type(weakref.ref(empty)).__name__)
show(lambda: weakref.ref(empty.match("")))
show(lambda: weakref.ref(empty.scanner("")))
show(lambda: type(empty)[str])
show(lambda: empty[int])
show(lambda: copy.copy(empty) is empty and copy.deepcopy(empty) is empty)
show(lambda: empty.groupindex)
show(lambda: setattr(empty, "flags", 2))
show(lambda: sorted(name for name in dir(empty) if not name.startswith("__")))

match = re.match("(?P<x>a)(b)?(c)?", "abd")
for argument in ("y", 5, 1.5, -1, 10**30, None, "x", 1, True):
    show(lambda: match[argument])
    show(lambda: match.group(argument))
    show(lambda: match.span(argument))
    show(lambda: (match.start(argument), match.end(argument)))
show(lambda: match.group())
show(lambda: match.group(0, 1, "x", 3))
show(lambda: match.groups())
show(lambda: match.groups(7))
show(lambda: match.groups(1, 2))
show(lambda: match.groupdict(deflt=1))
show(lambda: match.groupdict())
show(lambda: re.match("(?P<x>a)?(?P<y>b)?", "b").groupdict("-"))
show(lambda: match.start(group=1))
show(lambda: match.span(1, 2))
show(lambda: match.expand(r"<\1-\g<x>-\g<3>->"))
show(lambda: match.expand(1))
show(lambda: (match.regs, match.lastindex, match.lastgroup, match.pos, match.endpos))
show(lambda: match.regs is match.regs)
show(lambda: match.re is re.compile("(?P<x>a)(b)?(c)?"))
show(lambda: match.string)
show(lambda: match)
show(lambda: re.match(".*", "a" * 100 + "'"))
show(lambda: re.match(b".*", b"a\xff'"))
show(lambda: copy.copy(match) is match and copy.deepcopy(match) is match)
show(lambda: bool(empty.match("")))
show(lambda: setattr(match, "pos", 2))
show(lambda: sorted(name for name in dir(match) if not name.startswith("__")))
show(lambda: match == match and match != re.match("a", "a"))

scanner = re.compile("(a)|b|").scanner("abca")
show(lambda: [scanner.match(), scanner.match(), scanner.search(), scanner.match(), scanner.match()])
show(lambda: [scanner.search(), scanner.search(), scanner.match()])
show(lambda: scanner.pattern)

show(lambda: _sre.compile(1, 2, 3))
show(lambda: _sre.compile("a", 0, [1], 0, {}, ()))
for code in (
    [], [99, 1], [2**40], [-1], [0], [16, 1], [16], [7, 3, 15, 1, 0, 1], [7, 0, 1],
    [11, 0, 1], [6, 12, 1], [13, 2, 0, 1], [13, 9, 0, 1], [13, 3, 9, 0, 1],
    [24, 5, 0, 4, 1, 1], [24, 6, 0, 4, 2, 1, 1], [24, 6, 5, 4, 2, 1, 1], [23, 4, 0, 1, 2, 18, 1],
    [23, 4, 0, 1, 2, 1, 1], [23, 40, 0, 1, 2, 18, 1], [4, 3, 0, 1, 1], [4, 3, 0, 0, 1],
    [27, 2, 1, 1], [27, 1, 1, 1], [14, 4, 0, 0, 0, 1], [12, 0, 2, 1],
    [13, 68, 10, 0] + [0] * 64 + [0, 1], [8, 18, 1], [25, 1],
):
    show(lambda: _sre.compile("a", 0, code, 0, {}, ()).match("aa"))
show(lambda: _sre.compile("a", 0, (), 0, {}, ()))
show(lambda: _sre.compile("a", 0, [1], 0, [], ()))
show(lambda: _sre.compile("a", 0, [1], 0, {}, []))
show(lambda: _sre.compile("a", 0, [1], -1, {}, ()))
show(lambda: _sre.compile(None, 0x1001, [1], 0, {}, ()).match(b"x"))

print([c for c in range(0x250) if _sre.unicode_iscased(c)] == [
    c for c in range(0x250) if _sre.unicode_tolower(c) != c or chr(c) != chr(c).upper()[0]])
print([c for c in range(300) if _sre.ascii_iscased(c)], _sre.ascii_tolower(65), _sre.ascii_tolower(0xC0))
show(lambda: _sre.unicode_tolower("a"))
show(lambda: (_sre.unicode_iscased(-5), _sre.unicode_tolower(0x10FFFF + 5)))
