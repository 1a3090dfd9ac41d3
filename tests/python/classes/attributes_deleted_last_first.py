# SPDX-License-Identifier: MIT
# Attributes that are added and deleted again, the newest, the oldest and one between, by one place in the code.


class Few:
    def __init__(self):
        self.x = 1
        self.y = 2


class Cells:
    __slots__ = ('a', 'b', '__dict__')


class Setter:
    def __setattr__(self, name, value):
        object.__setattr__(self, name, ('set', value))


class Descriptor:
    def __set__(self, o, value):
        o.__dict__['kept'] = value

    def __delete__(self, o):
        print('deleted', o.__dict__.pop('kept'))


class Data:
    z = Descriptor()


def turn(o, value):
    o.z = value
    seen = dict(o.__dict__)
    del o.z
    return seen, dict(o.__dict__)


def many(o):
    for i in range(12):
        o.z = i
        o.w = -i
        if i % 3 == 0:
            del o.z
        else:
            del o.w
        if i % 3 != 2:
            print(o.__dict__)
    for name in list(o.__dict__):
        delattr(o, name)
    print(o.__dict__)


for o in (Few(), Cells(), Setter(), Data(), Few()):
    for i in range(5):
        print(turn(o, i))
o = Few()
del o.x
print(turn(o, 5), o.y, hasattr(o, 'x'))
many(Few())
many(Cells())
c = Cells()
c.a = 1
c.z = 2
del c.z
print(c.a, hasattr(c, 'z'), hasattr(c, 'b'))
del c.a
try:
    del c.a
except AttributeError as e:
    print(e)
o = Few()
turn(o, 1)
Few.z = Descriptor()
print(turn(o, 2))
del Few.z
print(turn(o, 3))
try:
    del o.z
except AttributeError as e:
    print(e)
