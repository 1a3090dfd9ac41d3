# Every operator of the matcher, on texts of all three widths and on bytes.
import re

TEXTS = ["", "a", "aaa", "abab", "foo bar  baz", "x=12, y=345;", "a\nb\n", "\n", "aXbXc", "été_9 ñ",
         "ab\u0101\u0100 \u0663", "a\U00010400\U00010428b\U0001d7d9", "'quoted \\' text' rest"]
PATTERNS = [
    "a", "ab", "a|b", "foo|bar|baz", "[ab]+", "[^ab]", "[a-fx-z0-9]*", ".", ".*", ".+?b", "(?s:.)*",
    r"\w+", r"\W", r"\d+", r"\D+?", r"\s", r"\S*", r"\b\w", r"\w\b", r"\B.", "^", "$", r"\A.", r".\Z",
    "(?m)^.", "(?m).$", "(?m)$", "(a)", "(a)(b)", "(a|b)*", "(?:ab)+", "(?:ab){2}", "(?:a|ab){1,2}?b",
    r"(.)\1", r"(?i)(.)\1", "(?i)AB", "(?i)[A-C]+", "(?i)É", "(?ia)É|A", "(?i)\u0101+", "(?i)\U00010400+",
    "(?i)[\U00010400-\U00010410]+", "(a)?(?(1)b|x)", "(a)?(?(1)b)", "(?=a)", "(?!a).", "(?<=a).", "(?<!a).",
    "(?<=ab).", "(?>a*)", "(?>a|ab)b", "a*+", "(?:ab)*+", "(?:ab)++a", "a?+a", "a{2,}+", "[\u0100-\u0110]+",
    "[^\u0100-\u0110]+", "[a\u0101\U00010400]+", "x(?P<n>=)(?P<v>\\d+)", "(a*)*", "(a*)+", "(a?)*b", "(?:)*",
    "(|a)+", "(?:a*?)*b", "(?:(a)|(b))*", "((a)|b)*", "(?:(a)|b)*?$", r"(\w+)\s+(\w+)", r"'(?:[^'\\]|\\.)*'",
    "(?:x|y)=(\\d+)", "a{0}", "a{0}b", "a{3}", "a{2,3}", "(?:a{1,2}){2}", "(?:ab|a)(?:b|)", "(?=(a))a", "(?!(a)b)a",
    r"(?<!\w)\w+(?!\w)", "(?x) a # comment\n b", "(?:a(?=b)|b(?!a))+", r"(?a)\w+", r"(?a)\s|\d",
]

for pattern in PATTERNS:
    compiled = re.compile(pattern)
    print(ascii(pattern))
    for text in TEXTS:
        out = []
        for find in (compiled.match, compiled.fullmatch, compiled.search):
            m = find(text)
            out.append(m and (m.regs, m.lastindex))
        out.append(compiled.findall(text))
        out.append([m.span() for m in compiled.finditer(text, 1)])
        out.append(compiled.split(text, 2))
        out.append(compiled.sub("<\\g<0>>", text))
        out.append(compiled.subn("-", text, 1))
        print("  ", ascii(out))

print("bytes")
for pattern in (b"a", b"[^a]+", rb"\w+", rb"(?i)[A-C]+", b"(?L)\\w+", b"(?iL)A.", rb"(.)\1", b"\xff|a", b"[\xf0-\xff]",
                b"(?i)(a)\\1", b"(?s).b?"):
    compiled = re.compile(pattern)
    for text in (b"", b"abAB \xff\xe9", bytearray(b"aabb")):
        m = compiled.search(text)
        print(pattern, m and (m.span(), m.group()), compiled.findall(text), compiled.split(text), compiled.sub(b"-", text),
              compiled.sub(rb"<\g<0>>", text))

view = memoryview(b"a\nb")
print(re.search(b"b", view), re.findall(b"(?s).", view), re.split(b"\n", view), re.sub(b"a", b"x", view))
try:
    re.sub(b"(a)", rb"\1", view)
except AttributeError as error:
    print(error)

print("long texts")
n = 200_000
print(re.match("(?:a|b)*", "ab" * n).end(), re.match("(?:a|b)*?c", "ab" * n + "c").end())
print(re.match("(ab)*", "ab" * n).span(1), re.match("(?:ab)*+c", "ab" * n + "c").end())
print(re.match("(?:(?:x|y)*z)*", "xyxz" * n).end(), re.fullmatch("(?:.(?=.|$))*", "a" * n).end())
print(len(re.findall("\\w+", "word " * n)), re.search("needle", "need" * n + "needle").start())
print(re.search("b$", "a" * n), re.match(".*?.*?.*?c", "a" * 300))

class Text(str):
    def __getitem__(self, key):
        return "?"

for text in (Text("abc"),):
    m = re.match(".*", text)
    print(type(m.group()), type(m.string), type(re.sub("x", "y", text)), re.findall("", text), re.sub("(b)", r"<\1>", text))
text = "unchanged"
print(re.sub("x", "y", text) is text, re.match(".*", text).group() is text)
array = bytearray(b"abcdef")
m = re.match(b"..(.*)", array)
scanner = re.compile(b".").scanner(array)
try:
    array.append(1)
except BufferError as error:
    print(error)
del scanner
array[:] = b"xyz"
print(m.group(), m.group(1), m)
