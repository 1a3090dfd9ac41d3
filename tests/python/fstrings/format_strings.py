for v in ("", "abc", "é日😀"):
    for spec in ("", "s", "5", "<5", ">5", "^5", "^6", ".2", "8.2", "*^9", "05", ".0", "é>6", "<", "😀^7", "10s", "<<6"):
        print("[" + format(v, spec) + "]")
for bad in ("d", "+", "=5", ",", "#", "_", ".s", "5.x", " ", "zz", "q5", ".-1", "<<<"):
    try:
        print(format("abc", bad))
    except ValueError as e:
        print(bad, e)
