# Attributes that an instance gets late lie outside it; one site adds them to instances of several shapes.
class Plain:
    def __init__(self):
        self.a = 1


class Watched:
    def __init__(self):
        self.a = 1


def add(thing, value):
    thing.late = value


def remove(thing):
    del thing.late


def fill(thing, count):
    for i in range(count):
        setattr(thing, 'x%d' % i, i)
    return thing


# The same site: adds, replaces, adds again after a removal.
first = Plain()
for i in range(6):
    add(first, i)
    add(first, -i)
    print(first.late, list(first.__class__.__mro__[0].__name__), hasattr(first, 'late'))
    remove(first)
    print(hasattr(first, 'late'), end=' ')
print()

# Instances with ever more attributes before it, the array outside growing on the way.
for count in range(20):
    for _ in range(3):
        thing = fill(Plain(), count)
        add(thing, count)
        thing.after = 'a'
        print(thing.late, thing.after, sum(getattr(thing, 'x%d' % i) for i in range(count)), end='; ')
    remove(thing)
    print(hasattr(thing, 'late'), thing.after, sorted(vars(thing)) == sorted(['a', 'after'] + ['x%d' % i for i in range(count)]))
    add(thing, 'again')
    print(thing.late, list(vars(thing))[-1])

# A data descriptor that comes later takes what the site stores.
things = [fill(Watched(), 5) for _ in range(4)]
for thing in things[:2]:
    add(thing, 1)


class Descriptor:
    def __get__(self, instance, owner=None):
        return 'descriptor'

    def __set__(self, instance, value):
        print('set', value)


Watched.late = Descriptor()
for thing in things:
    add(thing, 2)
print([thing.late for thing in things], ['late' in vars(thing) for thing in things])
del Watched.late
for thing in things:
    add(thing, 3)
print([thing.late for thing in things])

# So does __setattr__.
Watched.__setattr__ = lambda self, name, value: print('setattr', name, value)
fresh = Watched()
add(fresh, 4)
print(vars(fresh))
