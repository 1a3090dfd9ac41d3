# A lookup whose __eq__ changes the dict: how often it is called, and what is found.
import weakref

d = {}
calls = 0
action = None


class Key:
    def __init__(self, name, hash=7):
        self.name, self.hash = name, hash

    def __hash__(self):
        return self.hash

    def __eq__(self, other):
        global calls
        calls += 1
        if action:
            action()
        return self.name == other.name

    def __repr__(self):
        return self.name


def fresh():
    global d, calls, action
    action = None
    d = {Key(c): c for c in "abcd"}
    d.update({i: i for i in range(20)})
    for i in range(15):
        del d[i]
    calls = 0


def look(what, text):
    global action
    fresh()
    action = what
    try:
        result = eval(text)
    except Exception as e:
        result = repr(e)
    action = None
    print(text, result, calls, list(d))


once = []


def another():
    if not once:
        once.append(1)
        d[Key("d", 8)] = "other"


for text in "d[Key('d')]", "Key('d') in d", "d.get(Key('x'))", "d.pop(Key('c'))", "d.setdefault(Key('b'), 1)", \
        "d.setdefault(Key('y'), 1)", "d.update({Key('a'): 2})", "d.__delitem__(Key('c'))", "d.pop(Key('y'), 0)":
    look(lambda: d.pop(19, None), text)
    look(lambda: d.pop(15, None) or d.pop(16, None), text)
    once.clear()
    look(another, text)
    look(lambda: d.__setitem__(17, calls), text)

# The key that is being compared goes, and comes back.


def renew():
    k = next(iter(d))
    if isinstance(k, Key):
        v = d.pop(k)  # found by identity
        d[k] = v  # compares with the others


fresh()
k = list(d)[3]
seen = []


def take_away():
    global action
    action = None
    seen.append(d.pop(k))


action = take_away
print(d.get(Key("d"), "gone"), seen, calls)

# Everything goes, or the last ones, and equal keys come where others were.


def replace():
    global action
    action = None
    d.clear()
    for c in "dcba":
        d[Key(c)] = c.upper()


def replace_last():
    global action
    action = None
    for i in range(9):
        d.popitem()
    for c in "zdcba":
        d[Key(c)] = c.upper()


for what in replace, replace_last:
    for c in "abcdz":
        fresh()
        action = what
        print(c, d.get(Key(c)), list(d.items()))
        fresh()
        action = what
        d[Key(c)] = 1
        print(c, list(d.items()))

# A dict that grows with each comparison.
fresh()
action = lambda: d.__setitem__(100 + len(d), 0)
print(Key("d") in d, Key("nobody") in d, len(d) > 20)
action = None

# Weak keys that go while one is deleted.


class Weak:
    def __init__(self, value):
        self.value = value

    def __hash__(self):
        return hash(self.value)

    def __eq__(self, other):
        if mutate:
            del objects[-1]
        return self.value == other.value


mutate = False
for number in range(1, 9):
    w = weakref.WeakKeyDictionary()
    objects = [Weak(i) for i in range(number)]
    for o in objects:
        w[o] = o.value
    del o
    mutate = True
    deleted = 0
    for o in objects:
        deleted += 1
        del w[o]
    mutate = False
    print(number, deleted, len(w))
