# Attributes of modules stored again and again at one place.
import types


def store(module, value):
    module.x = value


a, b = types.ModuleType('a'), types.ModuleType('b')
for i in range(4):
    store(a, i)
print(a.x)
for m in a, b, a, b:
    store(m, m.__name__)
print(a.x, b.x)
del a.x
print(hasattr(a, 'x'))
store(a, 'again')
print(a.x, list(a.__dict__)[-1])
a.__dict__.clear()
store(a, 'cleared')
print(a.x, a.__dict__)
a.__dict__[1] = 2
for i in range(3):
    store(a, i)
print(a.__dict__)


class Sub(types.ModuleType):
    @property
    def x(self):
        return 'property'

    @x.setter
    def x(self, value):
        print('set', value)


s = Sub('s')
for m in b, s, b, s:
    store(m, 'v')
print(b.x, s.x, 'x' in s.__dict__)
b.__class__ = Sub
store(b, 'w')
print(b.__dict__['x'])


class Plain:
    pass


class Refuses(types.ModuleType):
    def __setattr__(self, name, value):
        print('refused', name)


p = Plain()
for m in p, Refuses('r'), a, p, a:
    store(m, 'mixed')
print(p.x, a.x)


def store_dict(module):
    module.__dict__ = {}


for i in range(3):
    try:
        store_dict(a)
    except AttributeError as e:
        print(e)


def load(module):
    return module.x


store(a, 1)
print([load(a), store(a, 2), load(a), store(a, print), load(a) is print, store(a, 3), load(a)])


# Stored objects die when they are replaced.
class Dies:
    def __del__(self):
        print('dies')


for i in range(3):
    store(a, Dies())
store(a, None)
