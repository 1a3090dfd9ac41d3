# sys.setprofile, errors in trace functions, f_locals, f_trace_opcodes, f_lineno.
import sys
ev=[]
def prof(f,e,a):
    ev.append((f.f_code.co_name,e,f.f_lineno-f.f_code.co_firstlineno,a if e in('call','return') else getattr(a,'__name__',a)))
def g(x): return len(x)+abs(-1)
def h():
    a=[3,1,2]; a.sort(); a.append(4)
    try: [].pop()
    except IndexError: pass
    sorted(a,key=lambda v:-v)
    str.upper('a'); print(*a); dict(a=1); max(1,2,key=None)
    return g(a)
def gen():
    yield 1
    yield 2
def k():
    for i in gen(): pass
    list(gen())
for f in (h,k):
    sys.setprofile(prof)
    f()
    sys.setprofile(None)
    for e in ev: print(e)
    ev.clear()
# errors in the functions
def bad(f,e,a): raise ValueError(e)
def z(): return 1
for what in (sys.settrace, sys.setprofile):
    what(bad)
    try: z()
    except ValueError as e: print('bad',e)
    print(sys.gettrace(), sys.getprofile())
def once(f,e,a):
    print(f.f_code.co_name,e)
sys.settrace(once); z(); z(); sys.settrace(None)
# locals
def loc():
    x=1
    y=x
    return x,y
def change(f,e,a):
    if e=='line' and f.f_code.co_name=='loc':
        l=f.f_locals
        if 'x' in l and 'y' not in l: l['x']=42
    return change
sys.settrace(change); r=loc(); sys.settrace(None); print(r)
def ex():
    exec('q=3'); print(locals()['q'], sorted(locals()))
ex()
def ops(f,e,a):
    f.f_trace_opcodes=True; f.f_trace_lines=False
    global n
    if e=='opcode': n+=1
    elif e=='line': print('line?')
    return ops
n=0; sys.settrace(ops); loc(); sys.settrace(None); print(n>3)
def jump():
    a=[]
    a.append(1)
    a.append(2)
    a.append(3)
    return a
def jmp(f,e,a):
    if e=='line' and f.f_lineno==jump.__code__.co_firstlineno+3: f.f_lineno+=1
    return jmp
sys.settrace(jmp); r=jump(); sys.settrace(None); print(r)
def jump2():
    a=[]
    for i in range(3):
        a.append(i)
    a.append(9)
    return a
def mk(frm,to,errs):
    done=False
    def jmp(f,e,a):
        nonlocal done
        if e=='line' and f.f_lineno==f.f_code.co_firstlineno+frm and not done and f.f_code.co_name.startswith('jump'):
            done=True
            try: f.f_lineno=f.f_code.co_firstlineno+to
            except ValueError as x: errs.append(str(x))
        return jmp
    return jmp
for frm,to in ((1,3),(3,4),(4,3),(3,5),(3,1),(1,77),(2,-9),(4,2)):
    errs=[]
    sys.settrace(mk(frm,to,errs))
    try: r=jump2()
    except Exception as e: r=repr(e)
    finally: sys.settrace(None)
    print(frm,to,r,errs)
def jump3():
    a=[]
    try:
        a.append(1)
        1/0
    except ZeroDivisionError as e:
        a.append(2)
        a.append(3)
    a.append(4)
    return a, sys.exc_info()
for frm,to in ((3,6),(6,3),(6,8),(1,6),(8,3),(7,6)):
    errs=[]
    sys.settrace(mk(frm,to,errs))
    try: r=jump3()
    except Exception as e: r=repr(e)
    finally: sys.settrace(None)
    print(frm,to,r,errs)
print(sys.call_tracing(z,()))
print(type(sys._current_exceptions()), list(sys._current_frames().values())[0] is sys._getframe())
