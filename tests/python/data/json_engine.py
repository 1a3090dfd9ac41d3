# _json: scanner, scanstring and encoder against random documents, damaged ones and every option.
import sys, random
import _json
class Err(ValueError):
    def __init__(s,m,d,e): super().__init__(m,e)
import types
# the json package needs re: a stand-in for its decoder module
m=types.ModuleType('json'); sys.modules['json']=m
d=types.ModuleType('json.decoder'); d.JSONDecodeError=Err; sys.modules['json.decoder']=d; m.decoder=d
class C:
    strict=True; object_hook=None; object_pairs_hook=None; parse_float=float; parse_int=int; parse_constant=lambda self,x:'const'+x
    parse_constant=staticmethod(lambda x:'const'+x)
def t(f,*a):
    try: print(repr(f(*a)))
    except BaseException as e: print(type(e).__name__, e.args)
random.seed(5)
sc=_json.make_scanner(C)
base=['{"a": [1, 2.5, -3e10, "x\\ny", null, true, false], "b": {"c": "\\u00e9\\ud83d\\ude00 \\ud800", "dd": -0.0}, "dd": []}','[1,2,[3,[4,{}]],"é","漢","😀\\/\\b\\f\\r\\t\\"\\\\"]','{"k1":1e400,"k2":123456789012345678901234567890,"k1":-Infinity,"q":NaN,"z":Infinity, "long key with spaces in it longer than most":0}',' -','"abc','[0.1e+5,1E-3,0,00,1.]','"\\u12"','"\\ud83d\\u00"','{"a" 1}', '{"a":1,}','[1,]','{}','[]','"\x01"']
chars=list('{}[]",:\\ue0123456789.-+ntf \n\x01é漢😀')
n=0
for b in base:
    for i in range(len(b)+1): t(sc,b[:i],0)
    for i in range(150):
        s=list(b)
        for k in range(random.choice([1,1,2,3])):
            p=random.randrange(len(s)+1)
            q=random.random()
            if q<.4 and p<len(s): s[p]=random.choice(chars)
            elif q<.7: s.insert(p,random.choice(chars))
            elif p<len(s): del s[p]
        t(sc,''.join(s),0)
        t(_json.scanstring,''.join(s),random.randrange(3),random.random()<.5)
t(sc,'1',-1);t(sc,'1',5);t(sc,1,1);t(sc,'1');t(_json.scanstring,1,2);t(_json.scanstring,'a',-1);t(_json.scanstring,'a',9);
for s in 'abc','"\\/\n\r\t\b\f\0\x1f\x7f','é漢😀\ud800',3,'','x'*100+'"':
    t(_json.encode_basestring,s);t(_json.encode_basestring_ascii,s)
def enc(o,markers={},default=lambda o:['D',str(type(o))],encoder=_json.encode_basestring_ascii,sort=False,skip=False,nan=True,sep=(', ',': ')):
    t(lambda: ''.join(_json.make_encoder(markers,default,encoder,None,sep[1],sep[0],sort,skip,nan)(o,0)))
class I(int):
    def __repr__(s): return 'II'
class F(float):
    def __repr__(s): return 'FF'
class S(str): pass
class L(list): pass
class D(dict): pass
from enum import IntEnum
l=[];l.append(l)
dd={};dd['x']=dd
for o in (None,True,1,-5,1<<70,1.5,1e100,1e16,1e22,123456.789,float('nan'),float('inf'),-float('inf'),'x',[],{},(),[1,[2,(3,)]],{'a':1,2:3,None:4,True:5,False:6,1.5:7,I(3):1,F(2):2},I(5),F(5),S('s'),L([1]),D(a=1),{1,2},l,dd,object,{(1,2):3},{b'x':1}, {'b':1,'a':2}, ['é','漢'],{'é':'漢'}, {(1,):2,'x':3}):
    for kw in ({},dict(sort=True),dict(skip=True),dict(nan=False),dict(encoder=_json.encode_basestring),dict(encoder=lambda s:'<'+s+'>'),dict(encoder=lambda s:1),dict(markers=None) if o not in (l,dd) else {},dict(sep=(',',':'))):
        enc(o,**kw)
enc(object(),default=lambda o:o); enc(object(),default=lambda o:1/0)
a=[]
for i in range(100000): a=[a]
t(lambda: ''.join(_json.make_encoder(None,None,_json.encode_basestring,None,':',',',False,False,True)(a,0))[:10] )
t(lambda: sc('['*100000,0))
t(_json.make_encoder,1,2,3,4,5,6,7,8,9);t(_json.make_encoder,1,2,3,4,'5','6',7,8,9);t(_json.make_scanner);t(_json.make_scanner,1)
C.object_hook=staticmethod(lambda d:sorted(d)); t(_json.make_scanner(C),base[0],0)
C.object_pairs_hook=staticmethod(lambda d:d); C.parse_int=str; C.parse_float=lambda s:'f'+s; t(_json.make_scanner(C),base[0],0);t(_json.make_scanner(C),base[2],0)
