# Methods of objects that have a dict beside what their type brings: what is put into the dict hides
# the method from then on, for code that has called it often.
import io
import tempfile


class Failure(Exception):
    def name(self):
        return "name of the class"


class Table(dict):
    def name(self):
        return "table"


class Text(str):
    def name(self):
        return "text"


def call(o):
    return o.name()


for kind in (Failure, Table, Text):
    o = kind()
    o.other = 1
    for _ in range(30):
        assert call(o) == kind.name(o)
    o.name = lambda: "hidden"
    print(call(o), call(kind()))
    del o.name
    print(call(o), o.__dict__)
    o.__dict__ = {"name": lambda: "another dict"}
    print(call(o))
    o.__dict__ = {}
    print(call(o))
    o.__dict__["name"] = lambda: "put in"
    print(call(o))
    o.__dict__.clear()
    print(call(o))
    o.__dict__.update(name=lambda: "updated")
    print(call(o), o.__dict__.pop("name")(), call(o))
    kind.name = lambda self: "new method"
    print(call(o))
    many = [kind() for _ in range(200)]
    for i, x in enumerate(many):
        x.number = i
        if i % 7 == 0:
            x.name = lambda i=i: i
    print([call(x) for x in many if x.number % 7 < 2][:20])
    kind.name = property(lambda self: lambda: "of a property")
    print(call(o), call(many[0]))
    del kind.name
    print(call(many[0]))
    try:
        call(o)
    except AttributeError as e:
        print(e)


def write(f, text):
    return f.write(text)


with tempfile.TemporaryFile("w+") as f:
    for i in range(20):
        write(f, "line %d\n" % i)
    lines = []
    f.write = lines.append
    print(write(f, "taken"), lines)
    del f.write
    print(write(f, "end"))
    f.seek(0)
    print(len(f.read()))
