# Methods, operators, codecs and formatting of str, bytes, bytearray and memoryview on random
# arguments. The generator is the program's own, so that every interpreter makes the same choices.
import warnings

warnings.simplefilter("ignore")
state = 20231
N = 1500
def rnd(n):
    global state
    state = (state * 1664525 + 1013904223) & 0xffffffff
    return (state >> 8) % n
def pick(s): return s[rnd(len(s))]
ALPH = ['a','b','A','B','z','Z','0','9',' ','\t','\n','\r','_','-','+','.',',','x','é','É','ß','ÿ','µ','\x85','\xa0','ı','İ','ǆ','ǅ','Σ','σ','ς','α','ΐ','ŉ','ﬁ','٣','²','½','Ⅷ','一','\u2028','\u200d','\u0301','\ud800','\udc80','\uffff','😀','𝔘','𐐀','𐐨','\x00','\x7f','\x1c','{','}','%','(',')','[',']',"'",'"','\\']
ASC = [c for c in ALPH if ord(c) < 128]
def text(n=12, ascii=None):
    src = ASC if (ascii if ascii is not None else rnd(2)) else ALPH
    few = [pick(src) for _ in range(1+rnd(6))]
    return ''.join(pick(few) for _ in range(rnd(n)))
def small(): return rnd(16)-5
def opt(): return None if rnd(4)==0 else small()
def by(n=12):
    few=[rnd(256) if rnd(2) else pick(b' \t\nabAB01-+') for _ in range(1+rnd(5))]
    return bytes(pick(few) for _ in range(rnd(n)))
def show(v):
    if isinstance(v,(str,)): return ascii(v)
    if isinstance(v,list): return '['+', '.join(map(show,v))+']'
    if isinstance(v,tuple): return '('+', '.join(map(show,v))+')'
    return ascii(v)
def run(label, f):
    try: r = show(f())
    except Exception as e: r = type(e).__name__+': '+ascii(str(e))
    print(label, r)
SP = ['d','i','u','o','x','X','e','f','g','G','E','s','r','a','c','%']
def spec():
    return '%' + ''.join(pick('-+ #0') for _ in range(rnd(3))) + (str(rnd(12)) if rnd(2) else '') + ('.'+str(rnd(6)) if rnd(3)==0 else '') + pick(SP)
def arg():
    return pick([0,1,-1,5,255,65,-300,10**20,1.5,-2.25,1e100,0.0,float('inf'),True,None,'a','é','hello',b'b',(1,),[1,2]])
def sub(s):
    if s and rnd(3):
        i=rnd(len(s)); return s[i:i+1+rnd(3)]
    return text(3)
ENC=['utf-8','ascii','latin-1','utf-16','utf-16-le','utf-16-be','utf-32','utf-32-le','utf-32-be','unicode_escape','raw_unicode_escape','cp1252','utf-7','utf-8-sig','cp437','koi8-r','punycode']
ERR=['strict','ignore','replace','backslashreplace','xmlcharrefreplace','surrogateescape','surrogatepass']
for k in range(N):
    s=text(); t=sub(s); u=text(4)
    c=rnd(44)
    L='%d %d %s %s'%(k,c,ascii(s),ascii(t))
    if c==0:
        a,b=opt(),opt()
        for m in ('find','rfind','index','rindex','count','startswith','endswith'): run(L+m+repr((a,b)), lambda: getattr(s,m)(t,a,b))
    elif c==1:
        n=rnd(4)-1
        for sep in (None,t): 
            run(L+'split',lambda: s.split(sep,n)); run(L+'rsplit',lambda: s.rsplit(sep,n))
    elif c==2: run(L+'replace', lambda: (s.replace(t,u), s.replace(t,u,rnd(3))))
    elif c==3:
        for m in ('upper','lower','title','capitalize','swapcase','casefold','isalnum','isalpha','isascii','isdecimal','isdigit','isidentifier','islower','isnumeric','isprintable','isspace','istitle','isupper'):
            run(L+m, lambda: getattr(s,m)())
    elif c==4: run(L+'strip', lambda: (s.strip(),s.lstrip(),s.rstrip(),s.strip(u),s.lstrip(u),s.rstrip(u),s.removeprefix(t),s.removesuffix(t)))
    elif c==5: run(L+'part', lambda: (s.partition(t),s.rpartition(t)))
    elif c==6:
        w=small()+8; f=pick(ALPH)
        run(L+'pad', lambda: (s.center(w),s.ljust(w,f),s.rjust(w,f),s.center(w,f),s.zfill(w)))
    elif c==7: run(L+'lines', lambda: (s.splitlines(),s.splitlines(True),s.expandtabs(),s.expandtabs(small())))
    elif c==8: run(L+'join', lambda: u.join([s,t,u]) + u.join((s,)) + u.join(iter([t,s])))
    elif c==9: run(L+'repr', lambda: (repr(s),ascii(s),str(s),len(s),[x for x in s]))
    elif c==10:
        a,b,st=opt(),opt(),pick([None,1,2,-1,-2,3])
        run(L+'slice'+repr((a,b,st)), lambda: (s[a:b],s[a:b:st],s[a] if a is not None else 0))
    elif c==11: run(L+'cmp', lambda: (s<t,s<=t,s==t,s!=t,s>t,s>=t,t in s,s+t,s*rnd(4), hash(s)==hash(''.join(list(s)))))
    elif c==12: run(L+'trans', lambda: s.translate({ord(t[0]) if t else 97: pick([None,'xy',98,u]), 98:'é'}))
    elif c==13: run(L+'trans2', lambda: s.translate(str.maketrans(u, u[::-1], t)))
    elif c in (14,15,16):
        f=text(4)+spec()+text(3)+(spec() if rnd(2) else ''); a=(arg(),) if rnd(2) else (arg(),arg())
        run('mod %s %s'%(ascii(f),ascii(a)), lambda: f%a)
    elif c==17:
        f='%(a)'+spec()[1:]+text(3)+'%(b)s'; d={'a':arg(),'b':arg()}
        run('modd %s %s'%(ascii(f),ascii(d)), lambda: f%d)
    elif c in (18,19):
        parts=['{}','{0}','{1}','{a}','{a!r}','{!s:>5}','{:^{}}','{a:*<8}','{0[0]}','{0.real}','{b[x]}','{{','}}','{','}','{!x}','{:d}','{:.3}','{0!a:10}','é','{a.b}','{:{w}}','{[}','{0[}','{0.}','{!}','{:']
        f=''.join(pick(parts) for _ in range(1+rnd(4)))
        a=[pick([1,2.5,'str','é',[7,8],None,-3]) for _ in range(rnd(4))]
        run('fmt %s %s'%(ascii(f),ascii(a)), lambda: f.format(*a,a='A',b={'x':1},w=6))
    elif c==20: run('fmap'+ascii(s), lambda: (s+'{a}{b[0]}').format_map({'a':1,'b':'xy'}))
    elif c in (21,22,23):
        e,h=pick(ENC[:-2]),pick(ERR)
        run('enc %s %s %s'%(ascii(s),e,h), lambda: s.encode(e,h))
        run('encdec %s %s'%(ascii(s),e), lambda: s.encode(e,'surrogatepass').decode(e,'surrogatepass'))
    elif c in (24,25,26):
        x=by(10)
        if rnd(2): x=x+s.encode('utf-8','replace')[:rnd(10)]+by(3)
        e,h=pick(ENC[:-2]),pick(ERR)
        run('dec %s %s %s'%(x,e,h), lambda: x.decode(e,h))
    elif c in (27,28):
        T=pick([bytes,bytearray]); x=T(by()); y=x[rnd(len(x)+1):][:1+rnd(2)] if rnd(2) else T(by(3)); a,b=opt(),opt(); n=rnd(4)-1
        L='%s %s'%(x,y)
        for m in ('find','rfind','index','rindex','count','startswith','endswith'): run(L+m+repr((a,b)), lambda: getattr(x,m)(y,a,b))
        for m in ('split','rsplit'): run(L+m,lambda: (getattr(x,m)(y,n),)); run(L+m,lambda: (getattr(x,m)(None,n)))
        run(L+'misc', lambda:(x.replace(y,b'--',n),x.partition(y),x.rpartition(y)))
        run(L+'misc2', lambda:(x.strip(),x.strip(y),x.lstrip(y),x.rstrip(),x.removeprefix(y),x.removesuffix(y),x.join([y,b'q'])))
    elif c==29:
        T=pick([bytes,bytearray]); x=T(by()); w=small()+8
        for m in ('upper','lower','title','capitalize','swapcase','isalnum','isalpha','isascii','isdigit','islower','isspace','istitle','isupper','hex','splitlines','expandtabs'):
            run(str(x)+m, lambda: getattr(x,m)())
        run(str(x)+'pad', lambda: (x.center(w),x.ljust(w,b'*'),x.rjust(w,b'-'),x.zfill(w),x.hex(':',small()),x.translate(None,b'ab'),x.translate(bytes(range(255,-1,-1)))))
    elif c==30:
        a,b,st=opt(),opt(),pick([None,1,2,-1,-2]); T=pick([bytes,bytearray]); x=T(by(20))
        run('bsl %s %s'%(x,(a,b,st)), lambda: (x[a:b],x[a:b:st],list(x),x[a] if a is not None else 0))
    elif c==31:
        x=bytearray(by(20)); a,b,st=opt(),opt(),pick([None,1,2,-1,-2]); y=by(5)
        def f():
            x[a:b:st]=y; return x
        run('bass %s %s %s'%(x,y,(a,b,st)), f)
        def g():
            del x[a:b:st]; return x
        run('bdel %s %s'%(x,(a,b,st)), g)
    elif c==32:
        x=bytearray(by(8)); i=small(); v=rnd(300)
        for m,args in (('append',(v,)),('insert',(i,v)),('pop',()),('pop',(i,)),('remove',(v,)),('extend',(by(3),)),('reverse',()),('__delitem__',(i,)),('__setitem__',(i,v))):
            run('bm%s %s %s'%(x,m,args), lambda: (getattr(x,m)(*args),x))
    elif c in (33,34):
        f=bytes(c & 127 for c in by(3)).replace(b'%',b'')+spec().encode()+by(3).replace(b'%',b''); a=(pick([0,5,-7,255,1.5,b'x',b'long',bytearray(b'ba'),'s',None,10**20]),)
        run('bmod %s %s'%(f,a), lambda: f%a)
    elif c==35:
        x=by(16); m=memoryview(x); a,b,st=opt(),opt(),pick([None,1,2,-1,-2])
        run('mv%s%s'%(x,(a,b,st)), lambda: (m[a:b:st].tolist(),m[a:b:st].tobytes(),m[a:b].hex(),m[a:b:st].shape,m[a:b:st].strides,m[a:b:st].contiguous,m[::2]==m[::2],m==x, m[a:b:st].nbytes))
    elif c==36:
        x=by(9)*8; f=pick('bBhHiIlLqQnNfdc?P'); g=pick('bBhHiIlLqQnNfdc?PZ')
        run('cast%s%s%s'%(x,f,g), lambda: ([repr(v) for v in memoryview(x).cast(f).tolist()], memoryview(x).cast(f).cast('B').cast(g).shape))
        run('cast2', lambda: memoryview(x).cast(f).cast(g).tolist())
        run('cast3', lambda: memoryview(x).cast('B',[2,len(x)//2]).tolist())
    elif c==37:
        x=bytearray(by(9)*8); f=pick('bBhHiIlLqQfdc?'); v=pick([0,1,-1,127,128,255,256,65535,2**31,2**63,2**64,1.5,b'a',b'ab','s',None]); i=small()
        def h():
            m=memoryview(x).cast(f); m[i]=v; return (m[i] if v==v else 0, bytes(x))
        run('mset %s %s %s %s'%(x,f,v,i), h)
    elif c==38: run('fromhex'+ascii(s), lambda: bytes.fromhex(s)); run('fromhex2', lambda: bytearray.fromhex(by(6).hex(' ')))
    elif c==39:
        run('bcmp', lambda: [ (bytes(p)<q, p==q, p+q, p*2, q in p) for p in (by(4),) for q in (by(3),bytearray(by(3)))])
        run('bytes()', lambda: bytes(pick([5,[1,2,300],[1,2],'x',None,1.5,by(4),bytearray(by(3)),memoryview(by(6))[::2],range(4),-1,(3,4)])))
    elif c==40:
        w=pick(['',' ','5','>5','^9','*<7','010','.2','8.3','é>4','=5','+','d','s','10s',',','#','_'])
        run('format %s %s'%(ascii(s),w), lambda: format(s,w))
    elif c==41:
        run('ctor', lambda: (str(b'abc','ascii'), str(object=5), str(by(3),errors='replace')))
        run('wrong', lambda: getattr(s,pick(['find','join','split','strip','partition','startswith','replace','center','zfill','translate','removeprefix','encode','count','index','endswith']))(*pick([(),(1,),(None,),(1,2),(b'x',),('a',1),(1,'a',3,4,5)])))
    elif c==42:
        x=pick([bytes,bytearray])(by(4))
        run('wrongb', lambda: getattr(x,pick(['find','join','split','strip','partition','startswith','replace','center','zfill','translate','removeprefix','decode','count','index','endswith','append']))(*pick([(),(1,),(None,),(1,2),('x',),(b'a','b'),(1,'a',3,4,5),(300,),(1.5,)])))
    else:
        e=pick(ENC)
        run('reg '+e+ascii(s), lambda: s.encode(e))
