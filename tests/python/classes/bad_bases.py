for src in ("class A(1): pass", "class A('x'): pass", "class A(bool): pass", "class A(type(None)): pass",
            "class A(int, str): pass", "class A(range): pass", "class A(slice): pass", "class A(type(lambda: 0)): pass",
            "class A(int, dict): pass", "class A(*[object, 5]): pass", "class A(object, metaclass=5): pass",
            "class A(object, x=1): pass", "class A(type(...)): pass", "class A(type(iter([]))): pass",
            "class A(memoryview): pass", "class A(NoneType := type(None)): pass"):
    try:
        exec(src)
        print(src, "ok")
    except TypeError as e:
        print(src, "->", e)
