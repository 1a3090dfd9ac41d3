# UTF-8 of words of three bytes a character with blanks between them, at all lengths.
words = ['\u4e2d', ' ', '\u6587\u5b57', 'ab', '\xe4', '\U0001f600', '\uffff', '\u0800', '\ud7ff', '\ue000', ' \u20ac']
import random
r = random.Random(3)
wrong = 0
for n in range(400):
    s = ''.join(r.choice(words) for _ in range(n % 80))
    data = s.encode()
    wrong += data.decode() != s
    for cut in range(len(data)):
        part = data[:cut].decode('utf-8', 'ignore')
        wrong += not s.startswith(part)
print(wrong)
text = '\u4e2d\u6587\u5b57 \u4e2d \u6587 x\u5b57'.encode()
for i in range(len(text)):
    for byte in (0x20, 0x80, 0xc0, 0xc3, 0xe0, 0xe4, 0xed, 0xf0, 0xff):
        changed = bytearray(text)
        changed[i] = byte
        try:
            print(ascii(changed.decode()))
        except UnicodeDecodeError as e:
            print(e, ascii(changed.decode('utf-8', 'replace')))
