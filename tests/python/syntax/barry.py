# PEP 401: the operator <> where the future feature asks for it.
import __future__

flag = __future__.CO_FUTURE_BARRY_AS_BDFL
for text in ('2 <> 3', '2 != 3', '2 <> 2 <> 3', 'a = 1 <>', 'x <> y != z', '2 < > 3', '<> 2'):
    for flags in (0, flag):
        try:
            print(text, flags, eval(compile(text, 'x', 'eval', flags), {'x': 1, 'y': 2, 'z': 3}))
        except SyntaxError as e:
            print(text, flags, e.msg, e.lineno, e.offset, repr(e.text))
