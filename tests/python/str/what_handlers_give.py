# Error handlers that are asked for what they cannot do, and replacements that cannot be encoded.
import codecs
import io


def show(f):
    try:
        print(ascii(f()))
    except Exception as e:
        print(type(e).__name__, ascii(str(e)))


for name in ('surrogateescape', 'surrogatepass'):
    handler = codecs.lookup_error(name)
    show(lambda: handler(UnicodeTranslateError('\udc80', 0, 1, 'ouch')))
    show(lambda: handler(UnicodeError('ouch')))
    show(lambda: handler(UnicodeEncodeError('utf-8', 'a\udc80b', 1, 2, 'ouch')))
    show(lambda: handler(UnicodeDecodeError('utf-8', b'a\x80b', 1, 2, 'ouch')))

replacement = 'abc'
codecs.register_error('test.give', lambda e: (replacement, e.end))
for replacement in ('abc', '\u1234', '\xe9', b'xy', b'xyzw'):
    for encoding in ('utf-8', 'utf-16-le', 'utf-32-le', 'latin-1', 'ascii', 'iso-8859-15'):
        show(lambda: '[\udc80\udc81]'.encode(encoding, 'test.give'))

# What stands for a character need not be in the mapping either.
for errors in ('strict', 'ignore', 'replace', 'xmlcharrefreplace', 'backslashreplace', 'namereplace'):
    show(lambda: codecs.charmap_encode('\xff', errors, {0xff: None}))
    show(lambda: codecs.charmap_encode('a\xff\u1234', errors, {ord(c): ord(c) for c in 'a?&#'}))
    show(lambda: codecs.charmap_encode('a\xff\u1234', errors, {i: i for i in range(128)}))

# Elsewhere in the file an encoder begins anew.
for encoding in ('euc_jis_2004', 'utf-16', 'iso2022_jp'):
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding)
    file.write('x')
    file.flush()
    start = file.tell()
    file.write('\u00e6\u0300' if encoding == 'euc_jis_2004' else '\u3042')
    after = file.tell()
    file.write('\u00e6' if encoding == 'euc_jis_2004' else '\u3042')
    file.seek(after)
    file.write('\u0300' if encoding == 'euc_jis_2004' else 'z')
    file.seek(start)
    file.flush()
    print(encoding, raw.getvalue())
    file.seek(0)
    file.write('y')
    file.flush()
    print(encoding, raw.getvalue())
