#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Single operations of the types and modules, each in a loop of its own: what one costs, and a part of the training for
profile-guided builds (tools/build), so that no path of a type is laid out as one that never runs.

    operations.py [PATTERN] [--seconds S]                prints NAME and nanoseconds for each operation whose name matches
    operations.py --compare BASE BINARY [PATTERN] ...    runs itself with both; for each operation they take turns, so
                                                         that what slows the machine for a while slows both. Prints
                                                         time of BASE / time of BINARY, the median of the turns' with
                                                         its quartiles, the smallest first

Times are of the CPU, the least of several; a few per cent mean nothing. Runs under any Python.
"""
import argparse
import gc
import math
import os
import re as _re
import statistics
import subprocess
import sys
import time

# (name, what is done before, what is measured). In the text of an area: a line for each operation,
# "name: [preparation ;; ]code", where a "\\n" in code, and a " ;" in preparation, begins a new line.
OPERATIONS = []
TURNS = 9  # of each interpreter, in a comparison


def area(name, setup, text):
    for line in text.strip().splitlines():
        label, _, code = line.strip().partition(': ')
        preparation = ''
        if ' ;; ' in code:
            preparation, code = code.split(' ;; ')
        OPERATIONS.append((name + '.' + label, setup + '\n' + preparation.replace(' ;', '\n'), code.replace('\\n', '\n')))


area('sort', '''
import random, operator
r = random.Random(1)
ints = [r.randrange(1000000) for _ in range(2000)]
smallints = ints[:20]
floats = [r.random() for _ in range(2000)]
strs = ['k%d' % x for x in ints]
unis = ['\\u20ac%d' % x for x in ints]
tuples = [(x % 50, y) for x, y in zip(ints, strs)]
tup2 = [(x, y) for x, y in zip(ints, floats)]
ordered = list(range(2000))
partly = list(range(1900)) + [r.randrange(2000) for _ in range(100)]
runs = [x for k in range(20) for x in range(k, 2000, 20)]
mixed = [x if x % 2 else float(x) for x in ints]
bigs = [x << 80 for x in ints]
class C:
    def __init__(s, v): s.v = v
    def __lt__(s, o): return s.v < o.v
objs = [C(x) for x in ints[:300]]
dicts = [{'a': x, 'b': y} for x, y in zip(ints, strs)]
bs = [s.encode() for s in strs]
lists = [[x, y] for x, y in zip(ints, strs)]
''', '''
ints: sorted(ints)
small: sorted(smallints)
floats: sorted(floats)
strs: sorted(strs)
unis: sorted(unis)
bytes: sorted(bs)
tuples: sorted(tuples)
tup2: sorted(tup2)
lists: sorted(lists)
ordered: sorted(ordered)
reversed: sorted(ordered, reverse=True)
desc: d = ordered[::-1] ;; sorted(d)
partly: sorted(partly)
runs: sorted(runs)
mixed: sorted(mixed)
bigs: sorted(bigs)
objs: sorted(objs)
key_len: sorted(strs, key=len)
key_lambda: sorted(ints, key=lambda x: -x)
key_itemgetter: sorted(tuples, key=operator.itemgetter(1))
key_itemgetter0: sorted(dicts, key=operator.itemgetter('a'))
key_attr: sorted(objs, key=operator.attrgetter('v'))
key_lower: sorted(strs, key=str.lower)
key_tuple: sorted(tuples, key=lambda t: (t[0], t[1]))
reverse: sorted(ints, reverse=True)
min: min(ints)
max_key: max(ints, key=lambda x: -x)
minstr: min(strs)
sum: sum(ints)
sumf: sum(floats)
dup: d = [x % 10 for x in ints] ;; sorted(d)
cmp_to_key: import functools ;k = functools.cmp_to_key(lambda a, b: a - b) ;l = ints[:200] ;; sorted(l, key=k)
heap: import heapq ;h = ints[:200] ;; heapq.nsmallest(10, h)
heapify: import heapq ;h = ints[:200] ;; g = h[:]; heapq.heapify(g); [heapq.heappop(g) for _ in range(200)]
bisect: import bisect ;; bisect.bisect_left(ordered, 777)
insort: import bisect ;l=[] ;; bisect.insort(l, 5); l.pop()
bools: d = [x % 2 == 0 for x in ints] ;; sorted(d)
key_bool: sorted(ints, key=lambda x: x > 500000)
dates: import datetime ;d = [datetime.date.fromordinal(700000 + x % 9999) for x in ints] ;; sorted(d)
namedtuple: import collections ;P = collections.namedtuple('P', 'a b') ;d = [P(x, x) for x in ints] ;; sorted(d)
prefix: d = ['a beginning in common %d' % x for x in ints] ;; sorted(d)
''')
area('dict', '''
d = {'k%d' % i: i for i in range(1000)}
di = {i: i for i in range(1000)}
keys = list(d); ik = list(di)
small = {'a': 1, 'b': 2, 'c': 3}
other = {'c': 4, 'd': 5}
pairs = list(d.items())
from collections import OrderedDict, defaultdict, Counter
dt = {(i, i + 1): i for i in range(1000)}
tk = list(dt)
words = ('the quick brown fox jumps over the lazy dog the end ' * 20).split()
''', '''
get_str: small['b']
get_method: small.get('b')
get_miss: small.get('z', 0)
set: small['b'] = 7
contains: 'b' in small
get_all: [d[k] for k in keys]
get_all_int: [di[k] for k in ik]
get_all_tuple: [dt[k] for k in tk]
build: x = {}\\nfor k in keys: x[k] = 1
build_int: x = {}\\nfor k in ik: x[k] = 1
iter: [k for k in d]
items: [v for k, v in d.items()]
values: sum(di.values())
list: list(d)
listitems: list(d.items())
comp: {k: v for k, v in pairs}
comp_int: {i: i for i in range(100)}
ctor_pairs: dict(pairs)
ctor_dict: dict(d)
ctor_kw: dict(a=1, b=2, c=3)
ctor_zip: dict(zip(keys, ik))
copy: d.copy()
copy_small: small.copy()
merge: small | other
merge_star: {**small, **other}
update: x = {} ;; x.update(d)
update_small: small.update(other)
ior: x = {} ;; x |= small
setdefault: small.setdefault('b', 3)
pop: small['q'] = 1; small.pop('q')
popitem: x = dict(small); x.popitem()
del: small['q'] = 1; del small['q']
literal: {'a': 1, 'b': 2, 'c': 3}
empty: {}
eq: d == dict(d)
eq_small: small == {'a': 1, 'b': 2, 'c': 3}
fromkeys: dict.fromkeys(keys)
len: len(d)
keys_and: d.keys() & small.keys()
clear: x = {'a': 1}; x.clear()
sorted_items: sorted(small.items())
str: str(small)
reversed: list(reversed(d))
count_get: c = {}\\nfor w in words: c[w] = c.get(w, 0) + 1
counter: Counter(words)
counter_most: cc = Counter(words) ;; cc.most_common(3)
defaultdict: c = defaultdict(int)\\nfor w in words: c[w] += 1
defaultdict_list: c = defaultdict(list)\\nfor w in words: c[w].append(1)
ordered: o = OrderedDict(pairs)
ordered_iter: oo = OrderedDict(pairs) ;; [k for k in oo]
ordered_move: oo = OrderedDict(pairs) ;; oo.move_to_end('k5')
lru: oo = OrderedDict(pairs) ;; oo['zz'] = 1; oo.popitem()
nested: nn = {'a': {'b': {'c': 1}}} ;; nn['a']['b']['c']
growpop: x = dict.fromkeys(ik)\\nwhile x: x.popitem()
fifo: x = {}\\nfor i in ik: x[i] = i\\nfor i in ik: del x[i]
kw_unpack: f = lambda **k: k ;; f(**small)
keys_or: small.keys() | {'z'}
setdefault_list: x = {}\\nfor w in words: x.setdefault(w, []).append(1)
miss_all: m = ['x%d' % i for i in range(1000)] ;; [k in d for k in m]
miss_get: m = ['x%d' % i for i in range(1000)] ;; [d.get(k) for k in m]
get_fresh: m = ['k%d' % i for i in range(1000)] ;; [d[k] for k in m]
get_big: x = {i << 70: i for i in range(1000)} ;k = list(x) ;; [x[i] for i in k]
get_bytes: x = {b'%d' % i: i for i in range(1000)} ;k = list(x) ;; [x[i] for i in k]
setdefault_new: x = {}\\nfor k in keys: x.setdefault(k, 1)
comp_tuple: {(i, i): i for i in range(100)}
comp_items: {k: v for k, v in d.items()}
fromkeys_dict: dict.fromkeys(d)
star_front: {'z': 1, **small}
iter_small: for k in small: pass
next: next(iter(small))
keys_sub: d.keys() - small.keys()
unequal: d == small
kw_call: f = lambda a, b, c: a ;; f(**small)
copy_del: x = small.copy(); del x['a']
''')
area('set', '''
a = set(range(1000)); b = set(range(500, 1500)); s = set('abcdef'); t = set('defghi'); fs = frozenset(a)
strs = ['k%d' % i for i in range(1000)]
ss = set(strs)
''', '''
union: a | b
inter: a & b
diff: a - b
xor: a ^ b
small_union: s | t
small_inter: s & t
small_diff: s - t
contains: 5 in a
contains_str: 'c' in s
add: s.add('b')
add_discard: s.add('z'); s.discard('z')
build: x = set()\\nfor k in strs: x.add(k)
ctor: set(strs)
ctor_small: set('abcdef')
literal: {1, 2, 3}
comp: {k for k in strs}
iter: [x for x in a]
iter_str: [x for x in ss]
copy: a.copy()
issubset: s <= s
isdisjoint: s.isdisjoint(t)
update: x = set(); x.update(strs)
iupdate: x = set(s); x |= t
diff_update: x = set(a); x -= b
eq: a == fs
pop: x = set(s)\\nwhile x: x.pop()
frozen: frozenset(strs)
hash_frozen: hash(frozenset((1, 2, 3)))
dedupe: list(dict.fromkeys(strs))
sorted: sorted(s)
len: len(s)
remove: s.add('z'); s.remove('z')
literal_var: x = 1 ;y = 2 ;; {x, y}
superset: a >= {1, 2}
copy_str: ss.copy()
diff_small: ss - s
sym_update: x = set(s); x ^= {'a'}
inter_str: o = set(strs[500:]) ;; ss & o
diff_str: o = set(strs[500:]) ;; ss - o
diff_tuple: o = {(i, i) for i in range(1000)} ;; o - o
update_str: o = set(strs[500:]) ;; x = set(ss); x -= o
sum: sum(a)
copy_small: s.copy()
copy_obj: o = {object() for i in range(1000)} ;; o.copy()
lt: s < ss
ne: s != t
eq_small: s == t
literal_star: {*s, 'z'}
issubset_list: s.issubset('abcdefgh')
list_str: list(ss)
''')
area('str', '''
text = 'The quick brown fox jumps over the lazy dog. ' * 20
uni = 'Der schnelle br\\xe4unliche Fuchs \\u20ac springt. ' * 20
line = 'alpha,beta,gamma,delta,epsilon,zeta'
ws = '  some text here \\t\\n'
short = 'hello'
digits = '123456'
tab = str.maketrans('abc', 'xyz')
tabdel = str.maketrans('', '', 'aeiou')
path = '/usr/lib/python3.11/site-packages/foo.py'
data = text.encode(); udata = uni.encode()
long = 'a' * 100000 + 'b'
multi = 'one line\\n' * 100
''', '''
find: text.find('lazy')
find_miss: text.find('zzz')
find_char: text.find('z')
rfind: text.rfind('quick')
find_long: long.find('b')
find_long2: long.find('ab')
index: short.index('l')
in: 'lazy' in text
in_char: 'o' in short
count: text.count('the')
count_char: text.count('o')
replace: text.replace('fox', 'cat')
replace_char: text.replace('o', '0')
replace_grow: text.replace(' ', '  ')
replace_none: text.replace('xyz', 'a')
replace_uni: uni.replace('e', '\\u20ac')
split_ws: text.split()
split_comma: line.split(',')
split_max: line.split(',', 1)
rsplit: line.rsplit(',', 1)
splitlines: multi.splitlines()
split_uni: uni.split()
partition: line.partition(',')
rpartition: path.rpartition('/')
strip: ws.strip()
strip_none: short.strip()
rstrip_nl: 'hello\\x0a'.rstrip('\\x0a')
lstrip: ws.lstrip()
strip_chars: 'xxhelloxx'.strip('x')
startswith: path.startswith('/usr')
startswith_tuple: path.startswith(('/opt', '/usr'))
endswith: path.endswith('.py')
upper: text.upper()
lower: text.lower()
upper_short: short.upper()
lower_short: 'Hello'.lower()
upper_uni: uni.upper()
lower_uni: uni.lower()
title: text.title()
capitalize: short.capitalize()
swapcase: text.swapcase()
casefold: text.casefold()
translate: text.translate(tab)
translate_del: text.translate(tabdel)
translate_uni: uni.translate(tab)
encode: text.encode()
encode_uni: uni.encode()
encode_short: short.encode()
encode_ascii: short.encode('ascii')
encode_latin: short.encode('latin-1')
encode_utf16: text.encode('utf-16-le')
decode: data.decode()
decode_uni: udata.decode()
decode_short: b'hello'.decode()
decode_ascii: data.decode('ascii')
decode_latin: data.decode('latin-1')
isdigit: digits.isdigit()
isalpha: text.isalpha()
isalnum: short.isalnum()
isidentifier: short.isidentifier()
isspace: ws.isspace()
isupper: short.isupper()
center: short.center(20)
ljust: short.ljust(20)
zfill: digits.zfill(10)
expandtabs: 'a\\tb\\tc'.expandtabs()
join: ','.join(['a', 'b', 'c', 'd'])
join_long: w = text.split() ;; ' '.join(w)
join_gen: w = text.split() ;; ' '.join(x for x in w)
join_uni: w = uni.split() ;; ' '.join(w)
join_empty: w = list(text) ;; ''.join(w)
join_map: l = list(range(100)) ;; ','.join(map(str, l))
concat: short + digits
concat3: short + ' ' + digits
mul: ab = 'ab' ;; ab * 50
eq: short == 'hellp'
eq_long: text == text[:-1] + 'x'
lt: short < 'help'
hash: hash(short + digits)
iter: for c in text: pass
list: list(text)
list_uni: list(uni)
index1: text[100]
index_uni: uni[100]
ord_chr: chr(ord('a') + 1)
chr_uni: chr(0x20ac)
int: int(digits)
int_short: int('7')
float: float('3.14159')
str_int: str(123456)
str_float: str(3.14159)
repr: repr(short)
repr_long: repr(text)
repr_uni: repr(uni)
hex: hex(255)
ascii: ascii(uni)
removeprefix: path.removeprefix('/usr')
format_map: '{a}'.format_map({'a': 1})
reverse: text[::-1]
augment: s = ''\\nfor i in range(100): s += 'x'
augment_uni: s = ''\\nfor i in range(100): s += '\\u20ac'
isascii: text.isascii()
splitjoin: ''.join(line.split(','))
normalize: import unicodedata ;; unicodedata.normalize('NFC', uni)
textwrap: import textwrap ;; textwrap.wrap(text, 60)
shlex: import shlex ;; shlex.split('a "b c" d')
rsplit_all: line.rsplit(',')
rsplit_ws: text.rsplit(None, 2)
in_uni: 'springt' in uni
replace_uni_none: uni.replace('zz', 'a')
str_bool: str(True)
str_str: str(short)
encode_ignore: uni.encode('ascii', 'ignore')
encode_replace: uni.encode('ascii', 'replace')
encode_xml: uni.encode('ascii', 'xmlcharrefreplace')
encode_utf16_uni: uni.encode('utf-16')
encode_utf32: uni.encode('utf-32')
encode_cp1252: text.encode('cp1252')
decode_utf16: d = uni.encode('utf-16') ;; d.decode('utf-16')
decode_utf32: d = uni.encode('utf-32') ;; d.decode('utf-32')
decode_cp1252: data.decode('cp1252')
decode_ignore: d = udata + b'\\xff' ;; d.decode('utf-8', 'ignore')
unicode_escape: uni.encode('unicode_escape')
nfd: import unicodedata ;; unicodedata.normalize('NFD', uni)
category: import unicodedata ;; unicodedata.category('a')
title_uni: uni.title()
capitalize_uni: uni.capitalize()
swapcase_uni: uni.swapcase()
title_latin: x = 'br\\xe4unlicher Fuchs ' * 40 ;; x.title()
upper_latin: x = 'br\\xe4unlicher Fuchs ' * 40 ;; x.upper()
upper_cjk: x = '\\u4e2d\\u6587\\u5b57 ' * 100 ;; x.upper()
encode_cjk: x = '\\u4e2d\\u6587\\u5b57 ' * 100 ;; x.encode()
decode_cjk: x = ('\\u4e2d\\u6587\\u5b57 ' * 100).encode() ;; x.decode()
replace_latin: x = 'br\\xe4unlicher Fuchs ' * 40 ;; x.replace('e', 'E')
replace_uni_char: uni.replace('\\u20ac', 'E')
replace_uni_word: uni.replace('Fuchs', 'Hund')
replace_far: x = 'face \\U0001f600 and plain ' * 40 ;; x.replace('plain', 'fancy')
replace_miss: short.replace('z', 'b').replace('y', 'd')
split_latin: x = 'br\\xe4unlicher Fuchs ' * 40 ;; x.split()
split_far: x = 'face \\U0001f600 and plain ' * 40 ;; x.split()
slice_step_uni: uni[::2]
reverse_uni: uni[::-1]
iter_reversed: for c in reversed(text): pass
iter_ord: [ord(c) for c in text]
zip: for x, y in zip(text, text): pass
isdigit_each: [c.isdigit() for c in text]
rsplit_dot: 'a.b.c'.rsplit('.', 1)
split_unpack: x, y = 'a b'.split()
split_eq: 'a=b'.split('=')
join_one: ','.join([short])
join_none: ','.join([])
join_lines: x = [text] * 20 ;; '\\x0a'.join(x)
repr_far: x = 'face \\U0001f600 and plain ' * 40 ;; repr(x)
repr_escapes: repr('tab\\there')
removesuffix: path.removesuffix('.c')
eq_length: short == 'help'
eq_int: short == 5
bool: bool(short)
count_uni: uni.count('sch')
''')
area('format', '''
a = 42; f = 3.14159; s = 'name'; n = 1234567; big = 10**15; uni='n\\xe4me'
import datetime
d = datetime.datetime(2020, 1, 2, 3, 4, 5)
from string import Template
tpl = Template('$a is $b')
''', '''
pct_s: '%s' % s
pct_d: '%d' % a
pct_mixed: '%s=%d (%.2f)' % (s, a, f)
pct_tuple3: '%d,%s,%s' % (a, s, f)
pct_width: '%-10s|%5d|%08.3f' % (s, a, f)
pct_x: '%x %o %08X' % (a, a, n)
pct_r: '%r' % s
pct_dict: '%(a)s %(b)d' % {'a': s, 'b': a}
pct_f: '%.6f' % f
pct_g: '%g' % f
pct_e: '%e' % f
pct_bytes: b'%s %d' % (b'x', a)
fmt: '{} {}'.format(s, a)
fmt_index: '{0} {1} {0}'.format(s, a)
fmt_name: '{a} {b}'.format(a=s, b=a)
fmt_spec: '{:>10} {:05d} {:.2f}'.format(s, a, f)
fmt_attr: '{0.year}'.format(d)
f_simple: f'{s}'
f_two: f'{s} {a}'
f_spec: f'{f:.2f}'
f_specs: f'{s:>10}|{a:05d}|{f:10.3f}'
f_repr: f'{s!r}'
f_comma: f'{n:,}'
f_hex: f'{n:x}'
f_bin: f'{a:08b}'
f_pct: f'{f:.1%}'
f_e: f'{f:e}'
f_g: f'{f:g}'
f_float: f'{f}'
f_str_width: f'{s:<20}'
f_center: f'{s:^20}'
f_nested: w = 10 ;; f'{s:{w}}'
f_date: f'{d:%Y-%m-%d}'
f_uni: f'{uni} {uni}'
f_big: f'{big}'
f_neg: f'{-a:+d}'
format_fn: format(f, '.3f')
format_int: format(a, 'd')
round: round(f, 2)
str_list: str([1, 2, 3, 4, 5])
str_floats: str([1.5, 2.5, 3.25])
str_tuple: str((1, 'a', 2.5))
repr_dict: repr({'a': 1, 'b': [1, 2]})
repr_set: repr({1})
template: tpl.substitute(a=1, b=2)
float_repr: repr(0.1 + 0.2)
float_repr_int: repr(1e6)
float_repr_big: repr(1.2345e300)
pprint: import pprint ;; pprint.pformat({'a': [1, 2, 3], 'b': 'x'})
pct_bytes_c: b'%c' % 65
pct_02x: '%02x' % a
fmt_x: '{:x}'.format(a)
f_text: f'abc {s} def'
f_far: f'{1e20:.2f}'
f_bigint: x = 10 ** 30 ;; f'{x}'
''')
area('slice', '''
l = list(range(1000)); s = 'abcdefghij' * 100; b = s.encode(); t = tuple(l); ba = bytearray(b); u = '\\u20acabc' * 250
mv = memoryview(b)
import array
arr = array.array('i', l)
dq = __import__('collections').deque(l)
''', '''
list: l[100:200]
list_small: l[1:4]
list_all: l[:]
list_step: l[::2]
list_neg: l[::-1]
str: s[100:200]
str_small: s[1:4]
str_step: s[::2]
str_uni: u[100:200]
bytes: b[100:200]
bytes_small: b[1:4]
tuple: t[100:200]
tuple_small: t[1:4]
bytearray: ba[100:200]
memview: mv[100:200]
array: arr[100:200]
assign: l[100:200] = l[200:300]
assign_same: l[1:3] = (1, 2)
assign_grow: x = l[:10]; x[5:5] = [1, 2, 3]
del: x = l[:20]; del x[5:10]
assign_step: l[::2] = l[1::2]
ba_assign: ba[10:20] = b'0123456789'
insert0: x = [1, 2, 3]; x.insert(0, 0)
append: x = []\\nfor i in range(100): x.append(i)
appendpop: l.append(1); l.pop()
pop0: x = l[:20]; x.pop(0)
extend: x = []; x.extend(l)
extend_iter: x = []; x.extend(range(100))
extend_gen: x = []; x.extend(i for i in t)
concat: l + l
iadd: x = []; x += l
mul: [0] * 1000
mul2: [1, 2] * 100
comp: [x for x in l]
comp_if: [x for x in l if x & 1]
index: l.index(500)
in: 500 in l
count: l.count(5)
reverse: l.reverse()
copy: l.copy()
eq: l == list(l)
lt: l < l
tuple_of: tuple(l)
list_of: list(t)
list_range: list(range(1000))
unpack: a, b_, c = (1, 2, 3)
unpack_list: x = [1, 2, 3] ;; a, b_, c = x
star: a, *r = l
swap: l[0], l[1] = l[1], l[0]
display: [1, 2, 3, 4]
display_var: x=1 ;; [x, x, x, x]
tuple_var: x=1 ;; (x, x, x, x)
tuple_eq: t == tuple(l)
tuple_hash: hash((1, 2, 'a'))
tuple_in: 3 in (1, 2, 3)
iter: for x in l: pass
enumerate: for i, x in enumerate(l): pass
zip: for x, y in zip(l, t): pass
reversed: for x in reversed(l): pass
map: list(map(str, l))
filter: list(filter(None, l))
sum: sum(l)
any: any(x > 998 for x in l)
all: all(l)
min: min(l)
range: for i in range(1000): pass
len: len(l)
nested: [[j for j in range(10)] for i in range(10)]
deque_append: dq.append(1); dq.popleft()
deque_iter: for x in dq: pass
deque_rotate: dq.rotate(3)
array_iter: for x in arr: pass
array_get: arr[5]
array_set: arr[5] = 7
array_append: arr.append(1); arr.pop()
array_list: arr.tolist()
array_ctor: array.array('i', l)
ba_index: ba[5]
ba_setitem: ba[5] = 65
bytes_iter: for x in b: pass
mv_index: mv[5]
strs: x = ['k%d' % i for i in l] ;; x[100:200]
strs_all: x = ['k%d' % i for i in l] ;; x[:]
strs_neg: x = ['k%d' % i for i in l] ;; x[::-1]
strs_extend: y = ['k%d' % i for i in l] ;; x = []; x.extend(y)
strs_concat: x = ['k%d' % i for i in l] ;; x + x
strs_tuple: x = ['k%d' % i for i in l] ;; tuple(x)
objects: x = [object() for i in l] ;; x[:]
mul_none: [None] * 1000
mul_str: ['x'] * 100
mul_list: [[]] * 100
mul_few: [0] * 3
in_none: None in [1, 2, 3]
in_object: x = [object() for i in l] ;o = x[500] ;; o in x
eq_pair: ('a', 1) == ('a', 1)
eq_tuple: x = (1, 2, 3) ;; x == (1, 2, 3)
lt_tuple: x = (1, 2, 3) ;; x < (1, 2, 4)
star_tuple: x = [1, 2, 3] ;; (*x, 4)
sum_lists: x = [[i] for i in range(10)] ;; sum(x, [])
comp_list: [[x] for x in l]
zip_three: for x, y, z in zip(l, l, l): pass
ba_step: ba[::2]
mv_set: x = memoryview(ba) ;; x[5] = 65
mv_assign: x = memoryview(ba) ;; x[5:8] = b'abc'
mv_cast: mv.cast('H')
mv_iter: for x in mv: pass
mv_iter_int: x = memoryview(arr) ;; for y in x: pass
mv_tolist: x = memoryview(arr) ;; x.tolist()
doubles_get: x = array.array('d', l) ;; x[5]
doubles_iter: x = array.array('d', l) ;; for y in x: pass
doubles_list: x = array.array('d', l) ;; list(x)
doubles_sum: x = array.array('d', l) ;; sum(x)
doubles_count: x = array.array('d', l) ;; x.count(5.0)
doubles_eq: x = array.array('d', l) ;; x == x
array_step: arr[::2]
array_neg: arr[::-1]
array_concat: arr + arr
array_mul: array.array('i', [0]) * 1000
array_byteswap: arr.byteswap()
array_bytes: x = array.array('B', b) ;; for y in x: pass
''')
area('big', '''
a = 3**500; b = 7**300; c = 2**64 + 12345; d = 2**70 + 99; h = 3**50000; m = 2**521 - 1; g = 10**40
sa = str(a); sh = str(3**5000); dec40 = str(g); hx = hex(a)
i63 = 2**62
import math
''', '''
add: a + b
sub: a - b
mul: a * b
mul_small: a * 7
mul_huge: h * h
sq: a * a
div: a // b
div_small: a // 7
mod: a % b
mod_small: a % 10
divmod: divmod(a, b)
pow: 3**500
powmod: pow(b, a, m)
powmod_small: pow(12345, 6789, 1000007)
str: str(a)
str_40: str(g)
str_5000: str(h >> 70000)
parse: int(sa)
parse_40: int(dec40)
parse_2400: int(sh)
hex: hex(a)
parse_hex: int(hx, 16)
shl: a << 13
shr: a >> 13
and: a & b
or: a | b
xor: a ^ b
neg: -a
cmp: a < b
eq: a == a + 0
hash: hash(a)
bit_length: a.bit_length()
to_bytes: a.to_bytes(120, 'little')
from_bytes: int.from_bytes(b'abcdefghijklmnopqrstuvwxyz', 'big')
add2: c + d
mul2: c * d
sub2: d - c
div2: d * c // c
add1: i63 + i63
mul1: i63 * i63
mulsmall: s1 = 123456789 ;s2 = 987654321 ;; s1 * s2
mul62: w1 = 12345678901 ;w2 = 98765432101 ;; w1 * w2
fact: math.factorial(100)
fact1000: math.factorial(1000)
gcd: math.gcd(a, b)
isqrt: math.isqrt(a)
comb: math.comb(100, 50)
fib: x, y = 0, 1\\nfor _ in range(300): x, y = y, x + y
float: float(c)
to_int: int(1e30)
truediv: a / b
intdiv: n = 1234567 ;; n // 89
intmod: n = 1234567 ;; n % 89
intpow: n = 12 ;; n ** 5
int_and: n = 12345 ;; n & 255
int_shift: n = 20 ;; 1 << n
to_bytes_small: (1234).to_bytes(4, 'little')
from_bytes_small: int.from_bytes(b'abcd', 'little')
bit_count: a.bit_count()
fraction: from fractions import Fraction ;f1 = Fraction(1, 3) ;f2 = Fraction(2, 7) ;; f1 + f2
decimal: from decimal import Decimal ;d1 = Decimal('1.1') ;d2 = Decimal('2.2') ;; d1 + d2
invert: ~a
truediv_small: a / 7
perm: math.perm(30, 10)
cmp_small: a < 5
sum: l = [a] * 50 ;; sum(l)
''')
area('json', '''
import json
small = {'a': 1, 'b': [1, 2, 3], 'c': 'x'}
ints = list(range(1000)); floats = [i * 0.37 for i in range(1000)]; strs = ['item%d' % i for i in range(1000)]
recs = [{'id': i, 'name': 'n%d' % i, 'value': i / 7, 'ok': True, 'none': None, 'tags': ['a', 'b']} for i in range(100)]
unis = ['\\u00e9\\u20ac%d' % i for i in range(500)]
esc = ['a"b\\n\\\\' for i in range(500)]
J = {k: json.dumps(v) for k, v in dict(small=small, ints=ints, floats=floats, strs=strs, recs=recs, unis=unis, esc=esc).items()}
Jind = json.dumps(recs, indent=2)
Jbytes = J['recs'].encode()
Ju = json.dumps(unis, ensure_ascii=False)
''', '''
dumps_small: json.dumps(small)
loads_small: json.loads(J['small'])
dumps_ints: json.dumps(ints)
loads_ints: json.loads(J['ints'])
dumps_floats: json.dumps(floats)
loads_floats: json.loads(J['floats'])
dumps_strs: json.dumps(strs)
loads_strs: json.loads(J['strs'])
dumps_recs: json.dumps(recs)
loads_recs: json.loads(J['recs'])
dumps_unis: json.dumps(unis)
dumps_unis_raw: json.dumps(unis, ensure_ascii=False)
loads_unis: json.loads(J['unis'])
loads_unis_raw: json.loads(Ju)
dumps_esc: json.dumps(esc)
loads_esc: json.loads(J['esc'])
dumps_indent: json.dumps(recs, indent=2)
loads_indent: json.loads(Jind)
dumps_sort: json.dumps(recs, sort_keys=True)
loads_bytes: json.loads(Jbytes)
dumps_default: json.dumps([{1, 2}], default=list)
loads_hook: json.loads(J['recs'], object_hook=lambda d: d)
dump_file: import io ;; json.dump(recs, io.StringIO())
dumps_intkeys: dk = {i: i for i in range(100)} ;; json.dumps(dk)
loads_scalar: json.loads('1')
dumps_scalar: json.dumps('abc')
''')
area('re', '''
import re
text = 'The quick brown fox jumps over the lazy dog. ' * 20
log = '127.0.0.1 - - [10/Oct/2000:13:55:36 -0700] "GET /apache_pb.gif HTTP/1.0" 200 2326'
logre = re.compile(r'(\\S+) (\\S+) (\\S+) \\[([^]]+)\\] "(\\w+) (\\S+) ([^"]+)" (\\d+) (\\d+)')
word = re.compile(r'\\w+'); ws = re.compile(r'\\s+'); num = re.compile(r'\\d+'); email = re.compile(r'[\\w.]+@[\\w.]+\\.\\w+')
mail = 'contact: john.doe@example.com or jane@test.org ' * 5
named = re.compile(r'(?P<y>\\d{4})-(?P<m>\\d\\d)-(?P<d>\\d\\d)')
alt = re.compile(r'fox|dog|cat'); icase = re.compile(r'FOX', re.I)
lazy = re.compile(r'<(.+?)>'); html = '<a><b>text</b></a>' * 20
tok = re.compile(r'\\s*(?:(\\d+\\.?\\d*)|([A-Za-z_]\\w*)|(.))')
back = re.compile(r'(\\w)\\1'); look = re.compile(r'\\w+(?=\\.)'); anchor = re.compile(r'^\\w+', re.M)
bword = re.compile(rb'\\w+'); btext = text.encode()
expr = 'x = 3.14 * (y + 42) - foo_bar / 7' * 5
uni = 'Der schnelle br\\xe4unliche Fuchs \\u20ac springt. ' * 20
comma = re.compile(r'\\s*,\\s*'); line='a , b,c ,d,  e'
''', '''
match_log: logre.match(log)
match_groups: logre.match(log).groups()
match_fail: num.match(text)
match_simple: word.match('hello')
search: alt.search(text)
search_lit: re.search('lazy', text)
search_fail: num.search(text)
search_cached: re.search(r'\\d+', 'abc 123')
findall: word.findall(text)
findall_email: email.findall(mail)
findall_bytes: bword.findall(btext)
findall_uni: word.findall(uni)
finditer: for m in word.finditer(text): m.group()
finditer_span: for m in word.finditer(text): m.span()
sub: ws.sub(' ', text)
sub_fn: word.sub(lambda m: m.group().upper(), text)
sub_group: word.sub(r'<\\g<0>>', text)
sub_none: num.sub('x', text)
sub_str: re.sub('o', '0', text)
split: ws.split(text)
split_comma: comma.split(line)
named: named.match('2020-01-02').groupdict()
named_group: named.match('2020-01-02')['y']
alt: alt.findall(text)
icase: icase.findall(text)
lazy: lazy.findall(html)
tokenize: tok.findall(expr)
tok_scan: for m in tok.finditer(expr): m.lastindex
backref: back.findall(text)
look: look.findall(text)
anchor: anchor.findall(text)
fullmatch: num.fullmatch('123456')
escape: re.escape('a.b*c')
compile_cached: re.compile(r'\\d+')
compile: re.purge(); re.compile(r'(\\d+)-(\\w+)')
dotall: r = re.compile('.*fox.*') ;; r.match(text)
nested: r = re.compile(r'(?:(?:a|b)+c)+') ;x = 'abcaabbc' * 20 ;; r.match(x)
charclass: r = re.compile(r'[a-z]+') ;; r.findall(text)
negclass: r = re.compile(r'[^,]+') ;; r.findall(line)
group_get: m = logre.match(log) ;; m.group(1, 2)
m_index: m = logre.match(log) ;; m[1]
m_start: m = logre.match(log) ;; m.start(1)
expand: m = logre.match(log) ;; m.expand(r'\\1 \\2')
repeat: r = re.compile(r'(?:\\d{1,3}\\.){3}\\d{1,3}') ;; r.match(log)
''')
area('struct', '''
import struct
S = struct.Struct('<IhB?d4s'); p = S.pack(1, 2, 3, True, 2.5, b'abcd'); data = p * 100; buf = bytearray(p)
T = struct.Struct('>HHI'); q = T.pack(1, 2, 3)
ii = struct.pack('100i', *range(100)); dd = struct.pack('100d', *range(100)); l100 = list(range(100)); f100 = [float(x) for x in l100]
mv = memoryview(data)
''', '''
pack: S.pack(1, 2, 3, True, 2.5, b'abcd')
unpack: S.unpack(p)
fn_pack: struct.pack('<I', 5)
fn_unpack: struct.unpack('<I', b'abcd')
iter: for t in S.iter_unpack(data): pass
pack_into: T.pack_into(buf, 0, 1, 2, 3)
unpack_from: T.unpack_from(buf, 0)
fn_unpack_from: struct.unpack_from('>HHI', buf, 0)
ints: struct.unpack('100i', ii)
doubles: struct.unpack('100d', dd)
pack_ints: struct.pack('100i', *l100)
pack_doubles: struct.pack('100d', *f100)
native: struct.pack('iq', 1, 2)
calcsize: struct.calcsize('<IhB')
be64: struct.pack('>Q', 2**63)
unpack_be64: struct.unpack('>Q', b'abcdefgh')
chars: struct.unpack('10s', b'abcdefghij')
half: struct.pack('<e', 1.5)
float: struct.unpack('<f', b'abcd')
mv: S.unpack_from(mv, 20)
bytes4: struct.unpack('4B', b'abcd')
strings: struct.unpack('4s4s', b'abcdefgh')
list_dd: list(struct.iter_unpack('<dd', dd))
''')
area('file', '''
import os, tempfile, io
D = tempfile.mkdtemp()
import atexit, shutil; atexit.register(shutil.rmtree, D)
P = D + '/a.txt'; U = D + '/u.txt'; O = D + '/o'; C = D + '/crlf'
N = 2000
with open(P, 'w') as f:
    for i in range(N): f.write('line %d of the file, with some text\\n' % i)
with open(U, 'w', encoding='utf-8') as f:
    for i in range(N): f.write('line %d of the fil\\xe9, with some t\\u20acxt\\n' % i)
with open(C, 'w', newline='\\r\\n') as f:
    for i in range(N): f.write('line %d of the file, with some text\\n' % i)
S = D + '/s.txt'
with open(S, 'w') as f:
    for i in range(N): f.write('%d\\n' % i)
lines = open(P).readlines(); ulines = open(U, encoding='utf-8').readlines(); blines = open(P, 'rb').readlines()
null = open(os.devnull, 'w'); text = open(P).read()
''', '''
iter: for l in open(P): pass
iter_short: for l in open(S): pass
iter_uni: for l in open(U, encoding='utf-8'): pass
iter_ascii: for l in open(P, encoding='ascii'): pass
iter_latin: for l in open(P, encoding='latin-1'): pass
iter_crlf: for l in open(C): pass
iter_nl: for l in open(P, newline='\\x0a'): pass
iter_nl0: for l in open(P, newline=''): pass
iter_bytes: for l in open(P, 'rb'): pass
iter_split: for l in open(P): l.split()
iter_strip: for l in open(P): l.rstrip('\\x0a')
readline: f = open(P)\\nwhile f.readline(): pass
readline_b: f = open(P, 'rb')\\nwhile f.readline(): pass
readline_walrus: f = open(P)\\nwhile l := f.readline(): pass
readlines: open(P).readlines()
readlines_uni: open(U, encoding='utf-8').readlines()
readlines_b: open(P, 'rb').readlines()
list: list(open(P))
read: open(P).read()
read_uni: open(U, encoding='utf-8').read()
read_b: open(P, 'rb').read()
read_chunks: f = open(P)\\nwhile f.read(1000): pass
read_chars: f = open(S)\\nwhile f.read(1): pass
read_b_chunks: f = open(P, 'rb')\\nwhile f.read(100): pass
write: f = open(O, 'w')\\nfor l in lines: f.write(l)\\nf.close()
write_uni: f = open(O, 'w', encoding='utf-8')\\nfor l in ulines: f.write(l)\\nf.close()
write_short: f = open(O, 'w')\\nfor i in range(2000): f.write('x')\\nf.close()
write_b: f = open(O, 'wb')\\nfor l in blines: f.write(l)\\nf.close()
write_fmt: f = open(O, 'w')\\nfor i in range(2000): f.write('%d\\x0a' % i)\\nf.close()
writelines: f = open(O, 'w'); f.writelines(lines); f.close()
write_all: f = open(O, 'w'); f.write(text); f.close()
print: f = open(O, 'w')\\nfor i in range(2000): print(i, file=f)\\nf.close()
print2: f = open(O, 'w')\\nfor i in range(2000): print('a', i, file=f)\\nf.close()
print_null: print('hello', file=null)
print_sep: print(1, 2, 3, sep=',', file=null)
open_close: open(P).close()
open_with: with open(P) as f: pass
open_b: open(P, 'rb').close()
read_small: open(S).readline()
stringio_write: s = io.StringIO()\\nfor l in lines: s.write(l)
stringio_iter: for l in io.StringIO(text): pass
stringio_get: s = io.StringIO(); s.write('a'); s.getvalue()
bytesio_write: s = io.BytesIO()\\nfor l in blines: s.write(l)
bytesio_iter: d = text.encode() ;; for l in io.BytesIO(d): pass
bytesio_read: d = text.encode() ;; s = io.BytesIO(d)\\nwhile s.read(64): pass
seek: f = open(P, 'rb') ;; f.seek(0); f.read(10)
seek_text: f = open(P) ;; f.seek(0); f.read(10)
tell: f = open(P, 'rb') ;; f.tell()
tell_text: f = open(P) ;; f.readline(); f.tell(); f.seek(0)
flush: null.flush()
textwrapper: d = text.encode() ;; for l in io.TextIOWrapper(io.BytesIO(d)): pass
iter_cp1252: for l in open(P, encoding='cp1252'): pass
iter_utf16: open(O + '16', 'w', encoding='utf-16').write(text) ;; for l in open(O + '16', encoding='utf-16'): pass
write_latin1: f = open(O, 'w', encoding='latin-1')\\nfor l in lines: f.write(l)\\nf.close()
write_utf16: f = open(O, 'w', encoding='utf-16')\\nfor l in lines: f.write(l)\\nf.close()
mmap_find: import mmap ;f = open(P, 'rb') ;m = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ) ;; m.find(b'line 1900')
exists: os.path.exists(P)
join: os.path.join('/usr', 'lib', 'x')
splitext: os.path.splitext(P)
basename: os.path.basename(P)
listdir: os.listdir(D)
stat: os.stat(P)
fileinput: import fileinput ;; for l in fileinput.input(S): pass
csv_read: import csv ;rows = [','.join(['a', str(i), 'b c', '1.5']) + '\\n' for i in range(500)] ;; for r in csv.reader(rows): pass
csv_read_file: import csv ;; for r in csv.reader(open(P)): pass
csv_quoted: import csv ;rows = ['"a, b",%d,"c ""d"""\\n' % i for i in range(500)] ;; for r in csv.reader(rows): pass
csv_write: import csv ;rows = [['a', i, 'b c', 1.5] for i in range(500)] ;; csv.writer(io.StringIO()).writerows(rows)
csv_writerow: import csv ;w = csv.writer(null) ;; w.writerow(['a', 1, 'b c', 1.5])
csv_dict: import csv ;rows = ['a,b,c\\n'] + ['x,%d,z\\n' % i for i in range(500)] ;; for r in csv.DictReader(rows): pass
''')
area('pickle', '''
import pickle, copy, marshal
class P:
    def __init__(self, a): self.x = a; self.y = a * 2.0; self.name = 'n%d' % a
class S:
    __slots__ = ('a', 'b')
    def __init__(self, a): self.a = a; self.b = str(a)
import __main__
__main__.P = P; __main__.S = S; P.__module__ = S.__module__ = '__main__'; P.__qualname__ = 'P'; S.__qualname__ = 'S'
import dataclasses
V = dict(ints=list(range(1000)), floats=[i * .37 for i in range(1000)], strs=['item%d' % i for i in range(1000)],
  dicts=[{'a': i, 'b': str(i), 'c': None} for i in range(300)], tuples=[(i, i + 1) for i in range(1000)], nested=[[i, [i, [i]]] for i in range(400)],
  inst=[P(i) for i in range(300)], slots=[S(i) for i in range(200)], bytes=[b'x%d' % i for i in range(1000)], big={i: 'v%d' % i for i in range(1000)},
  sets=[{i, i + 1} for i in range(400)], uni=['\\u00e9\\u20ac%d' % i for i in range(1000)], small={'a': 1, 'b': [1, 2, 3], 'c': 'x'}, one=P(1), bigints=[i << 70 for i in range(500)])
J = {k: pickle.dumps(v) for k, v in V.items()}
M = {k: marshal.dumps(v) for k, v in V.items() if k not in ('inst', 'slots', 'one')}
J2 = {k: pickle.dumps(v, 2) for k, v in V.items()}
''', '\n'.join(f"dumps_{k}: v = V['{k}'] ;; pickle.dumps(v)\nloads_{k}: v = J['{k}'] ;; pickle.loads(v)" for k in
 'ints floats strs dicts tuples nested inst slots bytes big sets uni small one bigints'.split()) + '''
loads2_inst: v = J2['inst'] ;; pickle.loads(v)
dumps2_inst: v = V['inst'] ;; pickle.dumps(v, 2)
marshal_dumps_ints: v = V['ints'] ;; marshal.dumps(v)
marshal_loads_ints: v = M['ints'] ;; marshal.loads(v)
marshal_dumps_dicts: v = V['dicts'] ;; marshal.dumps(v)
marshal_loads_dicts: v = M['dicts'] ;; marshal.loads(v)
marshal_loads_strs: v = M['strs'] ;; marshal.loads(v)
deepcopy_small: v = V['small'] ;; copy.deepcopy(v)
deepcopy_dicts: v = V['dicts'] ;; copy.deepcopy(v)
deepcopy_inst: v = V['one'] ;; copy.deepcopy(v)
deepcopy_nested: v = V['nested'] ;; copy.deepcopy(v)
copy_inst: v = V['one'] ;; copy.copy(v)
copy_list: v = V['ints'] ;; copy.copy(v)
''')
area('bytes', '''
b = b'The quick brown fox jumps over the lazy dog. ' * 20; ba = bytearray(b); s = b'hello'; line = b'a,b,c,d,e'
import binascii, base64, hashlib, zlib
z = zlib.compress(b); b64 = base64.b64encode(b); hx = b.hex()
l = list(b)
tab = bytes.maketrans(b'abc', b'xyz')
''', '''
find: b.find(b'lazy')
find_int: b.find(122)
count: b.count(b'o')
replace: b.replace(b'fox', b'cat')
split: b.split()
split_comma: line.split(b',')
strip: b'  hello '.strip()
join: b','.join([b'a', b'b', b'c'])
join_long: w = b.split() ;; b' '.join(w)
startswith: b.startswith(b'The')
upper: b.upper()
lower: b.lower()
translate: b.translate(tab)
hex: b.hex()
fromhex: bytes.fromhex(hx)
concat: s + b'x'
index: b[10]
iter: for x in b: pass
list: list(b)
ctor_list: bytes(l)
ctor_n: bytes(100)
eq: b == bytes(ba)
in: b'lazy' in b
in_int: 122 in b
hash: hash(s + s)
repr: repr(b)
isdigit: s.isdigit()
partition: line.partition(b',')
splitlines: b.splitlines()
mul: s * 10
ba_append: x = bytearray()\\nfor i in range(100): x.append(i)
ba_extend: x = bytearray(); x.extend(b)
ba_iadd: x = bytearray()\\nfor i in range(100): x += b'abc'
ba_ctor: bytearray(b)
ba_find: ba.find(b'lazy')
ba_replace: ba.replace(b'o', b'0')
ba_set: ba[3] = 65
ba_del: x = bytearray(b); del x[:10]
ba_pop: ba.append(1); ba.pop()
ba_decode: ba.decode()
ba_split: ba.split()
memview: memoryview(b)
mv_bytes: bytes(memoryview(b))
mv_list: memoryview(b).tolist()
b64encode: base64.b64encode(b)
b64decode: base64.b64decode(b64)
hexlify: binascii.hexlify(b)
crc32: zlib.crc32(b)
adler: zlib.adler32(b)
compress: zlib.compress(b)
decompress: zlib.decompress(z)
md5: hashlib.md5(b).hexdigest()
sha256: hashlib.sha256(b).digest()
sha1_small: hashlib.sha1(s).digest()
xor: bytes(x ^ 1 for x in b)
''')
area('iter', '''
import itertools as it, functools as ft, operator as op
l = list(range(200)); pairs = [(i % 10, i) for i in range(200)]
''', '''
chain: for x in it.chain(l, l): pass
chain_from: list(it.chain.from_iterable([l, l, l]))
islice: list(it.islice(l, 10, 100))
islice_inf: list(it.islice(it.count(), 100))
count: for x, y in zip(it.count(), l): pass
cycle: list(it.islice(it.cycle([1, 2, 3]), 100))
repeat: list(it.repeat(1, 100))
accumulate: list(it.accumulate(l))
accumulate_fn: list(it.accumulate(l, op.mul))
product: list(it.product(range(10), range(10)))
permutations: list(it.permutations(range(5)))
combinations: list(it.combinations(range(10), 3))
combos_r: list(it.combinations_with_replacement(range(6), 3))
groupby: for k, g in it.groupby(l, lambda x: x // 10): list(g)
groupby_list: [(k, len(list(g))) for k, g in it.groupby(l)]
takewhile: list(it.takewhile(lambda x: x < 100, l))
dropwhile: list(it.dropwhile(lambda x: x < 100, l))
filterfalse: list(it.filterfalse(lambda x: x & 1, l))
starmap: list(it.starmap(op.add, pairs))
zip_longest: list(it.zip_longest(l, l[:100]))
compress: list(it.compress(l, it.cycle([1, 0])))
tee: a, b = it.tee(l); list(a); list(b)
pairwise: list(it.pairwise(l))
map_lambda: list(map(lambda x: x + 1, l))
map2: list(map(op.add, l, l))
filter_lambda: list(filter(lambda x: x & 1, l))
enumerate: list(enumerate(l))
zip: list(zip(l, l))
zip3: list(zip(l, l, l))
zip_star: list(zip(*pairs))
reduce: ft.reduce(op.add, l)
reduce_lambda: ft.reduce(lambda a, b: a + b, l)
partial: p = ft.partial(pow, 2) ;; p(5)
partial_kw: p = ft.partial(int, base=2) ;; p('101')
lru: f = ft.lru_cache(lambda x: x) ;; f(1)
lru_none: f = ft.lru_cache(None)(lambda x: x) ;; f(1)
lru_miss: f = ft.lru_cache(10)(lambda x: x) ;; for i in l: f(i)
lru_two: f = ft.lru_cache(lambda x, y: x) ;; f(1, 2)
cached_prop: exec("class Q:\\n @ft.cached_property\\n def v(self): return 1", globals()) ;q = Q() ;; q.v
singledispatch: f = ft.singledispatch(lambda x: x) ;; f(1)
itemgetter: g = op.itemgetter(1) ;t = (1, 2) ;; g(t)
itemgetter2: g = op.itemgetter(1, 0) ;t = (1, 2) ;; g(t)
attrgetter: g = op.attrgetter('real') ;; g(5)
methodcaller: g = op.methodcaller('upper') ;; g('abc')
gen: sum(x for x in l)
gen_next: g = iter(l) ;; next(g, None)
iter_sentinel: g = iter(l).__next__ ;; list(iter(lambda: 1, 1))
sum_start: sum(pairs, ())
max_default: max(l, default=0)
sorted_gen: sorted(x for x in l)
any_gen: any(x > 150 for x in l)
dictzip: dict(zip(l, l))
reversed: list(reversed(l))
batched: [l[i:i + 10] for i in range(0, 200, 10)]
''')
area('coll', '''
from collections import namedtuple, deque, ChainMap, Counter
import dataclasses, enum, typing, copy
P = namedtuple('P', 'x y'); p = P(1, 2)
@dataclasses.dataclass
class D:
    x: int
    y: int = 2
@dataclasses.dataclass(frozen=True, order=True)
class F:
    x: int
    y: int = 2
d = D(1); f1 = F(1); f2 = F(2)
class E(enum.Enum):
    A = 1
    B = 2
class Fl(enum.IntFlag):
    A = 1
    B = 2
c1 = Counter('abracadabra'); c2 = Counter('alakazam'); cm = ChainMap({'a': 1}, {'b': 2})
''', '''
nt_create: P(1, 2)
nt_attr: p.x
nt_replace: p._replace(x=3)
nt_asdict: p._asdict()
nt_unpack: x, y = p
nt_repr: repr(p)
nt_make: P._make((1, 2))
dc_create: D(1, 3)
dc_create_kw: D(x=1, y=3)
dc_attr: d.x
dc_eq: d == D(1)
dc_repr: repr(d)
dc_frozen: F(1, 2)
dc_hash: hash(f1)
dc_lt: f1 < f2
dc_replace: dataclasses.replace(d, x=5)
dc_asdict: dataclasses.asdict(d)
dc_make: dataclasses.make_dataclass('X', ['a'])
enum_get: E.A
enum_value: E.A.value
enum_call: E(1)
enum_name: E['A']
enum_iter: list(E)
flag_or: Fl.A | Fl.B
counter_add: c1 + c2
counter_sub: c1 - c2
counter_and: c1 & c2
counter_update: c = Counter(); c.update('abracadabra')
chainmap: cm['b']
deque_ctor: deque(range(100))
deque_maxlen: q = deque(maxlen=10) ;; q.append(1)
deque_index: q = deque(range(100)) ;; q[50]
deque_extend: q = deque(); q.extend(range(100))
isinstance: isinstance(5, (str, int))
isinstance_abc: import collections.abc as ca ;; isinstance([], ca.Sequence)
hasattr: hasattr(d, 'z')
getattr: getattr(d, 'x')
getattr_def: getattr(d, 'zz', None)
setattr: setattr(d, 'x', 1)
property: exec("class Q:\\n @property\\n def v(self): return 1", globals()) ;q = Q() ;; q.v
class: type('X', (), {})
super: exec("class Q(dict):\\n def get(self, k): return super().get(k)", globals()) ;q = Q() ;; q.get(1)
try: x = 0\\ntry: x = 1\\nexcept ValueError: pass
raise: x = 0\\ntry: raise ValueError\\nexcept ValueError: pass
raise_key: x = {}\\ntry: x['a']\\nexcept KeyError: pass
with: exec("class Q:\\n def __enter__(self): pass\\n def __exit__(self, *a): pass", globals()) ;q = Q() ;; with q: pass
ctxmgr: import contextlib ;cmf = contextlib.contextmanager(lambda: (yield)) ;; with cmf(): pass
kwargs: fn = lambda a, b=1, *c, **k: a ;; fn(1, b=2, d=3)
call_star: fn = lambda a, b: a ;t = (1, 2) ;; fn(*t)
closure: exec("def mk():\\n x = 0\\n def f():\\n  nonlocal x\\n  x += 1\\n return f", globals()) ;fn = mk() ;; fn()
generator: exec("def ge():\\n for i in range(100): yield i", globals()) ;; for x in ge(): pass
async: exec("async def co():\\n return 1", globals()) ;; c = co()\\ntry: c.send(None)\\nexcept StopIteration: pass
typing_sub: typing.List[int]
weakref: import weakref ;; weakref.ref(d)
weakref_call: import weakref ;w = weakref.ref(d) ;; w()
uuid: import uuid ;; uuid.uuid4()
heappush: import heapq ;h = [] ;; heapq.heappush(h, 1); heapq.heappop(h)
queue: import queue ;q = queue.Queue() ;; q.put(1); q.get()
simplequeue: import queue ;q = queue.SimpleQueue() ;; q.put(1); q.get()
lock: import threading ;k = threading.Lock() ;; k.acquire(); k.release()
with_lock: import threading ;k = threading.Lock() ;; with k: pass
rlock: import threading ;k = threading.RLock() ;; with k: pass
random: import random ;; random.random()
randint: import random ;; random.randint(1, 100)
shuffle: import random ;l = list(range(100)) ;; random.shuffle(l)
choice: import random ;l = list(range(100)) ;; random.choice(l)
sample: import random ;l = list(range(100)) ;; random.sample(l, 5)
logging: import logging ;lg = logging.getLogger('x') ;; lg.debug('x %s', 1)
eval: eval('1 + 2')
compile: compile('x = 1 + 2', 'f', 'exec')
exec: co = compile('x = 1 + 2', 'f', 'exec') ;g = {} ;; exec(co, g)
ast: import ast ;; ast.parse('x = 1 + 2')
literal_eval: import ast ;; ast.literal_eval('[1, 2, {"a": 3}]')
tokenize: import tokenize, io ;src = 'x = 1 + 2\\n' * 20 ;; list(tokenize.generate_tokens(io.StringIO(src).readline))
argparse: import argparse ;ap = argparse.ArgumentParser() ;ap.add_argument('--x', type=int) ;; ap.parse_args(['--x', '1'])
inspect: import inspect ;; inspect.signature(dataclasses.field)
pathlib: import pathlib ;; pathlib.Path('/usr') / 'lib'
urlparse: import urllib.parse as up ;i = 0 ;; i += 1; up.urlsplit('http://a.b/c%d?d=e' % i)
html: import html ;; html.escape('<a href="x">')
configparser: import configparser ;; c = configparser.ConfigParser(); c.read_string('[a]\\x0ab = 1\\x0a')
xml: import xml.etree.ElementTree as ET ;xs = '<a>' + '<b c="d">e</b>' * 50 + '</a>' ;; ET.fromstring(xs)
statistics: import statistics ;l = list(range(50)) ;; statistics.mean(l)
''')
area('etree', '''
import copy, io, pickle
import xml.etree.ElementTree as ET
small = '<a>' + '<b c="d">e</b>' * 50 + '</a>'
text = '<r>' + '<item id="1" class="x"><name>some text</name><v>12</v>tail</item>\\n' * 100 + '</r>'
root = ET.fromstring(text); e = root[3]; plain = ET.fromstring(small); data = text.encode()
''', '''
fromstring: ET.fromstring(small)
fromstring_bytes: ET.fromstring(data)
parse: ET.parse(io.BytesIO(data))
iterparse: list(ET.iterparse(io.BytesIO(data)))
target: b = ET.TreeBuilder() ;; b = ET.TreeBuilder(); b.start('a', {}); b.data('x'); b.end('a'); b.close()
element: ET.Element('a')
element_attributes: ET.Element('a', {'k': 'v'}, x='y')
subelement: p = ET.Element('a') ;; ET.SubElement(p, 'b'); p.clear()
append: p = ET.Element('a'); c = ET.Element('b') ;; p.append(c); del p[0]
tag: e.tag
text: e.text
text_store: e.text = 'x'
get: e.get('id')
set: e.set('id', '2')
items: e.items()
index: root[7]
slice: root[2:9]
len: len(root)
for: for x in root: pass
list: list(plain)
iter: for x in root.iter(): pass
iter_tag: list(root.iter('name'))
itertext: ''.join(root.itertext())
find: e.find('v')
find_last: plain.find('z')
find_path: root.find('item/v')
findtext: e.findtext('name')
findall: root.findall('item')
findall_path: root.findall('.//v')
tostring: ET.tostring(plain)
copy: copy.copy(e)
deepcopy: copy.deepcopy(e)
dumps: pickle.dumps(plain)
loads: s = pickle.dumps(plain) ;; pickle.loads(s)
insert_remove: p = ET.fromstring(small); c = ET.Element('z') ;; p.insert(10, c); p.remove(c)
''')

area('date', '''
import datetime as dt, time
d = dt.datetime(2020, 1, 2, 3, 4, 5, 678); e = dt.datetime(2021, 5, 6); td = dt.timedelta(days=1, seconds=5); da = dt.date(2020, 1, 2)
utc = dt.timezone.utc; au = d.replace(tzinfo=utc); iso = d.isoformat()
''', '''
ctor: dt.datetime(2020, 1, 2, 3, 4, 5)
now: dt.datetime.now()
date: dt.date(2020, 1, 2)
add: d + td
sub: e - d
cmp: d < e
eq: d == e
hash: hash(dt.datetime(2020, 1, 2))
iso: d.isoformat()
fromiso: dt.datetime.fromisoformat(iso)
strftime: d.strftime('%Y-%m-%d %H:%M:%S')
strptime: dt.datetime.strptime('2020-01-02 03:04:05', '%Y-%m-%d %H:%M:%S')
str: str(d)
repr: repr(d)
td_ctor: dt.timedelta(days=1)
td_ctor2: dt.timedelta(hours=1, minutes=2)
td_add: td + td
td_mul: td * 3
td_total: td.total_seconds()
year: d.year
replace: d.replace(year=2021)
weekday: d.weekday()
timestamp: au.timestamp()
fromts: dt.datetime.fromtimestamp(1600000000, utc)
utc_iso: au.isoformat()
date_: d.date()
toordinal: da.toordinal()
fromord: dt.date.fromordinal(737000)
timetuple: d.timetuple()
time: time.time()
perf: time.perf_counter()
mono: time.monotonic()
localtime: time.localtime()
tstrftime: time.strftime('%Y')
today: dt.date.today()
astz: au.astimezone(dt.timezone(dt.timedelta(hours=1)))
combine: dt.datetime.combine(da, dt.time(1, 2))
''')
area('math', '''
import math, cmath, random, operator
x = 1.234; y = 5.678; l = [random.random() for _ in range(100)]; n = 123456; z = 1 + 2j
''', '''
sqrt: math.sqrt(x)
sin: math.sin(x)
exp: math.exp(x)
log: math.log(x)
log2: math.log2(x)
log_base: math.log(x, 2)
pow: math.pow(x, y)
floor: math.floor(x)
ceil: math.ceil(x)
fabs: math.fabs(x)
hypot: math.hypot(x, y)
atan2: math.atan2(x, y)
fsum: math.fsum(l)
prod: math.prod(l)
gcd: math.gcd(123456, 7890)
isqrt: math.isqrt(n)
factorial: math.factorial(10)
comb: math.comb(20, 10)
isclose: math.isclose(x, y)
isnan: math.isnan(x)
modf: math.modf(x)
frexp: math.frexp(x)
ldexp: math.ldexp(x, 5)
dist: math.dist((1, 2), (3, 4))
trunc: math.trunc(x)
degrees: math.degrees(x)
fadd: x + y
fmul: x * y
fdiv: x / y
fpow: x ** 2
fpow2: x ** y
ffloor: x // y
fmod: x % y
abs: abs(-5)
absf: abs(-x)
round: round(x)
round2: round(x, 1)
divmod: divmod(n, 7)
int: int(x)
float: float(n)
bool: bool(n)
cmp: x < y
complex: z * z
cabs: abs(z)
intadd: n + 1
intmul: n * n
intdiv: n / 7
pow2: e = 10 ;; 2 ** e
neg: -n
sumsq: sum(v * v for v in l)
sum: sum(l)
max: max(x, y)
min3: min(1, 2, 3)
is_integer: x.is_integer()
as_integer_ratio: x.as_integer_ratio()
hexf: x.hex()
fromhex: float.fromhex('0x1.8p3')
hashf: hash(x)
bin: bin(n)
chain: 0 < n < 1000000
''')
area('decimal', '''
import decimal
from decimal import Decimal, getcontext, localcontext
from fractions import Fraction
a, b, c = Decimal('1.1'), Decimal('2.25'), Decimal('-1234567.89012345678901234567')
third = Decimal(1) / 3
cents = Decimal('0.01')
small, large = Decimal('1E-30'), Decimal('9.99E+60')
long = Decimal(10) ** 60 / 7
numbers = [Decimal(i) / 8 for i in range(-50, 50)]
context = decimal.Context(prec=50)
''', '''
add: a + b
add_int: a + 3
add_rounded: third + c
add_far: c + small
subtract: a - b
multiply: a * b
multiply_rounded: third * c
divide: a / b
divide_third: c / third
divide_whole: c // b
remainder: c % b
divmod: divmod(c, a)
power: third ** 7
power_modulo: pow(Decimal(3), Decimal(40), Decimal(7))
negative: -c
absolute: abs(c)
less: a < b
equal: a == b
equal_int: a == 1
equal_float: b == 2.25
truth: not a
hash: hash(b)
from_str: Decimal('3.14159')
from_long_str: Decimal('-0.00123456789012345678901234567890E+12')
from_int: Decimal(12345)
from_float: Decimal(0.1)
from_tuple: Decimal((0, (1, 2, 3), -2))
str: str(c)
str_exponent: str(small)
repr: repr(a)
int: int(c)
float: float(c)
round: round(c, 2)
round_int: round(c)
as_tuple: c.as_tuple()
ratio: b.as_integer_ratio()
fraction: Fraction(b)
quantize: c.quantize(cents)
normalize: large.normalize()
compare: a.compare(b)
max: a.max(b)
next: a.next_plus()
scaleb: a.scaleb(5)
same_quantum: a.same_quantum(b)
sqrt: b.sqrt()
exp: a.exp()
ln: b.ln()
log10: b.log10()
fma: a.fma(b, c)
format: format(c, ',.2f')
format_percent: f'{third:.1%}'
sum: sum(numbers)
sort: sorted(numbers)
context_divide: context.divide(a, b)
local: with localcontext() as k: k.prec = 6
fifty: context.multiply(long, long)
pi: x = Decimal(3)\\nfor i in range(1, 20): x = x + a / (x * i)
''')

area('codec', '''
import codecs
text = 'The quick brown fox jumps over the lazy dog. ' * 20
uni = 'Der schnelle br\\xe4unliche Fuchs \\u20ac springt. ' * 20
latin = 'Der schnelle br\\xe4unliche Fuchs springt. ' * 20
far = 'face \\U0001f600 and plain text again. ' * 20
smuggled = 'a path with a \\udce4 byte and more of it/' * 20
line = 'short line\\n'
udata = uni.encode(); bad = latin.encode('latin-1'); esc = uni.encode('unicode_escape')
bad16 = uni.encode('utf-16-le')[:-1]
''', '''
ascii_ignore: bad.decode('ascii', 'ignore')
ascii_replace: bad.decode('ascii', 'replace')
ascii_backslash: bad.decode('ascii', 'backslashreplace')
ascii_smuggle: bad.decode('ascii', 'surrogateescape')
utf8_ignore: bad.decode('utf-8', 'ignore')
utf8_replace: bad.decode('utf-8', 'replace')
utf8_backslash: bad.decode('utf-8', 'backslashreplace')
utf8_smuggle: bad.decode('utf-8', 'surrogateescape')
utf8_pass: d = ('x\\ud800 and some more' * 20).encode('utf-8', 'surrogatepass') ;; d.decode('utf-8', 'surrogatepass')
utf8_short: b'abc\\xff'.decode('utf-8', 'replace')
utf8_strict: try: b'abc\\xff'.decode()\\nexcept ValueError: pass
utf16_ignore: bad16.decode('utf-16-le', 'ignore')
utf16_pairs: d = far.encode('utf-16') ;; d.decode('utf-16')
utf16_lone: d = smuggled.encode('utf-16', 'surrogatepass') ;; d.decode('utf-16', 'replace')
utf32_bad: d = far.encode('utf-32-le') + b'\\xff\\xff\\xff\\xff' ;; d.decode('utf-32-le', 'replace')
charmap_ignore: bad.decode('cp1252', 'ignore')
charmap_replace: d = bad.replace(b'e', b'\\x81') ;; d.decode('cp1252', 'replace')
charmap_cp437: bad.decode('cp437')
handler: codecs.register_error('bench.plus', lambda e: ('+', e.end)) ;; bad.decode('ascii', 'bench.plus')
handler_encode: codecs.register_error('bench.plus', lambda e: ('+', e.end)) ;; uni.encode('ascii', 'bench.plus')
e_ascii_ignore: latin.encode('ascii', 'ignore')
e_ascii_replace: latin.encode('ascii', 'replace')
e_ascii_backslash: latin.encode('ascii', 'backslashreplace')
e_ascii_xml: latin.encode('ascii', 'xmlcharrefreplace')
e_ascii_name: latin.encode('ascii', 'namereplace')
e_ascii_smuggle: smuggled.encode('ascii', 'surrogateescape')
e_ascii_strict: try: latin.encode('ascii')\\nexcept ValueError: pass
e_latin_ignore: uni.encode('latin-1', 'ignore')
e_latin_replace: uni.encode('latin-1', 'replace')
e_latin_backslash: uni.encode('latin-1', 'backslashreplace')
e_latin_xml: uni.encode('latin-1', 'xmlcharrefreplace')
e_utf8_ignore: smuggled.encode('utf-8', 'ignore')
e_utf8_replace: smuggled.encode('utf-8', 'replace')
e_utf8_smuggle: smuggled.encode('utf-8', 'surrogateescape')
e_utf8_pass: smuggled.encode('utf-8', 'surrogatepass')
e_utf16_pass: smuggled.encode('utf-16', 'surrogatepass')
e_utf16_ignore: smuggled.encode('utf-16', 'ignore')
e_utf16_far: far.encode('utf-16')
e_utf8_far: far.encode()
e_charmap: latin.encode('cp1252')
e_charmap_ignore: uni.encode('cp437', 'ignore')
e_charmap_replace: uni.encode('cp437', 'replace')
e_charmap_xml: uni.encode('cp437', 'xmlcharrefreplace')
unicode_escape: esc.decode('unicode_escape')
unicode_escape_plain: d = text.encode() ;; d.decode('unicode_escape')
raw_escape: d = uni.encode('raw_unicode_escape') ;; d.decode('raw_unicode_escape')
e_unicode_escape_plain: text.encode('unicode_escape')
e_unicode_escape_latin: latin.encode('unicode_escape')
e_unicode_escape_far: far.encode('unicode_escape')
e_raw_escape: uni.encode('raw_unicode_escape')
e_raw_escape_latin: latin.encode('raw_unicode_escape')
escape_decode: d = text.encode() ;; codecs.escape_decode(d)
escape_encode: d = text.encode() ;; codecs.escape_encode(d)
utf7: uni.encode('utf-7')
utf7_decode: d = uni.encode('utf-7') ;; d.decode('utf-7')
incremental: D = codecs.getincrementaldecoder('utf-8') ;; D('replace').decode(udata)
incremental_step: d = codecs.getincrementaldecoder('utf-8')() ;; d.decode(b'\\xe2\\x82'); d.decode(b'\\xac')
incremental_utf16: d = codecs.getincrementaldecoder('utf-16')() ;; d.decode(b'\\xff'); d.decode(b'\\xfe'); d.reset()
incremental_encode: e = codecs.getincrementalencoder('utf-16')() ;; e.encode(line)
reader: import io; d = text.encode() ;; codecs.getreader('utf-8')(io.BytesIO(d)).read()
lookup: codecs.lookup('utf-8')
rot13: codecs.encode(line, 'rot13')
hex_codec: codecs.encode(b'abc', 'hex')
str_of_bytes: str(b'abc', 'utf-8')
idna: 'example.com'.encode('idna')
category: import unicodedata ;; unicodedata.category('a')
category_uni: import unicodedata ;; unicodedata.category('\\u20ac')
bidirectional: import unicodedata ;; unicodedata.bidirectional('a')
width: import unicodedata ;; unicodedata.east_asian_width('a')
combining: import unicodedata ;; unicodedata.combining('a')
mirrored: import unicodedata ;; unicodedata.mirrored('(')
decimal: import unicodedata ;; unicodedata.decimal('5')
digit: import unicodedata ;; unicodedata.digit('5')
numeric: import unicodedata ;; unicodedata.numeric('5')
name: import unicodedata ;; unicodedata.name('a')
lookup_name: import unicodedata ;; unicodedata.lookup('LATIN SMALL LETTER A')
decomposition: import unicodedata ;; unicodedata.decomposition('\\xe4')
is_normalized: import unicodedata ;; unicodedata.is_normalized('NFC', uni)
nfc_plain: import unicodedata ;; unicodedata.normalize('NFC', text)
nfd: import unicodedata ;; unicodedata.normalize('NFD', latin)
nfkc: import unicodedata ;; unicodedata.normalize('NFKC', uni)
''')
area('call', '''
s = 'hello'; n = 5; f = 2.5; b = True; l = [1, 2, 3]; t = (1, 2); d = {'a': 1}; st = {1}; by = b'abc'; big = 10 ** 30; num = '123'; none = None
uni = '\\u20ac uro'
class S(str): pass
class O: pass
o = O()
''', '''
str: str(s)
str_none: str(none)
str_bool: str(b)
str_int: str(n)
str_float: str(f)
str_empty: str()
str_sub: S(s)
str_uni: str(uni)
str_of_str: str.__str__(s)
repr_bool: repr(b)
repr_none: repr(none)
int_int: int(n)
int_bool: int(b)
int_float: int(f)
int_str: int(num)
int_big: int(big)
int_base: int(num, 16)
int_empty: int()
float_float: float(f)
float_int: float(n)
float_str: float(num)
float_empty: float()
bool_int: bool(n)
bool_str: bool(s)
bool_list: bool(l)
bool_bool: bool(b)
bool_none: bool(none)
bool_object: bool(o)
list_list: list(l)
list_empty: list()
tuple_tuple: tuple(t)
tuple_list: tuple(l)
tuple_empty: tuple()
dict_dict: dict(d)
dict_empty: dict()
dict_kw: dict(a=1)
set_list: set(l)
set_empty: set()
frozenset: frozenset(l)
bytes_bytes: bytes(by)
bytes_int: bytes(n)
bytes_list: bytes(l)
bytearray: bytearray(by)
object: object()
type: type(n)
range: range(n)
slice: slice(n)
enumerate: enumerate(l)
zip: zip(l, l)
map: map(str, l)
reversed: reversed(l)
complex: complex(f, f)
map_str: list(map(str, l))
map_int: list(map(int, [b, b, b]))
isinstance: isinstance(n, int)
format: format(s)
format_int: format(n)
f_conv: f'{s!s}'
f_repr: f'{s!r}'
f_bool: f'{b}'
f_none: f'{none}'
f_int: f'{n}'
f_uni: f'{uni} {uni}'
percent_uni: '%s %s' % (uni, uni)
format_uni: '{} {}'.format(uni, uni)
join_uni2: ' '.join((uni, uni))
concat_uni: uni + uni
''')

area('fn', '''
import functools, operator, types
def f0(): pass
def f1(a): return a
def f2(a, b): return a
def f3(a, b=2, c=3): return a
def va(*a): return a
def kw(**k): return k
def both(*a, **k): return a
def fdef(x, y=None, *args, z=0, **kwargs): return x
class C:
    a = 1
    def __init__(self): self.x = 1
    def m(self): pass
    def m1(self, a): return a
    def mk(self, a=1, *, k=2): return a
    def mv(self, *a): return a
    @classmethod
    def c(cls): pass
    @classmethod
    def c1(cls, a): return a
    @staticmethod
    def s(): pass
    @staticmethod
    def s1(a): return a
    def __call__(self, a): return a
class D(C):
    def m(self): return super().m()
    def m1(self, a): return super().m1(a)
    @classmethod
    def c(cls): return super().c()
class CI2:
    def __init__(self, a, b): self.a = a; self.b = b
class Meta(type):
    def __call__(cls, *a): return type.__call__(cls, *a)
class MC(metaclass=Meta): pass
class TUP(tuple): pass
class EXC(Exception): pass
c = C(); d = D(); bm = c.m; bm1 = c.m1; t2 = (1, 2); l2 = [1, 2]; k2 = {'a': 1, 'b': 2}; t0 = (); k0 = {}
p1 = functools.partial(f2, 1); pk = functools.partial(f3, b=5); pp = functools.partial(p1, 2)
def deco(f):
    def wrapper(*args, **kwargs): return f(*args, **kwargs)
    return wrapper
df = deco(f2)
l = [3, 1, 2]
''', '''
kw2: kw(a=1, b=2)
fdef: fdef(1)
star_l: f2(*l2)
star_k: f2(**k2)
star_va: va(*t2)
star_val: va(*l2)
star_empty2: f0(*t0, **k0)
star_two: va(*t2, *t2)
kw_two: kw(**k2, **{'c': 3})
star_range: va(*range(3))
partial_kw: pk(1)
partialmethod: exec("class Q:\\n def f(self, a): return a\\n g = functools.partialmethod(f, 1)", globals()) ;q = Q() ;; q.g()
deco_kw: df(1, b=2)
method_kw: c.m1(a=1)
method_k: c.mk(k=1)
inst_static: c.s()
inst_static1: c.s1(1)
super_cls: D.c()
inst_kstar: CI2(**k2)
inst_meta: MC()
inst_tuple: TUP(t2)
inst_exc: EXC()
keyerror: KeyError('a')
def_defaults: def g(a, b=1, *, c=2): return a
def_ann: def g(a: int) -> int: return a
print_like: both(1, 2, 3, sep='', end='')
filter_none: list(filter(None, l))
type3: type(c) is C
isinst: isinstance(d, C)
issub: issubclass(D, C)
repr_inst: repr(c)
wraps: functools.wraps(f2)(f1)
total_ordering: exec("@functools.total_ordering\\nclass Q:\\n def __eq__(s, o): return True\\n def __lt__(s, o): return False", globals()) ;q = Q() ;; q <= q
singledispatch_method: exec("class Q:\\n @functools.singledispatchmethod\\n def f(self, a): return a", globals()) ;q = Q() ;; q.f(1)
''')
area('cls', '''
import abc, collections.abc as ca, enum, dataclasses, numbers, typing, collections
class V:
    __slots__ = ('v',)
    def __init__(self, v): self.v = v
    def __add__(self, o): return self
    def __radd__(self, o): return self
    def __iadd__(self, o): return self
    def __mul__(self, o): return self
    def __neg__(self): return self
    def __abs__(self): return self
    def __invert__(self): return self
    def __eq__(self, o): return True
    def __ne__(self, o): return False
    def __lt__(self, o): return True
    def __le__(self, o): return True
    def __hash__(self): return 5
    def __bool__(self): return True
    def __len__(self): return 3
    def __getitem__(self, i): return i
    def __setitem__(self, i, v): pass
    def __delitem__(self, i): pass
    def __contains__(self, i): return True
    def __iter__(self): return iter((1, 2, 3))
    def __int__(self): return 5
    def __float__(self): return 5.0
    def __index__(self): return 1
    def __repr__(self): return 'V'
    def __str__(self): return 'V'
    def __format__(self, s): return 'V'
    def __call__(self): return 1
    def __enter__(self): return self
    def __exit__(self, *a): return None
    def __divmod__(self, o): return 1
    def __pow__(self, o): return 1
    def __round__(self, n=None): return 1
    def __reversed__(self): return iter(())
    def __bytes__(self): return b''
    def __matmul__(self, o): return 1
    def __and__(self, o): return 1
    def __or__(self, o): return 1
    def __lshift__(self, o): return 1
    def __floordiv__(self, o): return 1
    def __truediv__(self, o): return 1
    def __mod__(self, o): return 1
    def __sub__(self, o): return 1
class L:
    def __len__(self): return 3
class EQ:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return self.v == o.v
    def __hash__(self): return hash(self.v)
class NE: 
    def __eq__(self, o): return False
class NotImpl:
    def __add__(self, o): return NotImplemented
    def __lt__(self, o): return NotImplemented
    def __eq__(self, o): return NotImplemented
class Plain: pass
class GI:
    def __getitem__(self, i):
        if i > 20: raise IndexError
        return i
class GA:
    def __getattr__(self, n): return 1
class GA2:
    def __getattribute__(self, n): return 1
class SA:
    def __setattr__(self, n, v): pass
    def __delattr__(self, n): pass
class SA2:
    def __setattr__(self, n, v): object.__setattr__(self, n, v)
class Desc:
    def __get__(self, o, t=None): return 1
    def __set__(self, o, v): pass
class NonData:
    def __get__(self, o, t=None): return 1
class Named:
    def __set_name__(self, o, n): self.n = n
    def __get__(self, o, t=None): return o.__dict__.get(self.n)
class H:
    d = Desc(); nd = NonData(); nm = Named(); attr = 5
    def __init__(self): self.x = 1; self.y = 2
    @property
    def p(self): return self.x
    @p.setter
    def p(self, v): self.x = v
class Sl:
    __slots__ = ('a', 'b')
class H2(H): pass
class H3(H2): pass
class A1(abc.ABC):
    @abc.abstractmethod
    def f(self): pass
class A2(A1):
    def f(self): pass
class MetaI(type):
    def __instancecheck__(cls, o): return True
class MI(metaclass=MetaI): pass
class Size(ca.Sized):
    def __len__(self): return 1
class Seq(ca.Sequence):
    def __len__(self): return 3
    def __getitem__(self, i):
        if i >= 3: raise IndexError
        return i
class Map(ca.MutableMapping):
    def __init__(self): self.d = {}
    def __len__(self): return len(self.d)
    def __getitem__(self, i): return self.d[i]
    def __setitem__(self, i, v): self.d[i] = v
    def __delitem__(self, i): del self.d[i]
    def __iter__(self): return iter(self.d)
class Ms(ca.Set):
    def __init__(self, i=()): self.d = set(i)
    def __contains__(self, i): return i in self.d
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
class UD(collections.UserDict): pass
class UL(collections.UserList): pass
v = V(1); w = V(2); ga = GA(); ga2 = GA2(); sa = SA(); sa2 = SA2(); h = H(); h3 = H3(); sl = Sl(); sl.a = 1; dv = {v: 1}; e1 = EQ(1); e2 = EQ(1); de = {e1: 1}; le = [EQ(i) for i in range(20)]
ni = NotImpl(); pl = Plain(); a2 = A2(); size = Size(); seq = Seq(); mp = Map(); mp['a'] = 1; ms = Ms((1, 2)); ud = UD(a=1); ul = UL([1, 2, 3]); ln = L(); gi = GI(); ne = NE()
dh = Plain(); dh.__dict__['z'] = 5
@dataclasses.dataclass(slots=True)
class DS:
    a: int
    b: int = 1
class E(enum.Enum):
    A = 1
    B = 2
class IE(enum.IntEnum):
    A = 1
    B = 2
class SE(str, enum.Enum):
    A = 'a'
class FL(enum.Flag):
    A = 1
    B = 2
ds = DS(1); ea = E.A; ia = IE.A; fl = FL.A
NT = typing.NamedTuple('NT', [('a', int), ('b', int)]); nt = NT(1, 2)
T = typing.TypeVar('T')
class Gen(typing.Generic[T]): pass
''', '''
add: v + w
radd: 1 + v
iadd: x = v; x += w
mul: v * 2
neg: -v
abs: abs(v)
eq: v == w
ne: v != w
lt: v < w
le: v <= w
divmod: divmod(v, 1)
unpack: a, b, c = v
star_call: (lambda *a: a)(*v)
dict_other: dv[w]
set_add: {v, w}
in_list: e2 in le
list_count: le.count(e2)
notimpl_eq: ni == ni
plain_eq: pl == ni
plain_eq_int: pl == 1
iter_getitem_list: list(gi)
hasattr_miss: hasattr(pl, 'zz')
hasattr_hit: hasattr(h, 'x')
setattr_builtin: setattr(h, 'x', 1)
delattr_inst: h.zz = 1; del h.zz
desc_set: h.d = 1
desc_nondata: h.nd
desc_named: h.nm
desc_cls: H.nd
slot_del: sl.b = 1; del sl.b
dict_attr: dh.z
inst_dict: h.__dict__
inst_dict_get: h.__dict__['x']
inst_class: h.__class__
cls_name: H.__name__
cls_mro: H3.__mro__
cls_bases: H3.__bases__
cls_doc: H.__doc__
cls_qualname: H.__qualname__
type_name: type(h).__name__
cls_set: H.attr = 5
cls_set_use: H.attr = 5; h.attr; h.p
module_set: import types ;m = types.ModuleType('m') ;; m.x = 5
fn_name: V.__add__.__name__
new_typing_nt: class X(typing.NamedTuple): a: int
generic_sub: Gen[int]
generic_inst: Gen[int]()
union_type: int | str
union_isinst: u = int | str ;; isinstance(1, u)
optional: typing.Optional[int]
union_typing: typing.Union[int, str]
callable_typing: typing.Callable[[int], str]
dict_typing: typing.Dict[str, int]
abc_hashable: isinstance(5, ca.Hashable)
meta_isinst: isinstance(5, MI)
map_items: list(mp.items())
map_update: mp.update(a=2)
map_contains: 'a' in mp
map_setdefault: mp.setdefault('a', 1)
map_eq: mp == mp
userlist_add: ul + ul
enum_repr: repr(ea)
enum_format: f'{ea}'
enum_int_cmp: ia < 2
enum_int_eq: ia == 1
enum_int_index: [1, 2][ia]
enum_int_bool: bool(ia)
enum_str_eq: SE.A == 'a'
enum_flag_and: fl & FL.A
enum_flag_or: fl | FL.B
enum_flag_in: FL.A in fl
enum_flag_bool: bool(fl)
enum_isinst: isinstance(ea, E)
nt_index: nt[0]
nt_eq: nt == nt
nt_hash: hash(nt)
nt_tuple: tuple(nt)
nt_lt: nt < nt
''')
area('exc', '''
import traceback, contextlib, warnings, sys
def raiser(): raise ValueError('x')
''', '''
type: try: 1 + 'a'\\nexcept TypeError: pass
type_call: try: raiser(1)\\nexcept TypeError: pass
getframe: sys._getframe()
catch_warnings: with warnings.catch_warnings(): pass
''')
area('gen', '''
import asyncio, types
def g3():
    yield 1
    yield 2
    yield 3
def g100():
    for i in range(100): yield i
def yfg():
    yield from g100()
def echo():
    x = None
    while True: x = yield x
def catcher():
    while True:
        try: yield 1
        except ValueError: pass
def ret():
    return 5
    yield
def outer():
    x = yield from ret()
    yield x
class It:
    def __iter__(self):
        for i in range(100): yield i
async def co(): return 1
async def co2(): return await co()
async def co10(n):
    if n: return await co10(n - 1)
    return 1
class Aw:
    def __await__(self):
        yield 1
        return 2
async def aw(): return await Aw()
async def ag():
    for i in range(20): yield i
async def afor():
    async for x in ag(): pass
async def acomp(): return [x async for x in ag()]
class AC:
    async def __aenter__(self): return self
    async def __aexit__(self, *a): pass
async def awith():
    async with AC(): pass
class AI:
    def __init__(self): self.i = 0
    def __aiter__(self): return self
    async def __anext__(self):
        self.i += 1
        if self.i > 20: raise StopAsyncIteration
        return self.i
async def afor2():
    async for x in AI(): pass
def run(c):
    try:
        while True: c.send(None)
    except StopIteration as e: return e.value
e = echo(); next(e); ct = catcher(); next(ct); it = It()
r = range(100); l = list(r); ll = [[1, 2, 3]] * 20
loop = asyncio.new_event_loop()
async def task(): await asyncio.create_task(co())
async def lock():
    k = asyncio.Lock()
    async with k: pass
async def event():
    k = asyncio.Event(); k.set(); await k.wait()
async def wait_for(): await asyncio.wait_for(co(), 5)
async def call_soon():
    f = loop.create_future(); loop.call_soon(f.set_result, 1); await f
''', '''
list3: list(g3())
yfg: for x in yfg(): pass
send: e.send(1)
throw: ct.throw(ValueError)
close_new: g3().close()
close: g = g3(); next(g); g.close()
ret: for x in outer(): pass
iter_class: for x in it: pass
max: max(x for x in l)
unpack: a, b, c = g3()
co_make: co().close()
co: run(co())
co2: run(co2())
co10: run(co10(10))
await_obj: run(aw())
async_for: run(afor())
async_for2: run(afor2())
async_comp: run(acomp())
async_with: run(awith())
task: loop.run_until_complete(task())
lock: loop.run_until_complete(lock())
event: loop.run_until_complete(event())
wait_for: loop.run_until_complete(wait_for())
call_soon: loop.run_until_complete(call_soon())
''')
area('lang', '''
import sys
l = list(range(100)); t = tuple(l); d = {i: i for i in l}; s = set(l); ll = [[1, 2, 3]] * 30; strs = [str(x) for x in l]; p = (1, 2); pt = {'x': 1, 'y': 2}
class P:
    __match_args__ = ('x', 'y')
    def __init__(self, x, y): self.x = x; self.y = y
pp = P(1, 2)
a = 5; b = 7; n = None; f = 2.5; txt = 'abc'; x = 1; y = 2
cmd = 'stop'; nested = {'a': [1, {'b': 2}]}
''', '''
dict_comp_swap: {v: k for k, v in d.items()}
for_items: for k, v in d.items(): pass
for_enum: for i, x in enumerate(l): pass
for_zip3: for a, b, c in zip(l, t, l): pass
for_unpack: for a, b in [p] * 20: pass
if_in_set: if cmd in {'go', 'stop'}: pass
aug_list: z = []; z += p
match_seq: match p:\\n case [x]: pass\\n case [x, y]: pass
match_map: match pt:\\n case {'x': x}: pass
match_map_rest: match pt:\\n case {'x': x, **z}: pass
match_class: match pp:\\n case P(x=1, y=y): pass
match_class_pos: match pp:\\n case P(x, y): pass
match_nested: match nested:\\n case {'a': [q, {'b': z}]}: pass
match_none: match n:\\n case 1: pass\\n case None: pass
str_mul: txt * 3
bool_int: True + a
''')

def function_of(setup, code):
    """A function of a number n that does code three times n times, with what setup made as its locals."""
    space = {'__name__': 'operation'}
    exec(setup.strip('\n'), space)
    names = [name for name in space if not name.startswith('__') and name.isidentifier()]
    lines = ['  ' + line for line in code.split('\n')] * 3
    exec('def repeat(_n, %s):\n for _ in range(_n):\n%s\n' % (', '.join('%s=%s' % (n, n) for n in names), '\n'.join(lines)),
         space)
    return space['repeat']


def seconds(function, n):
    began = time.process_time()
    function(n)
    return time.process_time() - began


def calibrate(function, target):
    """How often the function does its operation three times in about target seconds."""
    n = 1
    while (took := seconds(function, n)) < target / 4:
        n *= 4
    gc.collect()
    return max(1, int(n * target / took))


def nanoseconds(function, n):
    return seconds(function, n) / n / 3 * 1e9


def run(pattern, target):
    failed = 0
    for name, setup, code in OPERATIONS:
        if pattern.search(name):
            try:
                function = function_of(setup, code)
                n = calibrate(function, target)
                print('%s %.1f' % (name, min(nanoseconds(function, n) for _ in range(5))), flush=True)
            except Exception as error:
                failed += 1
                print('%s failed: %s: %s' % (name, type(error).__name__, error), file=sys.stderr)
    return 1 if failed else 0


def answer(target):
    """The other end of a Partner: prepares the operation whose number it reads, and times it for each empty line."""
    function = None
    for line in sys.stdin:
        try:
            if line.strip():
                name, setup, code = OPERATIONS[int(line)]
                function = function_of(setup, code)
                n = calibrate(function, target)
                print('ready', flush=True)
            else:
                print(repr(nanoseconds(function, n)), flush=True)
        except Exception as error:
            print('%s: %s' % (type(error).__name__, ' '.join(str(error).split())), flush=True)
    return 0


class Partner:
    """An interpreter that measures on request."""

    def __init__(self, binary, target):
        self.command = [binary, __file__, '--answer', '--seconds', str(target)]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, request=''):
        try:
            self.process.stdin.write('%s\n' % request)
            self.process.stdin.flush()
            reply = self.process.stdout.readline().strip()
        except OSError:
            reply = ''
        if not reply:
            self.stop()
            reply = 'ended with %d' % self.process.returncode
            self.start()
        return reply

    def stop(self):
        try:
            self.process.stdin.close()
        except OSError:
            pass
        self.process.stdout.close()
        self.process.wait()


def take_turns(partners, number):
    """A row (median, quartiles and times) for an operation, or what went wrong with it."""
    for partner in partners:
        reply = partner.ask(number)
        if reply != 'ready':
            return None, '%s: %s' % (partner.command[0], reply)
    turns = []
    for _ in range(TURNS):
        replies = [partner.ask() for partner in partners]
        try:
            turns.append([float(reply) for reply in replies])
        except ValueError:
            return None, ', '.join(replies)
    low, median, high = statistics.quantiles([base / other for base, other in turns], n=4)
    return (median, low, high, *map(min, zip(*turns))), None


def compare(binaries, pattern, target):
    if hasattr(os, 'sched_setaffinity'):  # one processor can be much slower than the next, for minutes
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    partners = [Partner(binary, target) for binary in binaries]
    rows, missing = [], 0
    chosen = [(number, name) for number, (name, *_) in enumerate(OPERATIONS) if pattern.search(name)]
    for done, (number, name) in enumerate(chosen):
        if sys.stderr.isatty():
            print('\r%d of %d' % (done, len(chosen)), end='', file=sys.stderr, flush=True)
        row, wrong = take_turns(partners, number)
        if row:
            rows.append((*row, name))
        else:
            missing += 1
            print('%s failed: %s' % (name, wrong), file=sys.stderr)
    for partner in partners:
        partner.stop()
    rows.sort()
    for ratio, low, high, base, other, name in rows:
        print('%6.2f  [%.2f, %.2f]  %-26s %12.1f %12.1f ns' % (ratio, low, high, name, base, other))
    for group in sorted({row[-1].partition('.')[0] for row in rows}):
        ratios = [math.log(row[0]) for row in rows if row[-1].startswith(group + '.')]
        print('%6.2f  %s: geometric mean of %d' % (math.exp(sum(ratios) / len(ratios)), group, len(ratios)))
    print('%d of %d are below 1' % (sum(row[0] < 1 for row in rows), len(rows)))
    return 1 if missing or not rows else 0


def main():
    parser = argparse.ArgumentParser(description='Times single operations of the types and modules.')
    parser.add_argument('pattern', nargs='?', default='', help='a regular expression that names must match')
    parser.add_argument('--compare', nargs=2, metavar=('BASE', 'BINARY'), help='two interpreters')
    parser.add_argument('--seconds', type=float, default=0.004, help='about how long each of five runs takes (0.004)')
    parser.add_argument('--answer', action='store_true', help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        return answer(options.seconds)
    try:
        pattern = _re.compile(options.pattern)
    except _re.error as error:
        parser.error('%r is no regular expression: %s' % (options.pattern, error))
    if options.compare:
        return compare(options.compare, pattern, options.seconds)
    return run(pattern, options.seconds)


if __name__ == '__main__':
    sys.exit(main())
