# SPDX-License-Identifier: MIT
"""What a match keeps alive once the iterator or the scanner that gave it, and the pattern, are gone."""
import gc
import re

matches = list(re.finditer(r"(?P<word>[a-z]+)|(?P<number>\d+)|([.;])", "ab 12 . cd"))
re.purge()
gc.collect()
for match in matches:
    for _ in range(3):
        kind = match.lastgroup
    print(match, kind, match.lastindex, match.re.groups, match.groupdict())
print(matches[0].re is matches[1].re, matches[0].re.pattern)

scanner = re.compile(rb"\d+").scanner(b"1 22 333")
match = scanner.search()
del scanner
gc.collect()
print(match.group(), match.string, match.re)

# The buffer belongs to the iterator, not to the match.
array = bytearray(b"1 22 333")
match = next(re.finditer(rb"\d+", array))
gc.collect()
array.append(52)
print(match.group(), match.string, match.end())
print([m.lastgroup for m in re.finditer(r"a|(?P<b>b)|(c)", "abc") for _ in range(2)])
