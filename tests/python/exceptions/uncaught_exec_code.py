code = """
def f():
    raise ValueError('from exec')
f()
"""
exec(compile(code, "<generated>", "exec"))
