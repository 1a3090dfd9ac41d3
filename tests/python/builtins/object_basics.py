o = object()
print(o == o, o != o, o == object(), isinstance(o, object), bool(o), object.__name__, object.__bases__, object.__mro__, o.__class__, o.__doc__ is not None)
for f in (lambda: o < o, lambda: setattr(o, "x", 1), lambda: o.x, lambda: o(), lambda: o + o, lambda: len(o), lambda: object(1), lambda: object().__init__(1), lambda: object.__new__(int), lambda: o[0]):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
print(o.__eq__(5), o.__ne__(o), o.__lt__(1), o.__hash__() == hash(o), o.__str__() == repr(o), o.__sizeof__() > 0, o.__reduce_ex__.__name__, o.__format__("") == str(o), o.__dir__() != [], object.__subclasshook__(int), o.__init_subclass__())
try:
    o.__format__("x")
except TypeError as e:
    print(e)
print(None.__class__.__name__, type(None)() is None, NotImplemented.__class__.__name__, type(...)() is ..., None == None, None is None, repr(None), hash(None) == hash(None), bool(None))
for f in (lambda: None(), lambda: None.x, lambda: None + 1, lambda: None < None, lambda: type(None)(1), lambda: setattr(None, "x", 1), lambda: len(None), lambda: None[0], lambda: next(None)):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)
