for s in ("", "'", '"', "'\"", "\\", "\n\t\r", "\0\x01\x1f\x7f", "\x80\x9f\xa0\xad\xff", "é日本😀", "\u2028\u200b\ufeff\u0378", "\ud800", "\U0010ffff\U000e0001", "a'b", 'a"b', "tab\tnew\nline", "\x1b[0m", "\u0300", "\ue000", "\uffff"):
    print(ascii(repr(s)), ascii(ascii(s)), ascii(str(s) == s), s.isprintable())
print(repr("é日本😀"), ascii("é日本😀"), ["é", "\x80"], {"k\n": "v\t"}, "%r %a" % ("ü", "ü"))
