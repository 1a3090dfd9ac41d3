# How the names of encodings may be written.
for name in ('idna', 'utf_8_sig', 'UTF-8-SIG', 'utf__8_sig', '_utf_8_sig', 'utf_8_sig_', '_', 'cp1252', 'CP 1252',
             'cp.1252', 'hex', 'rot_13', 'ISO8859_15', 'iso\u20ac', 'raw_unicode_escape'):
    for _ in range(2):
        try:
            print(ascii(name), 'abc'.encode(name))
        except Exception as e:
            print(ascii(name), type(e).__name__, ascii(str(e)))
