# Text to UTF-8 and back, with runs of characters of every width at every place within a block; what
# is made of whole text is compared with what is made of its characters one by one.
import zlib

CHARS = 'a', 'b', '\x7f', '\x80', '\xe9', '\xff', '\u0100', '\u07ff', '\u0800', '\u20ac', '\ud7ff', \
    '\ue000', '\uffff', '\U00010000', '\U0001f600', '\U0010ffff'
state = 1


def number(below):
    global state
    state = (state * 1103515245 + 12345) & 0x7fffffff
    return (state >> 8) % below


texts = []
for width in (2, 3, 6, 13, 16):  # how many of the characters above
    for length in list(range(70)) + [200, 16383, 16385, 33000]:
        parts, left = [], length
        while left > 0:
            run = min(left, 1 + number(40) if number(2) else 1)
            kind = CHARS[number(3)] if run > 1 and number(3) else CHARS[number(width)]
            parts.append(kind * run)
            left -= run
        texts.append(''.join(parts))

sums = []
for text in texts:
    one_by_one = b''.join([c.encode() for c in text])
    data = text.encode()
    assert data == one_by_one, ascii(text)
    assert data.decode() == text and str(data, 'UTF-8') == text, ascii(text)
    assert bytearray(data).decode() == text
    assert memoryview(data).tobytes().decode('utf_8') == text
    assert text.encode('utf8', 'surrogatepass') == data
    sums.append(zlib.crc32(data))
print(len(texts), sum(sums))

failures = 0
for at in range(40):
    for lead in ('a', '\xe9', '\u20ac', '\U0001f600'):
        text = lead * at + '\udc80' + lead * 3
        try:
            text.encode()
        except UnicodeEncodeError as e:
            failures += 1
            assert (e.start, e.end, e.reason) == (at, at + 1, 'surrogates not allowed')
        start = lead.encode() * at
        assert text.encode('utf-8', 'surrogateescape') == start + b'\x80' + lead.encode() * 3
        for bad in (b'\x80', b'\xc0\x80', b'\xe2\x82', b'\xe2\x82a', b'\xe0\x9f\xbf', b'\xed\xa0\x80',
                    b'\xf0\x8f\xbf\xbf', b'\xf4\x90\x80\x80', b'\xff', b'\xe1a', b'\xec\x80'):
            data = start + bad
            try:
                data.decode()
            except UnicodeDecodeError as e:
                failures += 1
                assert e.start == len(start), (at, lead, bad, e)
            assert data.decode('utf-8', 'ignore')[:at] == lead * at
            assert (data + b'aaaaaaaaaaaaaaaaaaaaaaaaaaaa').decode('utf-8', 'replace')[:at] == lead * at
print(failures)

for name in ('utf-8', 'UTF8', 'Utf_8', 'ascii', 'US-ASCII', 'us_ascii', 'latin-1', 'Latin1', 'ISO-8859-1',
             'iso8859_1', 'utf-16', 'UTF-16-LE', 'utf_16_be', 'utf-32', 'utf_32_le', 'UTF-32-BE', 'cp1252',
             'utf-8 ', 'utf', 'asci', 'utf-16-xx', 'iso-8859-15', 'a name that is longer', ''):
    try:
        print(repr(name), 'text'.encode(name), b'text'.decode(name if 'tf' not in name.lower() else 'utf-8'))
    except LookupError as e:
        print(e)
