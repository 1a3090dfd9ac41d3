# Possessive repeats and atomic groups match as if nothing followed them, and are not come back to.
import re

for pattern, text in (
    ("(?:b{2}){1,2}+", "ababba"), ("x(?:b{2}){1,2}+", "axbba"), ("(?:b??)++", "bbb"), ("(?:a.*)?+.", "aabb"),
    ("(?>a.*)b", "aabb"), ("(?>a|ab)b", "abb"), ("([ab]*?\\w+)?+\\w", "abba"), ("(\\w{,2}){,2}+\\w", "baaa"),
    ("(?>){1,2}+", "b"), ("(?<!a){2}+", "aba"), ("(\\w\\w{1,2}){2,}+\\w", "aabaaa"), ("[ab](?:a{1,2})++b", "bbaaab"),
    ("([ab]?+){2,}+", "bbaa"), ("(()++|(.{,2}?a+b).)+", "aaab"), ("(?:a*+a??a{,2})?+a??a{2}?", "aa"),
    ("(?>(?:b*)++|(\\w){1,2}\\w)??", "bbbab"), ("(?!(a{1,2}){1,2}+.++){2,}?", "baa"), ("(?>(a)|b)*\\1", "abaa"),
    ("(?:(?>x+)y|x*+z)++w", "xxyxxzxyw"), ("(?=(?>a+)b)a+", "aaab"), ("(?>(?=(a+))\\1)b", "aab"),
):
    compiled = re.compile(pattern)
    print(ascii(pattern), [m and (m.regs, m.lastindex) for m in (compiled.match(text), compiled.fullmatch(text),
                                                                 compiled.search(text))], compiled.findall(text))
