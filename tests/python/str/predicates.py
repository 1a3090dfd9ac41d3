samples = ["", "a", "A", "1", " ", "\t", "a1", "a b", "_", "_a1", "1a", "é", "日", "½", "²", "٣", "Ⅷ", "-1", "1.5", "\x00", "\u2028", "\xa0", "😀", "class", "a-b", "ª", "ↂ", "\x1c", "一二"]
for s in samples:
    print(ascii(s), *(int(getattr(s, m)()) for m in ("isalpha", "isalnum", "isdigit", "isdecimal", "isnumeric", "isspace", "isidentifier", "isprintable", "isascii", "isupper", "islower", "istitle")))
