# Encoders and decoders on texts long enough for what they do in one go, with errors at all places, against
# the same character by character.
import codecs
import random
import zlib

r = random.Random(11)
ALPHABETS = ['ab c\\\n', 'a\xe4\xff\x80', 'a\xe4\u20ac\u0416', 'a\u20ac\U0001f600\xe4', 'a\ud800\udc80\u20ac', '\udcffx', 'a\ufffe\U0010ffff']
NAMES = ['ascii', 'latin-1', 'utf-8', 'utf-16', 'utf-16-le', 'utf-16-be', 'utf-32', 'utf-32-le', 'utf-32-be', 'cp1252', 'koi8-r',
         'cp437', 'unicode_escape', 'raw_unicode_escape', 'utf-8-sig']
ERRORS = ['strict', 'ignore', 'replace', 'backslashreplace', 'xmlcharrefreplace', 'surrogateescape', 'surrogatepass', 'namereplace', 'back', 'own']


def back(error):  # goes on where it was not expected, and gives text of all kinds
    if isinstance(error, UnicodeEncodeError):
        return ('<%d>' % (error.end - error.start), error.end)
    return ('\u20ac', min(error.start + 1, len(error.object)))


codecs.register_error('back', back)
codecs.register_error('own', lambda error: (b'??' * 2 if isinstance(error, UnicodeEncodeError) else 'x', error.end))


def outcome(function, *args):
    try:
        return ascii(function(*args))
    except Exception as error:
        return ascii('%s %s' % (type(error).__name__, error))


for name in NAMES:
    encoded, decoded, alone = [], [], 0
    for alphabet in ALPHABETS:
        for length in (0, 1, 2, 3, 15, 16, 17, 40, 130):
            text = ''.join(r.choice(alphabet if r.random() < .3 else alphabet[0]) for _ in range(length))
            for errors in ERRORS:
                encoded.append(outcome(text.encode, name, errors))
            if name.endswith(('le', 'be')) or name in ('ascii', 'latin-1', 'utf-8', 'cp1252'):  # without a mark: the sum of its parts
                try:
                    whole = text.encode(name)
                except UnicodeError:
                    pass
                else:
                    assert whole == b''.join(c.encode(name) for c in text) and whole.decode(name) == text
                    alone += 1
            data = bytearray(text.encode('utf-8' if name in ('ascii', 'cp1252', 'koi8-r') else name, 'ignore'))
            for _ in range(3):
                if data:
                    data[r.randrange(len(data))] = r.choice((0, 0x81, 0x9d, 0xd8, 0xdc, 0xff, 0xc3, 0xe2, 0xf0, 0x7f))
                for errors in ERRORS:
                    if name not in ('unicode_escape', 'raw_unicode_escape'):
                        decoded.append(outcome(bytes(data).decode, name, errors))
                del data[r.randrange(len(data) + 1):][:1]
    print(name, len(encoded), len(decoded), zlib.crc32('\n'.join(encoded).encode('utf-8', 'surrogatepass')),
          zlib.crc32('\n'.join(decoded).encode('utf-8', 'surrogatepass')), alone)

# Pieces of a stream end within a unit.
for name in ('utf-8', 'utf-16', 'utf-16-be', 'utf-32', 'utf-32-le'):
    text = 'a\xe4\u20ac\U0001f600' * 9
    data = text.encode(name)
    for step in (1, 2, 3, 5, 7, 64):
        decoder = codecs.getincrementaldecoder(name)()
        assert ''.join(decoder.decode(data[i:i + step]) for i in range(0, len(data), step)) + decoder.decode(b'', True) == text
    decoder = codecs.getincrementaldecoder(name)()
    print(name, ascii(decoder.decode(data[:-1])[-3:]), outcome(decoder.decode, b'', True))

# charmaps: dicts with all kinds of values, one that a handler changes, short tables, tables of wide characters.
mapping = {ord('a'): ord('b'), ord('b'): b'xy', ord('c'): None, ord('e'): 300, 0xe4: 65}
for text in ('aabb\xe4' * 20, 'abc' * 20, 'aé' * 20, 'z' + 'a' * 40, 'ae' * 40):
    for errors in ('strict', 'ignore', 'replace', 'backslashreplace'):
        print(outcome(codecs.charmap_encode, text, errors, mapping))


def change(error):
    mapping[ord('a')] = ord('Z')
    return ('', error.end)


codecs.register_error('change', change)
print(codecs.charmap_encode('aaaa' * 10 + 'c' + 'aaaa' * 10, 'change', mapping))
for table in ('', 'xyz', 'x\ufffey', '\U0001f600\U0001f601' * 200, '\xe4\xe5' * 200, 'ab\u20ac\ufffe' * 64):
    for errors in ('strict', 'ignore', 'replace'):
        print(outcome(codecs.charmap_decode, bytes(range(6)) * 7, errors, table))
print(outcome(codecs.charmap_decode, b'ab' * 20, 'strict', {97: 'x', 98: 0x20ac}), outcome(codecs.charmap_decode, b'ab' * 20, 'ignore', {97: 'x'}))
print(('tab\t\n\r\\\x00\x7f\xe9\u20ac\U0001f600' * 3).encode('unicode_escape'), ('\\\xe9\u20ac\U0001f600' * 3).encode('raw_unicode_escape'))

# Searching wide text, and splitting from the right.
for alphabet in ('ab', 'a\u20ac', 'a\U0001f600\xe4'):
    for _ in range(300):
        text = ''.join(r.choice(alphabet) for _ in range(r.randrange(60)))
        needle = ''.join(r.choice(alphabet) for _ in range(r.randrange(1, 5)))
        naive = next((i for i in range(len(text)) if text[i:i + len(needle)] == needle), -1)
        assert text.find(needle) == naive and (needle in text) == (naive >= 0)
        assert text.replace(needle, '!') == '!'.join(text.split(needle))
        for most in (-1, 0, 1, 2, 50):
            parts = text.rsplit(needle, most)
            assert needle.join(parts) == text and (most < 0 or len(parts) <= most + 1)
            assert parts == [p[::-1] for p in text[::-1].split(needle[::-1], most)][::-1]
            spaced = text.replace('a', ' ' if r.random() < .5 else '\t\u2003')
            assert spaced.rsplit(None, most) == [p[::-1] for p in spaced[::-1].split(None, most)][::-1]
assert ('ab' * 5000 + 'ac').find('ac') == 10000 and ('a\u20ac' * 5000 + 'aa').find('aa') == 10000
assert ('\u20ac' * 5000).find('\u20ac' * 20 + 'a') == -1 and ('\u20ac' * 5000 + 'a').find('\u20ac' * 20 + 'a') == 4980
print('done')
