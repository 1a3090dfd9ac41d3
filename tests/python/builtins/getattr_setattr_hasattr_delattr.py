class C:
    x = 1
    @property
    def p(self): raise AttributeError("property failed")
    @property
    def v(self): raise ValueError("value error passes")


c = C()
print(getattr(c, "x"), getattr(c, "y", 2), getattr(c, "y", None), hasattr(c, "x"), hasattr(c, "y"), hasattr(c, "p"), getattr(c, "p", "default"))
setattr(c, "y", 5); print(c.y, c.__dict__); delattr(c, "y"); print(hasattr(c, "y"))
setattr(c, "not an identifier", 1); print(getattr(c, "not an identifier"))
for f in (lambda: getattr(c, "zz"), lambda: getattr(c, 5), lambda: getattr(c), lambda: hasattr(c, 5), lambda: hasattr(c, "v"), lambda: setattr(c, 5, 1), lambda: delattr(c, "zz"), lambda: setattr(c, "p", 1), lambda: setattr(5, "a", 1), lambda: delattr(5, "real"), lambda: getattr(c, "v", 1), lambda: getattr(1, 2, 3), lambda: getattr(c, "a", 1, 2), lambda: setattr(c, "a")):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(getattr(5, "real"), getattr([], "append").__name__, getattr("a", "upper")(), hasattr(int, "from_bytes"), getattr(len, "__name__"))
