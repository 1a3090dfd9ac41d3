import types, sys
def f(): pass
def g(): yield


print(type(f) is types.FunctionType, type(g()) is types.GeneratorType, type(len) is types.BuiltinFunctionType, type(sys) is types.ModuleType, type([].append) is types.BuiltinMethodType, type(f.__code__) is types.CodeType, type(None) is types.NoneType, types.LambdaType is types.FunctionType, type(int.__dict__["real"]) is types.GetSetDescriptorType, type(str.join) is types.MethodDescriptorType, type(int.__add__) is types.WrapperDescriptorType, type(type.__dict__) is types.MappingProxyType)
n = types.SimpleNamespace(a=1, b="x"); n.c = [n.a]; print(n, n.a, n == types.SimpleNamespace(a=1, b="x", c=[1]), n.__dict__); del n.c; print(n)
m = types.MappingProxyType({"a": 1}); print(m["a"], len(m), list(m), m.get("z"), "a" in m, m | {"b": 2}, m == {"a": 1}, m)
try:
    m["x"] = 1
except TypeError as e:
    print(e)
mod = types.ModuleType("mymod", "docs"); mod.x = 1; print(mod, mod.__doc__, mod.__name__, mod.x, sorted(mod.__dict__))
try:
    mod.nope
except AttributeError as e:
    print(e)
b = types.MethodType(lambda self, x: (self, x), 5); print(b(1), b.__self__)
for bad in (lambda: types.MethodType(1, 2), lambda: types.FunctionType(1, {}), lambda: types.ModuleType(), lambda: types.MappingProxyType(5), lambda: types.GeneratorType(), lambda: types.NoneType(1), lambda: types.CodeType()):
    try:
        bad()
    except TypeError as e:
        print(str(e).split(",")[0])
class V:
    def __get__(self, o, t): return "dynamic"


class K:
    @types.DynamicClassAttribute
    def d(self): return "instance only"


print(K().d, types.resolve_bases((object,)), types.prepare_class("X")[0])
