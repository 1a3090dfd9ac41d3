for src in ("f'{'", "f'}'", "f'{}'", "f'{a b}'", "f'{a!x}'", "f'{a!}'", "f'{a:{b:{c}}}'", "f'{a\\n}'", "f'{#}'", "f'{a'", "f'{a!r:'", "f'{ }'",
            "f'{!r}'", "f'{:x}'", "f'{a!rr}'", "f'{lambda x: 1}'", "f'{a = b}'", "f'{a := 1}'", "f'{(a)'", "f'{a]}'", "f'{(}'", "f'{*a}'",
            "f'{a.}'", "f'{\\'a\\'}'", "f'{{}'", "f'{{}}}'", "f'{1 +}'", "f'{x:y'", "f'{class}'", "fb'x'", "fu'x'", "f'{yield}'", "f'{=}'", "f'{a!r=}'"):
    try:
        compile(src, "<f>", "eval")
        print("ok", src)
    except SyntaxError as e:
        print(src, "->", e.msg)
