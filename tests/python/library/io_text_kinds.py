# Lines of text whose characters take one, two or four bytes, with every kind of line end, read from
# files in chunks and from StringIO; each is checked against splitting done here.
import io
import re


def lines_of(text, newline):
    if newline is None:
        text = text.replace('\r\n', '\n').replace('\r', '\n')
        newline = '\n'
    pattern = {'\n': '\n', '\r': '\r', '\r\n': '\r\n', '': '\r\n|\r|\n'}[newline]
    result, at = [], 0
    for end in re.finditer(pattern, text):
        result.append(text[at:end.end()])
        at = end.end()
    return result + ([text[at:]] if at < len(text) else [])


def seen(text):
    found = []
    if re.search('\r(?!\n)', text):
        found.append('\r')
    if re.search('(?<!\r)\n', text):
        found.append('\n')
    if '\r\n' in text:
        found.append('\r\n')
    return None if not found else found[0] if len(found) == 1 else tuple(found)


WORDS = ('plain words', 'caf\xe9 \xfc\xff', 'price \u20ac5', 'smile \U0001f600!', '', 'x', '\xe9',
         '\u20ac', '\u0d0d\u0a0a\u0a0d', '\U00010a0d\U00010d0a')
ENDS = ('\n', '\r\n', '\r')

texts = []
for word in WORDS:
    for end in ENDS:
        texts.append((word + end) * 3 + word)
    texts.append(''.join(word + end for end in ENDS) * 2)
for skip in range(len(WORDS)):
    texts.append(''.join(word + ENDS[i % 3] for i, word in enumerate(WORDS[skip:] + WORDS[:skip])))
texts += ['', '\r', '\n', '\r\n', '\r\r\n', '\n\r', '\r\n\r\n', '\r\r', 'a\r']

checked = 0
for text in texts:
    for lead in (0, 8180, 8189, 8190, 8191, 8192):
        whole = 'a' * lead + text
        data = whole.encode()
        for newline in (None, '', '\n', '\r', '\r\n'):
            expected = lines_of(whole, newline)
            f = io.TextIOWrapper(io.BytesIO(data), 'utf-8', newline=newline)
            got = list(f)
            assert got == expected, (text, lead, newline, got[-9:], expected[-9:])
            if newline in (None, ''):
                assert f.newlines == seen(whole), (text, lead, f.newlines)
            f.seek(0)
            assert f.read() == ''.join(expected)
            f.seek(0)
            got = []
            while line := f.readline():
                got.append(line)
            assert got == expected
            f.seek(0)
            f.readline()
            position = f.tell()
            rest = f.read()
            assert rest == ''.join(expected[1:])
            f.seek(position)
            assert f.read() == rest
            for line in got:
                assert line.isascii() == all(ord(c) < 128 for c in line)
                assert hash(line) == hash(''.join(list(line)))
            checked += 1
    for newline in (None, '', '\n', '\r', '\r\n'):
        f = io.StringIO(text, newline=newline)
        inside = text.replace('\n', newline) if newline in ('\r', '\r\n') else text
        expected = lines_of(inside, newline)
        assert list(f) == expected, (text, newline)
        assert f.getvalue() == ''.join(expected)
        for limit in range(4):
            f.seek(0)
            parts = []
            while part := f.readline(limit):
                parts.append(part)
                assert len(part) <= limit
            if limit:
                assert ''.join(parts) == ''.join(expected)
        checked += 1
print('checked', checked)

# A StringIO that widens, with gaps, and is emptied again.
f = io.StringIO()
for part in ('abc', '\xe9', 'd', '\u20ac', 'e', '\U0001f600', 'f'):
    f.write(part)
    print(ascii(f.getvalue()), f.tell(), f.getvalue().isascii())
f.seek(12)
f.write('z')
print(ascii(f.getvalue()))
f.seek(1)
f.write('\xff')
f.seek(0)
print(ascii(f.read(2)), ascii(f.read(1)), ascii(f.read(3)), ascii(f.read()))
f.truncate(2)
f.seek(0)
print(ascii(f.read()), f.truncate(0), repr(f.getvalue()))
print(f.tell(), f.write('q'), ascii(f.getvalue()), f.getvalue().isascii())
f.seek(0)
f.truncate(0)
f.write('again\n' * 300)
print(len(f.getvalue()), f.getvalue().isascii())
f.seek(2)
f.write('\u0101')
f.seek(0)
print(ascii(f.readline()), ascii(f.readline()), len(f.getvalue()))
f = io.StringIO()
f.seek(5)
print(ascii(f.read()), ascii(f.readline()), list(f))
f.write('\U00010000')
print(ascii(f.getvalue()))
state = f.__getstate__()
g = io.StringIO()
g.__setstate__(state)
print(g.getvalue() == f.getvalue(), g.tell())
