# Starred targets, list() and set() of text, zip() of two: what takes a shorter way for exact builtin types.
l=list(range(10))
a,*r=l; print(a,r); r.append(5); print(l, r)
*r,a=tuple(l); print(a,r)
a,b,*r,c,d=l; print(a,b,r,c,d)
a,*r,b=[1,2]; print(a,r,b)
*r,=l; print(r, r is l); r.clear(); print(l)
for s in ([1],(1,)):
    try: a,*r,b=s
    except ValueError as e: print(e)
try: a,*r,b=7
except TypeError as e: print(e)
a,*r,b='hello'; print(a,r,b)
class L(list):
    def __iter__(s): return iter('xyz')
a,*r=L([1,2]); print(a,r)
l=list('h\xe9llo'); l.append('x'); print(l, list(''), list('\u20acab'))
m=[1]; m.extend('abc'); m+='d\xff'; m+=''; print(m)
print(sorted(set('hello w\xe9')), sorted(set('\u20acab')), set(''))
class S(str):
    def __iter__(s): return iter([1,2])
print(list(S('abc')), sorted(set(S('abc'))), [*S('ab')])
s=set('ab'); s.update('bcd','e'); print(sorted(s), sorted(frozenset('zzy')))
print(list(zip([1,2,3],'ab')), list(zip((1,2),[3,4,5])))
x=iter([1,2,3]); print(list(zip(x,x)), list(x))
for a in ([1],[1,2]):
    for b in ([1],[1,2]):
        try: print(list(zip(a,b,strict=True)))
        except ValueError as e: print(e)
def bad():
    yield 1
    raise KeyError('k')
for t in (zip(bad(),[1,2,3]),zip([1,2,3],bad()), zip([1,2,3],bad(),strict=True)):
    try: print(list(t))
    except KeyError as e: print(repr(e))
z=zip([1,2],[3,4]); p=next(z); q=next(z); print(p,q, p is q)
r=[x for x in zip([[1],[2]],[[3],[4]])]; print(r)
numbers = [*range(40), 1.5, 2.5, -0.0, 1 << 80, None, 'text', *range(30), 1e300, *[0.5] * 20, [], *range(9)]
for start in range(0, 30, 7):
    for stop in range(40, len(numbers) + 1, 5):
        part = tuple(numbers)[start:stop]
        assert list(part) == numbers[start:stop] == [*part] and len(part) == stop - start
        first, *rest, last = part
        assert [first, *rest, last] == numbers[start:stop]
