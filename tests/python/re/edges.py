# Corners: deep and wide patterns, odd templates, subclasses of texts, case beyond ASCII, positions.
import re
import gc
def t(f):
    try: print(f())
    except BaseException as e: print(type(e).__name__, str(e)[:200])
# deep nesting
t(lambda: re.match('('*100+'a'+')'*100,'a').span(100))
t(lambda: re.compile('(?:'*500+'a'+')*'*500))
t(lambda: re.match('(?:'*90+'a'+')*'*90,'a'*50).span())
t(lambda: re.match('|'.join('w%d'%i for i in range(1000)),'w999'))
t(lambda: re.match('(?:'+'|'.join('w%d'%i for i in range(100))+')+$','w9w99w10').span())
t(lambda: re.match('|'.join(['x']*100+['(a)']+['y']*100)+'|','a').regs)
t(lambda: re.match('(a)'*300,'a'*300).lastindex)
t(lambda: re.sub('(?P<a>x)',r'\g<b>','x')); t(lambda: re.sub('(x)',r'\2','x')); t(lambda: re.sub('x',r'\q','x')); t(lambda: re.sub('(x)|y',r'[\1]','xy'))
t(lambda: re.sub('x','\\','x')); t(lambda: re.sub(b'(x)',rb'\1\n\x41' if 0 else rb'\1\n',b'axb')); t(lambda: re.sub('x',r'\n\t\\\101','x'))
t(lambda: re.sub('(.)',r'\g<0>\g<1>',bytearray(b'ab'))); t(lambda: re.sub(b'(.)',rb'\g<0>\g<1>',bytearray(b'ab'))); t(lambda: re.sub(b'(.)',rb'\1',memoryview(b'ab')))
t(lambda: re.sub('.', lambda m: None, 'abc')); t(lambda: re.sub('b', lambda m: None, 'abc')); t(lambda: re.sub('b', lambda m: 1/0, 'abc'))
t(lambda: re.sub('b', lambda m: m.group()+'\u0416\U00010000', 'abcb'))
t(lambda: re.subn('', '-', 'abc')); t(lambda: re.subn('x*', '-', 'abxd', count=2)); t(lambda: re.sub('a','b','aaa',2)); t(lambda: re.sub('a','b','aaa',-1))
t(lambda: re.split('','abc')); t(lambda: re.split('(x)|(y)','axbyc')); t(lambda: re.split('x*','axbc')); t(lambda: re.split(r'\b','a b')); t(lambda: re.split('a','bab',-1))
class S(str):
    def __getitem__(self,k): return 'hmm'
t(lambda: re.sub('(a)',r'<\1>',S('banana'))); t(lambda: re.match('(a)',S('a')).group(1)); t(lambda: re.match('(a)?',S('b')).expand(r'[\1]'))
class B(bytes): pass
t(lambda: (type(re.match(b'a',B(b'a')).group()), type(re.sub(b'x',b'',B(b'a')))))
t(lambda: re.sub('a', S('x'), 'aa')); t(lambda: re.sub(S('a'), S(r'\g<0>'), 'aa')); t(lambda: type(re.compile(S('a')).pattern))
t(lambda: re.compile('a').sub(bytearray(b'x'),'a')); t(lambda: re.compile(b'a').sub(bytearray(b'x'),b'a'))
p=re.compile('(x)(?P<y>y)?'); t(lambda: [p.sub(r'\1\1',s) for s in ('x','axb')]); t(lambda: p.sub(r'\g<y>-','xxy')); t(lambda: p.sub(r'\1\1','xy'))
it=re.finditer('a','aaa'); t(lambda: [m.start() for m in it]); t(lambda: list(it)); 
a=[]; 
def rec(m): return re.sub('b',lambda n: n.group()*2,m.group())
t(lambda: re.sub('a(b+)',rec,'abbab'))
for enc in ('é','\u0416','\U00010400'):
    t(lambda: [re.match('(?i)'+enc.upper(), enc.lower()), re.match('(?i)['+enc.upper()+']', enc.lower()), re.match('(?i)[^'+enc.upper()+']', enc.lower())])
t(lambda: re.findall('(?i)[\u0400-\u0410k]+', 'Kk\u212a\u0401\u0451'))
t(lambda: re.findall(r'(?i)\u017f|ß|ẞ', 'sS\u017fßẞ')); t(lambda: re.findall('(?i)[ſ]+','sSſ')); t(lambda: re.fullmatch('(?i)(ſ)\\1','ſS'))
t(lambda: re.findall('[\ud800-\udfff]','a\ud800b')); t(lambda: re.findall('.', '\U0010ffff'))
t(lambda: re.match(r'\w*', 'ａ１٣_²Ⅷ').span()); t(lambda: re.findall(r'\d','1٣²Ⅷ')); t(lambda: re.findall(r'\s','\x1c\x1f\x85\xa0\u2003 \t')); t(lambda: re.findall(r'(?a)\s','\x1c\x85\xa0 \t\v'))
t(lambda: re.match('a'*70000,'a'*70000).end()); t(lambda: re.search('a'*300+'b','a'*5000))
t(lambda: re.match('(?:a{0,4294967294}b)*','aabab').span()); t(lambda: re.compile('a{4294967295}')); t(lambda: re.match('(?:a?){0,100000}b','b'))
t(lambda: re.match(r'(a(?=(b))|b)*','abab').regs); t(lambda: re.match(r'((?!(a)b).)*','bbab').regs)
t(lambda: re.match(r'(?:(?=(.))\1)*','abc').regs)
t(lambda: re.compile('(?P<n>a)').groupindex['n']); t(lambda: re.compile('a',0)==re.compile('a',re.U)); t(lambda: re.compile('a')!=re.compile(b'a'))
t(lambda: re.compile(b'a').scanner(bytearray(b'aa')).match())
def g():
    p=re.compile('zz(q)%d'%id(a)); m=p.match('zzq'); return m
gc.collect()
t(lambda: re.Scanner([(r'\d+',lambda s,t:int(t)),(r'\s+',None),(r'\w+','word')]).scan('12 ab 3 !x'))
t(lambda: re.compile('a(?#x)b').match('ab')); t(lambda: re.escape('a.b*c')); t(lambda: re.fullmatch('a|ab','ab')); t(lambda: re.fullmatch('a*?','aaa'));
t(lambda: re.search(r'(?<=a{3})b','aaab')); t(lambda: re.search(r'(?<=(a))\1','aa')); t(lambda: re.search(r'(?<!^)a','aa'))
t(lambda: re.match('(?s:.)(?-i:a)','\na')); t(lambda: re.match('(?i:A)a','aa')); t(lambda: re.match('(?i)A(?-i:A)','aA'))
t(lambda: re.compile('x').match('x', pos=-5, endpos=100)); t(lambda: re.compile('^x').match('ax',1)); t(lambda: re.compile('x$').match('xa',0,1)); t(lambda: re.compile(r'\bx').search('ax x',1)); t(lambda: re.compile('(?<=a)x').match('ax',1))
t(lambda: re.compile('').findall('abc',3)); t(lambda: re.compile('').findall('abc',1,2)); t(lambda: re.compile('$').findall('a\n'));
# a start behind the end is tried, and an empty group comes again there
t(lambda: [re.compile(p).match('abcdef', 4, 2).regs for p in (r'()\1', r'(?i)()\1', '()', '(?:)')])
t(lambda: [re.compile(p).match('abcdef', 4, 2) for p in (r'(.)\1', r'a\b', 'c', '$')])
