# Generators and coroutines in all states, over inner iterators of all kinds: send, throw with valid and invalid arguments, close,
# and what dies when.
import sys, itertools, types, inspect, traceback
class Bad(Exception): pass
log=[]
def g_plain():
    try:
        x=yield 1; log.append(("got",x)); y=yield 2; log.append(("got",y)); return "ret"
    except ValueError as e: log.append(("caught",repr(e))); z=yield "after"; log.append(("z",z)); return "caught"
    finally: log.append("fin")
def g_ignore():
    while True:
        try: yield 1
        except GeneratorExit: log.append("ignored")
        except Bad: log.append("bad")
def g_raise_on_exit():
    try: yield 1
    except GeneratorExit: raise Bad("exit")
def g_return_on_exit():
    try: yield 1
    except GeneratorExit: return 5
def g_stop():
    yield 1
    raise StopIteration("inner")
def g_ret(): return 7; yield
def g_yield_in_finally():
    try: yield 1
    finally: yield 2
class It:
    def __init__(s): s.n=0
    def __iter__(s): return s
    def __next__(s):
        s.n+=1
        if s.n>2: raise StopIteration("itval")
        return s.n
class ItSend(It):
    def send(s,v): log.append(("send",v)); return s.__next__()
class ItThrow(It):
    def throw(s,*a): log.append(("throw",len(a),repr(a[0]))); return "thrown"
class ItThrowRaise(It):
    def throw(s,*a): raise Bad("in throw")
class ItThrowStop(It):
    def throw(s,*a): raise StopIteration("tv")
class ItClose(It):
    def close(s): log.append("closed"); return 9
class ItCloseRaise(It):
    def close(s): raise Bad("in close")
class ItAttr(It):
    @property
    def throw(s): raise Bad("attr throw")
    @property
    def close(s): raise Bad("attr close")
    @property
    def send(s): raise Bad("attr send")
class ItThrowNone(It):
    throw=None; close=None; send=None
inners={"plain":g_plain,"ignore":g_ignore,"roe":g_raise_on_exit,"retoe":g_return_on_exit,"stop":g_stop,"ret":g_ret,"yif":g_yield_in_finally,"It":It,"ItSend":ItSend,"ItThrow":ItThrow,"ItThrowRaise":ItThrowRaise,"ItThrowStop":ItThrowStop,"ItClose":ItClose,"ItCloseRaise":ItCloseRaise,"ItAttr":ItAttr,"ItThrowNone":ItThrowNone,"list":lambda:[1,2],"map":lambda:map(str,g_plain()),"none":lambda:None,"islice":lambda:itertools.islice(g_plain(),5)}
def direct(m): return m()
def outer(m):
    try: r=yield from m(); log.append(("r",r)); return ("outer",r)
    except Bad as e: log.append(("outer caught",repr(e),repr(e.__context__))); yield "oc"
    finally: log.append("outer fin")
def outer2(m): return (yield from outer(m))
@types.coroutine
def aw(m): return (yield from m())
async def co(m):
    try: return await aw(m)
    finally: log.append("co fin")
wraps={"direct":direct,"outer":outer,"outer2":outer2,"co":co}
E=Exception
acts={"n":lambda g:g.__next__(),"N":lambda g:next(g),"s0":lambda g:g.send(None),"s5":lambda g:g.send(5),"tV":lambda g:g.throw(ValueError),"tVi":lambda g:g.throw(ValueError("v")),"tV2":lambda g:g.throw(ValueError,"a"),"tV3":lambda g:g.throw(ValueError,ValueError("b")),"tB":lambda g:g.throw(Bad("t")),"tS":lambda g:g.throw(StopIteration("ts")),"tG":lambda g:g.throw(GeneratorExit),"t5":lambda g:g.throw(5),"tVV":lambda g:g.throw(ValueError("v"),"x"),"tb5":lambda g:g.throw(ValueError,None,5),"tKi":lambda g:g.throw(KeyError,ValueError("k")),"c":lambda g:g.close(),"st":lambda g:inspect.getgeneratorstate(g) if inspect.isgenerator(g) else inspect.getcoroutinestate(g),"yf":lambda g:type(g.gi_yieldfrom if inspect.isgenerator(g) else g.cr_await).__name__,"fr":lambda g:(g.gi_frame if inspect.isgenerator(g) else g.cr_frame) is None}
seqs=[("n",)*4+("st",),("s0","s5","s5","s5"),("s5","n"),("n","yf","tV","n","n","st"),("tV","n"),("n","tVi","n","c","st","fr"),("n","tV2","s5"),("n","tV3","c"),("n","tB","n","n"),("n","tS","n"),("n","tG","st","n"),("n","t5","n"),("n","tVV","n"),("n","tb5","n"),("n","tKi","n"),("n","c","c","n","st"),("c","n","st"),("n","n","n","tV","c"),("N","N","N","N"),("n","tG","tG","c"),("st","yf","fr","n","st","yf","fr"),("n","c","tV"),("tG","st"),("n","n","tB","c","n")]
sys.unraisablehook=lambda u: log.append(("unraisable",repr(u.exc_value)))
for wn,w in wraps.items():
    for iname,m in inners.items():
        for seq in seqs:
            log.clear(); out=[]
            try: g=w(m)
            except BaseException as e: print(wn,iname,"make",repr(e)); continue
            if not hasattr(g,"gi_frame") and not hasattr(g,"cr_frame"): break
            for a in seq:
                try: r=acts[a](g)
                except BaseException as e:
                    r=(type(e).__name__,e.args,repr(getattr(e,"value",None)),repr(e.__context__),repr(e.__cause__),len(traceback.extract_tb(e.__traceback__)))
                    e=None
                out.append((a,r))
            del g
            print(wn,iname,seq,out,log[:])
