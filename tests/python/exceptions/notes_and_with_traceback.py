e = ValueError("base")
e.add_note("first note")
e.add_note("second note")
print(e.__notes__)
try:
    e.add_note(5)
except TypeError as err:
    print(err)
print(hasattr(KeyError(), "__notes__"))
try:
    raise KeyError("k")
except KeyError as k:
    tb = k.__traceback__
    try:
        raise ValueError("with tb").with_traceback(tb)
    except ValueError as v:
        n = 0
        t = v.__traceback__
        while t:
            n += 1
            t = t.tb_next
        print(n, v.with_traceback(None).__traceback__)
print(tb.tb_lineno, tb.tb_frame.f_code.co_name, tb.tb_next, type(tb).__name__)
try:
    ValueError().with_traceback(5)
except TypeError as err:
    print(err)
e.custom = 1
print(e.__dict__.keys() == {"__notes__", "custom"}, e.custom)
raise e
