# SPDX-License-Identifier: MIT
"""Patterns, scanners and matches that several threads use at once."""
import re
from _stress import main


def shared_scanner(s):
    text = " ".join(str(n) for n in range(1500))
    for make in (lambda: re.finditer(r"\d+", text), lambda: iter(re.compile(r"\d+").scanner(text).search, None)):
        it, got = make(), [[] for _ in range(s.threads)]

        def work(i, rng):
            for match in it:
                got[i].append(int(match.group()))
        s.together(work)
        s.check(sorted(n for g in got for n in g) == list(range(1500)), "given twice or never")
        for g in got:
            s.check(g == sorted(g), "out of order for one thread")


def shared_pattern(s):
    pattern = re.compile(r"(?P<key>\w+)=(?P<value>\d+)|(?P<other>[^;]+)")
    templates = [r"\g<value>:\g<key>", r"<\1>", r"\2-\1-\2", r"\g<other>!", "plain"]
    text = ";".join("k%d=%d" % (n, n) for n in range(60)) + ";rest"
    expected = {template: pattern.sub(template, text) for template in templates}

    def work(i, rng):
        for _ in range(40):
            template = rng.choice(templates)
            s.check(pattern.sub(template, text) == expected[template], "another template's text")
            count = 0
            for match in pattern.finditer(text):
                s.check(match["key"] is None or match["key"][1:] == match["value"], match)
                count += 1
            s.check(count == 61, count)
            s.check(hash(pattern) == hash(re.compile(pattern.pattern)) and pattern == re.compile(pattern.pattern))
    s.together(work)


def shared_match(s):
    for _ in range(50):
        match = re.match(r"(a)(b)?(c)", "ac")
        regs = [None] * s.threads

        def work(i, rng):
            regs[i] = match.regs
            s.check(match.groups("-") == ("a", "-", "c") and match.expand(r"\3\1") == "ca", match)
        s.together(work)
        s.check(all(r == ((0, 2), (0, 1), (-1, -1), (1, 2)) for r in regs), regs)


def equal_keys(s):
    """Looked up with keys of the thread's own, while another thread takes them out and puts others in."""
    table, members = {}, set()

    def make(n):
        return (str, "key %d" % n, n), "key %d" % n

    def put(n):
        for key in make(n):
            table[key] = n
            members.add(key)

    for n in range(20):
        put(n)

    def look(i, rng):
        for _ in range(3000):
            n = rng.randrange(20)
            for key in make(n):
                s.check(table.get(key, n) == n, "another key's value")
                s.check(key in members or n >= 10, "a key that is always there")
                s.check(key in table or n >= 10, "a key that is always there")

    def change(i, rng):
        for _ in range(1500):
            n = rng.randrange(10, 20)
            for key in make(n):
                table.pop(key, None)
                members.discard(key)
            put(n)
    s.together(look, look, change)


def matches_outlive(s):
    """Matches that are used after their iterator, and by other threads than found them."""
    pattern = re.compile(r"(?P<word>[a-z]+)|(?P<number>\d+)|([.;])")
    text = "ab 12 . cd; 345 " * 20
    expected = [(m.lastgroup, m.group()) for m in pattern.finditer(text)]
    found = [None] * s.threads

    def work(i, rng):
        for _ in range(30):
            matches = list(pattern.finditer(text))
            found[i] = matches
            s.check([(m.lastgroup, m[0]) for m in matches] == expected, "own")
            other = found[rng.randrange(s.threads)]
            if other:
                s.check([(m.lastgroup, m[0]) for m in other] == expected, "others'")
                s.check(other[-1].re is pattern and other[0]["word"] == "ab", "the pattern")
    s.together(work)


def changing_bytearray(s):
    array = bytearray(b"ab12cd" * 300)
    pattern = re.compile(rb"[a-z]+(\d+)")

    def search(i, rng):
        for _ in range(60):
            for match in pattern.finditer(array):
                s.check(0 <= match.start() < match.end() <= 6000, match)
            pattern.sub(rb"<\1>", array)

    def change(i, rng):
        for _ in range(3000):
            try:
                if rng.random() < 0.5:
                    array.append(rng.randrange(256))
                else:
                    del array[-1:]
            except BufferError:
                pass
    s.together(search, search, change)


def compiling(s):
    def work(i, rng):
        for _ in range(15):
            words = ["w%d" % rng.randrange(40) for _ in range(rng.randrange(1, 5))]
            pattern = "(" + "|".join(words) + r")\b(?:-(\d+))?"
            match = re.search(pattern, "x %s-7 y" % words[-1])
            s.check(match and match.group(2) == "7", pattern)
            if rng.random() < 0.1:
                re.purge()
    s.together(work)


main(shared_scanner, shared_pattern, shared_match, equal_keys, matches_outlive, changing_bytearray, compiling)
