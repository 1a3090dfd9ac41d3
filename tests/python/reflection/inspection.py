# What inspect, traceback, types and the class machinery see.
import inspect, dis, io, types, sys, functools, traceback, dataclasses, typing, enum, contextlib
x=5
def outer(a, /, b:int=2, *c, d, e=3, **f) -> str:
    """Doc."""
    def inner():
        return a+x+len(c)
    return inner
print(inspect.signature(outer), inspect.getdoc(outer))
print(inspect.getclosurevars(outer(1,d=2)))
print(inspect.getsource(outer))
print(inspect.getfullargspec(outer))
def g():
    z = yield 1
    yield from [2,3]
q=g()
print(inspect.getgeneratorstate(q)); next(q); print(inspect.getgeneratorstate(q), inspect.getgeneratorlocals(q)); next(q); print(q.gi_yieldfrom.__class__, q.gi_suspended, q.gi_running); list(q); print(inspect.getgeneratorstate(q), q.gi_frame)
fr=inspect.currentframe(); print(inspect.getframeinfo(fr)[1:4], inspect.getframeinfo(fr).positions)
print([f.function for f in inspect.stack()])
def bad():
    return {}['k'] + (1 /
        0)
try: bad()
except KeyError as e:
    print(traceback.format_exc()); print(inspect.trace()[-1][3])
    tb=e.__traceback__
    print(tb.tb_lineno, tb.tb_next.tb_lineno, [ (s.lineno,s.colno,s.end_colno) for s in traceback.extract_tb(tb)])
buf=io.StringIO(); dis.dis(outer,file=buf); print(len(buf.getvalue())>10)
buf=io.StringIO(); dis.show_code(outer,file=buf); print(buf.getvalue().split('\n')[0:1])
c=outer.__code__
print(c.co_name,c.co_qualname,c.co_argcount,c.co_posonlyargcount,c.co_kwonlyargcount,c.co_varnames,c.co_cellvars,c.co_freevars,c.co_flags&0x1f,c.co_firstlineno,isinstance(c.co_code,bytes),c.co_nlocals,c.co_names)
d=c.replace(co_name='new',co_firstlineno=100); print(d.co_name,d.co_firstlineno,d==c,hash(c)==hash(c.replace()))
def h(a,b=1): return a,b
def k(a,b=7): return a*b
h.__code__=k.__code__; print(h(3)); h.__defaults__=(9,); print(h(2)); h.__kwdefaults__={'q':1}; print(h.__kwdefaults__)
try: h.__code__=outer(1,d=2).__code__
except ValueError as e: print(e)
try: h.__closure__=()
except AttributeError as e: print(e)
print(h.__builtins__ is __builtins__.__dict__ , types.FunctionType(k.__code__,{},'nm',(5,)).__name__)
try: types.FunctionType(outer(1,d=2).__code__,{})
except TypeError as e: print(e)
f2=types.FunctionType(outer(1,d=2).__code__,globals(),'n2',None,outer(4,d=1).__closure__); print(f2())
class Meta(type):
    @classmethod
    def __prepare__(m,n,b,**k): print('prep',n,k); return {'pre':1}
    def __new__(m,n,b,ns,**k): return super().__new__(m,n,b,ns)
    def __init__(c,n,b,ns,**k): pass
class P:
    def __set_name__(s,o,n): print('set_name',o.__name__,n)
class B:
    def __init_subclass__(cls,**k): print('init_sub',cls.__name__,k)
    def __class_getitem__(cls,i): return (cls.__name__,i)

class D(metaclass=Meta,z=3): p=P()
class E(B,w=2): pass
print(E[int], D.pre)
class M:
    def __mro_entries__(s,b): return (B,)
class F(M()): pass
print(F.__orig_bases__[0].__class__, F.__mro__[1])
@functools.singledispatch
def sd(a): return 'base'
@sd.register
def _(a:int): return 'int'
@sd.register(list)
def _(a): return 'list'
print(sd(1),sd([]),sd('a'))
def ml(s):
    match s:
        case {'a':1,**r}: return 'm',r
        case [1,*m,3]: return 's',m
        case complex(real=1)|str(): return 'c'
        case int(v) if v>3: return v
        case None|True: return 'n'
        case (a,b) as t: return t
        case _: return '_'
for s in ({'a':1,'b':2},[1,2,3],1j+1,'q',7,None,(1,2),object): print(ml(s))
try:
    try: raise ExceptionGroup('g',[ValueError(1),TypeError(2),ExceptionGroup('h',[KeyError(3)])])
    except* ValueError as e: print('v',e.exceptions)
    except* KeyError as e: print('k',e.exceptions)
except ExceptionGroup as e: print('rest',e, e.exceptions)
def deep(n):
    import ast
    return ast.parse('('*n+')'*n)
for s in ('('*150+')'*150, '-'*5000+'1', 'x'+'.a'*5000, '['*99+']'*99):
    try: compile(s,'','eval'); print('ok')
    except (SyntaxError,RecursionError,MemoryError) as e: print(type(e).__name__)
l=[]; 
for i in range(100000): l=[l]
for fn in (repr, lambda l: l==[l], str):
    try: fn(l); print('ok')
    except RecursionError as e: print(e)
del l
print(sys.exception(), sys.exc_info())
