# Files in memory can be pickled and copied, and know what ends of lines they met.
import io, pickle, copy
def show(f, *a):
    try: print(repr(f(*a)))
    except Exception as e: print(type(e).__name__, e)
for nl in ('missing', None, '', '\n', '\r', '\r\n'):
    s = io.StringIO('a\nb\r\nc\rd') if nl=='missing' else io.StringIO('a\nb\r\nc\rd', nl)
    print(repr(nl), s.newlines, s.__getstate__())
    s.read(3); s.x=5
    t = pickle.loads(pickle.dumps(s)); print(t.getvalue()==s.getvalue(), t.tell(), t.x, t.newlines, t.__getstate__())
    s.write('q\r'); print(s.newlines)
    s.write('q\r\n'); print(s.newlines)
    c = copy.copy(s); print(repr(c.getvalue()), c.tell())
s=io.StringIO()
show(s.__setstate__, ('x','\n',3,None)); print(s.tell(), repr(s.getvalue()))
show(s.__setstate__, ('x','\n',3,{'y':1})); print(s.y)
show(s.__setstate__, ('x','\n',-3,None)); 
show(s.__setstate__, ('x','\n',3.5,None)); 
show(s.__setstate__, ('x','\n',1)); 
show(s.__setstate__, (1,'\n',1,None)); 
show(s.__setstate__, (None,'\n',1,None)); 
show(s.__setstate__, ('a',1,1,None)); 
show(s.__setstate__, ('a','z',1,None)); 
show(s.__setstate__, ('a','\n',1,5)); 
show(s.__setstate__, 5)
show(s.__setstate__, ['a','\n',1,None])
s.close()
show(s.__getstate__); show(s.__setstate__, ('','\n',0,None)); show(lambda: s.newlines); show(lambda: s.line_buffering); show(lambda: s.encoding)
class D(io.StringIO): pass
d=D('abc'); d.q=1; e=pickle.loads(pickle.dumps(d)); print(type(e).__name__, e.getvalue(), e.q)
b=io.BytesIO(b'abc'); b.read(1)
show(b.__getstate__); show(lambda: pickle.loads(pickle.dumps(b)).read()); show(lambda: copy.copy(b).tell())
b.z=1
show(b.__getstate__)
for st in ((b'q',1,None),(bytearray(b'q'),7,{'a':1}),('q',1,None),(b'q',-1,None),(b'q',1.5,None),(b'q',1),5,(b'q',1,5),(None,1,None)):
    show(b.__setstate__, st); show(b.tell); show(b.getvalue)
v=b.getbuffer()
show(b.__setstate__,(b'q',1,None))
v.release()
b.close(); show(b.__getstate__); show(b.__setstate__,(b'q',1,None))
