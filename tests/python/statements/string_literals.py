print('a\tb\\c\'d\"e', "x\x41\u0042\U00000043\N{LATIN SMALL LETTER A}", "\101\60")
print(r"\n\t", R'\x', len("\
joined"))
print("""multi
line 'quotes' "too" \""" end""")
print('''a''' "b" r'\c' u"d", b"bytes\x00\xff\n", rb"\x00", Rb'\d', bR"\e")
print("\a\b\f\v\0".encode(), repr("\a\b\f\v\0\x7f\x80\xa0\xad"))
print(len("é"), len("日本"), len("😀"), "😀"[0] == "\U0001F600")
print("\'", '\"', "tab\there", 'it''s')
for src in (r"'\x4'", r"'\u123'", r"'\U00110000'", r"'\N{NO SUCH NAME}'", r"b'\x'", "b'é'", "'abc", "'''abc", r"'\N'", "f'{'", "'a' b'b'"):
    try:
        eval(src)
    except SyntaxError as e:
        print(src, "->", e.msg)
