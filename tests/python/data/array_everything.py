# array: every type code and its limits, items and slices, methods, views, pickled forms, subclasses.
import warnings; warnings.simplefilter("ignore")
import array as A
from array import array
def t(f,*a,**k):
    try: print(repr(f(*a,**k))[:200])
    except BaseException as e: print(type(e).__name__, str(e)[:200])
print(A.typecodes, A.ArrayType is array, array.__mro__, [n for n in dir(array) if n not in dir(object)],[n for n in dir(A) if n[0]!='_'], array.__module__)
t(array);t(array,1);t(array,'z');t(array,'ii');t(array,'i',5);t(array,'i','x');t(array,'i',b'x');t(array,'i',b'1234');t(array,'u','abé');t(array,'u',b'1234');t(array,'i',[1,2,'x']);t(array,'i',array('u','a'));t(array,'u',array('i',[1]));t(array,'d',array('i',[1]));t(array,'i',array('d',[1]));t(array,'i',(1,2));t(array,'i',x=1);t(array,'u',['a','b']);t(array,'u',['ab']);t(array,'u',[1]);t(array,'b',bytearray(b'12'));t(array,'i',[1],2);t(array, 'B', memoryview(b'12'))
for c in A.typecodes:
    a=array(c); print(c,a.itemsize,a.typecode,repr(a),len(a),a.buffer_info()[1])
    for v in (0,1,-1,127,128,-128,-129,255,256,32767,32768,-32768,-32769,65535,65536,2**31-1,2**31,-2**31,-2**31-1,2**32-1,2**32,2**63-1,2**63,-2**63,-2**63-1,2**64-1,2**64,2**70,-2**70,1.5,1e300,'a','é','','ab',None,b'a',True):
        t(array,c,[v])
        def f(): a=array(c,'a' if c=='u' else [1]); a[0]=v; return a
        t(f)
class I:
    def __index__(s): return 65
for c in A.typecodes: t(array,c,[I()])
a=array('i',range(10))
for ix in (0,-1,9,10,-11,2**70,'x',None,1.0,slice(2,5),slice(None,None,2),slice(None,None,-1),slice(8,2,-2),I()): t(lambda:a[ix])
for ix in (0,-1,10,-11,'x'):
    def f(): b=array('i',a); b[ix]=99; return b
    t(f)
    def f(): b=array('i',a); del b[ix]; return b
    t(f)
for sl in (slice(2,5),slice(0,0),slice(5,2),slice(None,None,2),slice(None,None,-1),slice(8,2,-2),slice(20,30),slice(3,3)):
    for v in (array('i'),array('i',[7]),array('i',[7,8,9]),array('i',range(5)),array('i',range(10,20)),[1],array('b',[1]),3):
        def f(): b=array('i',a); b[sl]=v; return b
        t(f)
    def f(): b=array('i',a); del b[sl]; return b
    t(f)
def f(): b=array('i',a); b[2:4]=b; return b
t(f)
def f(): b=array('i',a); b[::2]=b[::-2]; return b
t(f)
t(a.append);t(a.append,'x');t(a.append,2**40);t(a.extend,[1,'x']);t(lambda:a);a.pop();t(a.extend,5);t(a.extend,array('b',[1]));t(a.fromlist,[10,'x']);t(lambda:a);t(a.fromlist,(1,));t(a.fromlist,[11,12]);t(a.frombytes,b'12345');t(a.frombytes,b'1234');t(a.frombytes,'1234');t(a.tobytes);t(a.tolist);t(a.byteswap);t(lambda:a);t(a.byteswap)
t(a.count,3);t(a.index,3);t(a.index,99);t(a.index,3,4);t(a.index,3,-11,5);t(a.index,3,2,3);t(a.remove,3);t(a.remove,99);t(a.insert,0,5);t(a.insert,-1,6);t(a.insert,100,7);t(a.insert,-100,8);t(a.insert,'x',1);t(a.insert,1,'x');t(a.pop);t(a.pop,0);t(a.pop,-1);t(a.pop,100);t(a.reverse);t(lambda:a);t(array('i').pop)
t(lambda:a+array('i',[1]));t(lambda:a+array('b',[1]));t(lambda:a+[1]);t(lambda:a*2);t(lambda:2*a);t(lambda:a*-1);t(lambda:a*'x');t(lambda:a*2**62)
def f(x):
    b=array('i',[1,2]); b+=x; return b
t(f,array('i',[3]));t(f,array('b',[3]));t(f,[3]);t(f,5)
def f(x):
    b=array('i',[1,2]); b*=x; return b
t(f,3);t(f,0);t(f,-1);t(f,'x')
xs=[array('i',[1,2]),array('i',[1,3]),array('b',[1,2]),array('i',[1]),array('d',[1,2]),array('u','ab'),array('I',[1,2]),array('d',[float('nan')]),[1,2],array('i')]
for x in xs:
    for y in xs: print(*[ (lambda: eval('x%sy'%op,{'x':x,'y':y}))() if not (isinstance(y,list) or isinstance(x,list)or 'ab' in repr(x) != 'ab' in repr(y)) else x==y for op in ('==','!=')],end=' ')
print()
t(lambda: xs[0]<xs[1]);t(lambda: xs[0]<xs[3]);t(lambda: xs[0]>=xs[4]);t(lambda: xs[0]<xs[8]); t(lambda: xs[0]<xs[5])
t(hash,a);t(lambda:3 in a);t(lambda:'x' in a);t(lambda:5.0 in a);print(list(iter(a)),type(iter(a)))
u=array('u','aé😀'); t(u.tounicode);t(u.fromunicode,'xy');t(u.fromunicode,1);t(a.fromunicode,'x');t(a.tounicode);t(lambda:u);t(u.tobytes)
import io
f=io.BytesIO(); a.tofile(f); f.seek(0); b=array('i'); t(b.fromfile,f,2); t(lambda:b); t(b.fromfile,f,-1); t(b.fromfile,f,100); t(lambda: b==a); t(b.fromfile,io.BytesIO(b'123'),1);t(b.fromfile,3,1);t(b.tofile,3)
class S: 
    def read(s,n): return 'x'
t(b.fromfile,S(),1)
m=memoryview(a); print(m.format,m.itemsize,m.shape,m.readonly,m[0],m.nbytes,m.tolist()); t(a.append,1);t(a.pop);t(a.extend,[1]);t(lambda: a.__imul__(2)); m[0]=77; t(lambda:a); t(a.frombytes,b'');t(a.__delitem__,0);t(a.__setitem__,slice(0,1),array('i',[5]));t(a.__setitem__,slice(0,1),array('i'));t(a.byteswap); t(a.byteswap); m.release(); t(a.append,1)
m=memoryview(u); print(m.format,m.itemsize); m.release()
for c in 'bBhHiIlLqQfd': print(memoryview(array(c)).format,end=' ')
print(a.__reduce_ex__(2)[:2], a.__reduce_ex__(4)[1][1:3], a.__reduce_ex__(3)[2])
t(A._array_reconstructor,array,'i',8,b'\1\0\0\0');t(A._array_reconstructor,array,'i',9,b'\1\0\0\0');t(A._array_reconstructor,int,'i',8,b'');t(A._array_reconstructor,array,'z',8,b'');t(A._array_reconstructor,array,'i',99,b'');t(A._array_reconstructor,array,'i',8,'');t(A._array_reconstructor,array,'i',8,b'123')
for mf in range(21): t(A._array_reconstructor,array,'d',mf,b'\1\2\3\4\5\6\7\x40'*(4 if mf>17 else 1)) if mf not in (18,19,20,21) else t(A._array_reconstructor,array,'u',mf,b'a\0\0\0'[::1 if mf in(18,20) else -1])
class Sub(array):
    def __new__(c,*a): return super().__new__(c,*a)
    def __init__(s,*a): s.x=1
s=Sub('i',[1,2]); print(s, s.x, type(s[:1]), type(s+s), s*2, s.__reduce_ex__(3)[2], type(s.__copy__()), s==array('i',[1,2]))
import copy
c=copy.copy(a); d=copy.deepcopy(a); print(c==a,d==a,c is a); t(setattr,a,'foo',1); t(a.__sizeof__) if 0 else None
it=iter(a); print(next(it), it.__reduce__()[1:], it.__setstate__(3), next(it)); t(it.__setstate__,-5); print(next(it)); list(it)
import weakref; r=weakref.ref(a); print(r() is a)
a=array('i',range(5))
for x in a:
    if len(a)<8: a.append(x)
print(a)
a=array('d',[1.5,float('inf'),-0.0]);print(a,array('f',[1.1,1e300]), array('d',[1])==[1], a.count(1.5))


class Appending:
    """As an integer appends one to the array that it is to be put into."""

    def __init__(self, array, value):
        self.array, self.value = array, value

    def __index__(self):
        self.array.append(7)
        return self.value


def each_appends(change):
    a = array("i", [1, 2])
    change(a, [Appending(a, 5), Appending(a, 6)])
    print(a)


each_appends(lambda a, items: a.extend(items))
each_appends(lambda a, items: a.extend(iter(items)))
each_appends(lambda a, items: a.extend((3, items[0], 4)))
each_appends(lambda a, items: a.append(items[0]))
for index in (0, 1, 9, -1, -9):
    each_appends(lambda a, items: a.insert(index, items[0]))

# ---- repetition, and items of each size
for code in 'bBhHiIlLqQfd':
    a = array(code, [1, 2, 100])
    print(code, list(a), a * 0, a * 1, a * 3, list(a * 7)[-4:], array(code) * 5)
    a *= 5
    print(a)
