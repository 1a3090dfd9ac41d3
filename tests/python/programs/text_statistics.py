from collections import Counter, defaultdict
text = """the quick brown fox jumps over the lazy dog and the dog barks at the fox
but the fox runs away and the dog sleeps while the quick sun sets"""
words = text.split()
c = Counter(words)
print(c.most_common(3), len(c), max(words, key=len), sorted(set(map(len, words))))
by = defaultdict(list)
for w in sorted(c):
    by[w[0]].append(w)
print({k: by[k] for k in sorted(by)})
print(" ".join(w.capitalize() for w in words[:5]), text.count("\n"), sum(ch in "aeiou" for ch in text), "".join(sorted(set(text) - set(" \n"))))
for i, line in enumerate(text.splitlines(), 1):
    print(f"{i:>3}: {line[:20]:<25}|{len(line):04d}")
