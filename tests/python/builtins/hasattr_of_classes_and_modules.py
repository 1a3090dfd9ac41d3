# getattr() with a default and hasattr() on classes and modules: what a class, its metaclass and a module's
# __getattr__ say, and which exceptions mean that there is nothing.
import types


class Descriptor:
    def __init__(self, error=None):
        self.error = error

    def __get__(self, instance, owner):
        print('get', instance is None or type(instance).__name__, owner.__name__)
        if self.error:
            raise self.error
        return 'got'


class Data(Descriptor):
    def __set__(self, instance, value):
        pass


class SetOnly:
    def __set__(self, instance, value):
        pass


class Meta(type):
    on_meta = 'plain'
    both = Data()
    hidden = Descriptor()
    set_only = SetOnly()
    lost = Data(AttributeError('lost'))
    broken = Descriptor(KeyError('broken'))
    method = lambda cls: cls.__name__


class A(metaclass=Meta):
    x = 1
    both = 'shadowed by the metaclass'
    hidden = 'hides the metaclass'
    set_only = 'own'
    own = Descriptor()
    missing = Descriptor(AttributeError('missing'))
    wrong = Descriptor(ValueError('wrong'))


class B(A):
    y = 2


def show(function, *args):
    try:
        print(args[-1], '->', function(*args))
    except Exception as error:
        print(args[-1], type(error).__name__, error, error.name if 'has no' in str(error) else '')


for name in 'x y both hidden set_only own missing wrong lost broken on_meta nothing __name__ __copy__'.split():
    print(name, end=': ')
    show(lambda c, n: getattr(c, n, 'default'), B, name)
    show(hasattr, B, name)
    show(getattr, B, name)
print(B.method(), getattr(B, 'method', None)(), getattr(int, '__copy__', None), hasattr(int, 'from_bytes'), hasattr(type, 'mro'))
for wrong in (5, None):
    show(lambda c, n: getattr(c, n, 1), A, wrong)
    show(hasattr, A, wrong)


class Answering(type):
    def __getattr__(cls, name):
        if name.startswith('a'):
            return cls.__name__ + '.' + name
        raise AttributeError(name)


class C(metaclass=Answering):
    pass


print(getattr(C, 'abc', None), getattr(C, 'xyz', None), hasattr(C, 'a'), hasattr(C, 'b'))

module = types.ModuleType('module')
module.x = 1
print(getattr(module, 'x', None), getattr(module, 'y', 'default'), hasattr(module, 'y'), hasattr(module, '__dict__'))
show(getattr, module, 'y')


def answer(name):
    print('asked for', name)
    if name == 'z':
        return 26
    raise KeyError(name) if name == 'k' else AttributeError(name)


module.__getattr__ = answer
print(getattr(module, 'z', None), getattr(module, 'y', 'default'), hasattr(module, 'y'))
show(lambda m, n: getattr(m, n, 0), module, 'k')
show(hasattr, module, 'k')


class Module(types.ModuleType):
    @property
    def p(self):
        raise AttributeError('p')


m = Module('m')
print(getattr(m, 'p', 'default'), hasattr(m, 'q'))
m.__getattr__ = lambda name: name * 2
print(getattr(m, 'p', 'default'), m.q)
