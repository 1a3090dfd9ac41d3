# rsplit() by one character at every limit, and needles of every length in texts of every length.
class S(str):
    pass


texts = ['', ',', ',,', 'a', 'a,', ',a', 'a,b', 'a.b.c', 'one,two,,three,', 'x' * 15 + ',' + 'y' * 15,
         'x' * 16 + ',' + 'y' * 16, 'x' * 17 + ',' + 'y' * 40 + ',' + 'z' * 3, 'n' * 50]
for text in texts:
    for limit in (-1, 0, 1, 2, 3, 10):
        print(text.rsplit(',', limit), S(text).rsplit(',', limit), text.rsplit('.', limit))
whole = 'nothing,'
print(whole.rsplit(';', 1)[0] is whole, type(S('abc').rsplit(',', 1)[0]))
wrong = 0
for base in ('abcdefghijklmnopqrstuvwxyz' * 2, 'aaaaaaaaaaaaaaaaabaaaaaaaaaaaaaaaa', '\u20acuro \u20ac' * 6):
    for i in range(len(base)):
        for m in list(range(13)) + [20, 30]:
            part = base[i:i + m]
            wrong += part not in base
            wrong += base.find(part) != min(k for k in range(len(base) + 1) if base[k:k + len(part)] == part)
            for k in range(len(part)):
                other = part[:k] + '#' + part[k + 1:]
                wrong += other in base or base.rfind(other) != -1 or base.encode().find(other.encode()) != -1
print(wrong, S('b') in 'abc', 'bc' in S('abc'), '\u20ac' in 'abc', 'ab' in '\u20acab', '' in '', 'a' in '')
