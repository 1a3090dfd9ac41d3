match = 1
case = 2
_ = 3
type = 4
print(match, case, _, type)


def soft(match, case=5):
    return match + case


print(soft(match=1), soft(1, case=1))
for kw in ("class", "def", "None", "True", "async", "await", "lambda", "print", "exec", "nonlocal", "__peg_parser__"):
    try:
        compile(kw + " = 1", "<k>", "exec")
        print(kw, "ok")
    except SyntaxError as e:
        print(kw, e.msg)
match.__class__
match[0] if False else None
print(match + 1, -match, match if match else 0)
