for src in ("try:\n pass\nexcept* ValueError:\n pass\nexcept KeyError:\n pass\n", "try:\n pass\nexcept*:\n pass\n",
            "def f():\n try:\n  pass\n except* ValueError:\n  return\n", "for i in x:\n try:\n  pass\n except* ValueError:\n  break\n",
            "try:\n pass\nexcept:\n pass\nexcept ValueError:\n pass\n", "try:\n pass\n", "try:\n pass\nelse:\n pass\n",
            "try:\n pass\nexcept ValueError, KeyError:\n pass\n", "raise x from\n", "try: pass\nfinally: pass\nelse: pass\n",
            "except: pass\n", "try:\n pass\nfinally:\n pass\nexcept: pass\n"):
    try:
        compile(src, "<s>", "exec")
        print("ok", repr(src))
    except SyntaxError as e:
        print(repr(src), "->", e.msg, e.lineno)
