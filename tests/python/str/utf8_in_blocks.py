# UTF-8 is checked in blocks of sixteen bytes and written eight units at a time: characters of every
# width, and what is wrong with them, at every place of a block.
import hashlib

digest = hashlib.sha256()


def note(f, *args):
    try:
        value = f(*args)
    except UnicodeError as e:
        value = type(e).__name__, e.start, e.end, e.reason
    digest.update(ascii(value).encode())
    return value


characters = ['z', '\x80', '\xff', '\u0100', '\u07ff', '\u0800', '\u0fff', '\u1000', '\ucfff', '\ud7ff', '\ud800', '\udfff',
              '\ue000', '\uffff', '\U00010000', '\U0003ffff', '\U00040000', '\U000fffff', '\U00100000', '\U0010ffff']
for around in ['a', 'é', '字', '\U0001f600', 'a字', 'é字 ', 'aa€']:
    around = (around * 60)[:60]
    for c in characters:
        for at in range(20, 60):
            text = around[:at] + c + around[at:]
            note(text.encode)
            data = text.encode('utf-8', 'surrogatepass')
            digest.update(data)
            note(data.decode)
            note(data.decode, 'utf-8', 'surrogatepass')
print(digest.hexdigest())

wrong = [b'\x80', b'\xbf', b'\xc0\x80', b'\xc1\xbf', b'\xc2', b'\xdf\xc0', b'\xe0\x9f\xbf', b'\xe0\xa0', b'\xed\xa0\x80', b'\xed\x9f',
         b'\xef\xbf', b'\xf0\x8f\xbf\xbf', b'\xf0\x90\x80', b'\xf4\x90\x80\x80', b'\xf4\x8f\xbf', b'\xf5\x80\x80\x80', b'\xff',
         b'\xe5\xad\x97\x80', b'\xc3\xa9\x80', b'\xf0\x9f\x98\x80\x80']
for around in ['a', 'é', '字', '\U0001f600', 'aa€']:
    around = (around * 90).encode()
    for w in wrong:
        for at in range(30, 66):
            data = around[:at] + w + around[at:120]
            note(data.decode)
            note(data.decode, 'utf-8', 'replace')
            note(data[:at + len(w)].decode)
print(digest.hexdigest())
# The width is that of what is whole, not of what is wrong behind it.
print(ascii((b'a' * 63 + b'\xf0').decode('utf-8', 'ignore')), ascii((b'a' * 63 + b'\xf0\x9f\x98').decode('utf-8', 'ignore')))
