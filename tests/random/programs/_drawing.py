# SPDX-License-Identifier: MIT
"""What the random programs share: numbers drawn alike everywhere, and output in which two interpreters can agree.

A program is run as `PROGRAM SEED [ROUNDS]`. A round draws from a generator of its own, so that ROUNDS may be a number or
FIRST-LAST: round 17 alone (17-17) is the round 17 of a longer run, but for what the rounds before left in caches.
Every line that a program says begins with its round.
"""
import re
import sys
import types

ADDRESS = re.compile(r"(\bat|@) 0x[0-9a-f]+")
current_round = 0


class Draw:
    """A small generator of random numbers (splitmix64, by Steele, Lea and Flood), the same in every interpreter."""

    def __init__(self, seed):
        self.state = seed * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF

    def bits(self):
        self.state = self.state + 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
        z = self.state
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & 0xFFFFFFFFFFFFFFFF
        z = (z ^ z >> 27) * 0x94D049BB133111EB & 0xFFFFFFFFFFFFFFFF
        return z ^ z >> 31

    def below(self, n):
        return self.bits() % n

    def between(self, first, last):
        return first + self.bits() % (last - first + 1)

    def wide(self, bits):
        """An int of up to so many bits, however many."""
        value = 0
        for _ in range(0, bits, 64):
            value = value << 64 | self.bits()
        return value & (1 << bits) - 1

    def fraction(self):
        """A float from 0 to below 1."""
        return (self.bits() >> 11) * 2.0**-53

    def chance(self, percent):
        return self.bits() % 100 < percent

    def pick(self, items):
        return items[self.bits() % len(items)]

    def sample(self, items, n):
        """n of the items, each at most once, in a random order."""
        left = list(items)
        return [left.pop(self.bits() % len(left)) for _ in range(n)]


def mask(text):
    """Text without the addresses of objects, which differ from run to run."""
    return ADDRESS.sub(r"\1 0x...", text)


def show(value, most=400):
    """repr() in at most so many characters, without addresses and in the letters that every terminal has.

    The elements of a set stand in the order of their own representations, where that is not sure to be the same
    everywhere: it is for ints.
    """
    try:
        text = mask(ordered(value))
    except Exception as error:
        text = "repr() raises " + describe(error)
    return printable(text)[:most]


def ordered(value):
    if isinstance(value, (set, frozenset)) and not all(type(item) is int for item in value):
        return type(value).__name__ + "{" + ", ".join(sorted(ordered(item) for item in value)) + "}"
    if type(value) in (list, tuple) and any(isinstance(item, (set, frozenset)) for item in value):
        return type(value).__name__ + "(" + ", ".join(ordered(item) for item in value) + ")"
    if isinstance(value, types.GeneratorType):
        return "generator"
    return repr(value)


def printable(text):
    return text.replace("\n", "\\n").encode("ascii", "backslashreplace").decode()


def describe(error, most=400):
    """The type and the message of an exception."""
    try:
        text = f"{type(error).__name__}: {error}"
    except Exception as second:
        text = f"{type(error).__name__}, whose str() raises {type(second).__name__}"
    return printable(mask(text))[:most]


def outcome(action, *arguments, most=400):
    """What the action gives or raises, as text."""
    try:
        return show(action(*arguments), most)
    except Exception as error:
        return describe(error, most)


def say(*parts):
    print(current_round, *parts)


def actions(parameters, lines, names):
    """Functions of these parameters, one for each line of code: [(line, function), ...]. An expression is returned.

    What is drawn again and again is always the same code, so that what its inline caches remember is used again.
    """
    made = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        try:
            compile(line, "<action>", "eval")
            body = "return " + line
        except SyntaxError:
            body = line
        scope = {}
        exec(f"def action({parameters}):\n    {body}\n", names, scope)
        made.append((line, scope["action"]))
    return made


def say_unraisable(unraisable):
    say("unraisable", describe(unraisable.exc_value))


def run(play_round, rounds, unraisablehook=say_unraisable):
    """Calls play_round(draw) for each round that the command line asks for; `rounds` is how many that are by default."""
    global current_round
    seed = int(sys.argv[1])
    first, _, last = (sys.argv[2] if len(sys.argv) > 2 else str(rounds)).partition("-")
    numbers = range(int(first), int(last) + 1) if last else range(int(first))
    sys.unraisablehook = unraisablehook
    for current_round in numbers:
        play_round(Draw(seed * 1_000_003 + current_round))
