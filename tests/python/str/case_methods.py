for s in ("", "abc", "ABC", "aBc dEf", "hello wORLD it's", "ß", "ŉ", "ǆ", "İ", "ı", "ﬁx", "ΑΣ", "ὈΔΥΣΣΕΎΣ ς", "straße", "1a2b", "ǅ", "x1y_z", "they're bill's", "\u1e9e", "éÉ", "𐐨𐐀"):
    print(ascii([s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), s.casefold(), s.isupper(), s.islower(), s.istitle()]))
