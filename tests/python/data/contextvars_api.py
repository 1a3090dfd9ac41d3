# _contextvars: contexts, variables, tokens, and every error they raise. Addresses are cut out of the texts.
import contextvars as c
import threading


def cut(text):
    while " at 0x" in text:
        before, _, after = text.partition(" at 0x")
        text = before + after[after.index(">"):]
    return text


def a(f,*x,**k):
    try: print(cut(str(f(*x, **k))))
    except BaseException as e: print(type(e).__name__, cut(str(e)))
print(c.Context, c.ContextVar, c.Token, c.Token.MISSING)
a(c.Context,1);a(c.ContextVar);a(c.ContextVar,1);a(c.ContextVar,'x',d=2);a(c.Token)
a(c.Context().run);a(c.Context().__getitem__,1);a(c.Context().get,1);a(c.Context().get);a(c.Context().__contains__,1)
x=c.Context(); v=c.ContextVar('v',default=3)
a(x.run,x.run,print);a(lambda:x.run(lambda:x.run(print)))
a(lambda:type('T',(c.Context,),{}));a(lambda:type('T',(c.Token,),{}));a(lambda:type('T',(c.ContextVar,),{}))
a(v.get);a(c.ContextVar('w').get); a(c.ContextVar('w').get,5);a(c.ContextVar('w').get,5,6)
t=v.set(5);a(lambda:t.old_value);a(v.reset,3);v.reset(t);a(lambda: str(v.reset(t))[:10]);
w=c.ContextVar('w');t=w.set(1);t2=v.set(9);a(v.reset,t);a(lambda:x.run(w.reset,t))
print(t.var is w,t.old_value); a(setattr,t,'var',1)
x.run(v.set,1);a(lambda:list(x.values()));a(lambda:len(x));a(lambda:list(x.items())[0][1]);a(lambda:x==x.copy());a(lambda:x==c.Context());a(hash,x);a(lambda:x==1);a(lambda: x<x)
print(type(x.keys()),type(x.items()),type(x.values()),type(iter(x)))
print(c.ContextVar[int],c.Token[int]);a(lambda:c.Context[int])
print(v.get.__text_signature__, c.ContextVar.__text_signature__, x.get(v), x.get(w), x.get(w,4), v in x, w in x)
a(lambda:v.foo); a(lambda: setattr(v,'foo',1)); a(lambda: v.name); a(lambda:setattr(v,'name',1))
a(lambda: x.__setitem__(v,1)); a(lambda: x[w])


# Maps of many variables, copies that stay as they were, and each thread its own context.
many = [c.ContextVar(f"m{i}") for i in range(200)]
tokens = [m.set(i) for i, m in enumerate(many)]
copy = c.copy_context()
for t, m in list(zip(tokens, many))[::2]:
    m.reset(t)
print(sum(m.get(0) for m in many), sum(copy[m] for m in many), len(copy), len(c.copy_context()))
print(sorted(m.name for m in copy if m.name[0] == "m")[:3], copy == c.copy_context(), copy == copy.copy())
result = []
thread = threading.Thread(target=lambda: (result.append(len(c.copy_context())), many[1].set(-1), result.append(many[1].get())))
thread.start()
thread.join()
print(result, many[1].get())
thread = threading.Thread(target=copy.run, args=(many[0].set, "there"))
thread.start()
thread.join()
print(copy[many[0]], many[0].get("none"))


def nested():
    many[3].set("inner")
    return c.copy_context().run(lambda: (many[3].get(), many[3].set("innermost"), many[3].get())[::2]), many[3].get()


print(copy.run(nested), copy[many[3]], many[3].get())
