# marshal of code, files of compiled code, importlib's view of them.
import marshal, types, sys, os, importlib, importlib.util, py_compile, tempfile
src='''
"""doc"""
import os
def f(a, b=2, *c, d, **e):
    """fdoc"""
    def g(): return a, 1.5, 3+4j, b'x', 'é', (1, (2, None)), ..., 10**30, {1,2}
    try:
        return g()
    except ValueError as x:
        raise
class A:
    x: int = 3
    async def m(self):
        async for i in self: yield i
'''
c=compile(src,'<s>','exec')
d=marshal.loads(marshal.dumps(c))
print(c==d, d.co_filename, d.co_consts==c.co_consts)
ns={}; exec(d,ns); print(ns['f'](1,d=1), ns['f'].__doc__, ns['A'].__annotations__)
print(list(c.co_lines())==list(d.co_lines()), list(c.co_positions())==list(d.co_positions()))
def write(path, text):
    with open(path, 'w') as f:
        f.write(text)
t=tempfile.mkdtemp(); sys.path.insert(0,t); sys.dont_write_bytecode=False
p=os.path.join(t,'modc.py'); write(p,'v=1\ndef f(): return v\n')
import modc; print(os.listdir(os.path.join(t,'__pycache__'))==['modc.%s.pyc'%sys.implementation.cache_tag], modc.__cached__==importlib.util.cache_from_source(p), modc.f())
del sys.modules['modc']; m=importlib.import_module('modc'); print(m.f(), m.__cached__==modc.__cached__)
write(p,'v=22\ndef f(): return v\n'); importlib.reload(m); print(m.v)
py_compile.compile(p,doraise=True); del sys.modules['modc']; import modc; print(modc.v)
spec=importlib.util.spec_from_file_location('other',p); o=importlib.util.module_from_spec(spec); spec.loader.exec_module(o); print(o.f(), o.__spec__.cached==modc.__cached__)
print(len(importlib.util.MAGIC_NUMBER), importlib.util.MAGIC_NUMBER[2:])
for bad in (b'c', b'c'+b'\0'*100, marshal.dumps(c)[:200]):
    try: marshal.loads(bad)
    except (EOFError,ValueError) as e: print(type(e).__name__)
