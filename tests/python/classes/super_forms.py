class A:
    x = "A.x"

    def f(self, a):
        return ["A", a]

    @classmethod
    def c(cls):
        return "A.c", cls.__name__

    @staticmethod
    def s():
        return "A.s"

    @property
    def p(self):
        return "A.p"


class B(A):
    x = "B.x"

    def f(self, a):
        return ["B"] + super().f(a) + super(B, self).f(a)

    @classmethod
    def c(cls):
        return super().c() + ("B",)

    @staticmethod
    def s():
        return super(B, B).s()

    @property
    def p(self):
        return super().p + "B"

    def sx(self):
        return super().x, super(B, self).x

    def nested(self):
        return [super(B, self).x for _ in range(1)]

    def cls(self):
        return __class__


b = B()
print(b.f(1), B.c(), b.s(), b.p, b.sx(), b.nested(), b.cls() is B)
s = super(B, b)
print(s.__self__ is b, s.__thisclass__, s.__self_class__)
print(repr(super(B, B)))
for f in (lambda: super(), lambda: super(B, 1), lambda: super(1), lambda: super(B, A()), lambda: super(B, b).nope,
          lambda: super(B).f):
    try:
        f()
    except (RuntimeError, TypeError, AttributeError) as e:
        print(type(e).__name__, e)


def no_args():
    super()


try:
    no_args()
except RuntimeError as e:
    print(e)


class C(B):
    def f(this, a):
        return super().f(a)[:1]

    def deleted(self):
        del self
        super()


print(C().f(0))
try:
    C().deleted()
except RuntimeError as e:
    print(e)
try:
    super(B, b).x = 1
except AttributeError as e:
    print(e)


class OwnSuper(super):
    pass


for kind in super, OwnSuper:
    for args in (1,), (1, int), (int, 1):
        try:
            print(kind(*args))
        except TypeError as e:
            print(kind.__name__, args, e)
