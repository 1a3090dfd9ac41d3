# SPDX-License-Identifier: MIT
# Native elements, builders and parsers where they are used as few programs do: subclasses that leave out half, parsers
# within parsers, operators that an element has not.
import inspect
import sys
import xml.etree.ElementTree as ET


def show(f):
    try:
        print(f())
    except Exception as e:
        print(type(e).__name__, e)


for t in (ET.Element, ET.TreeBuilder, ET.XMLParser):
    show(lambda: setattr(t, "foo", 1))
    print(sorted(n for n in vars(t) if not n.startswith("__")))
    show(lambda: inspect.signature(t))
print(ET.SubElement, ET.SubElement.__module__, ET.ParseError.__module__)
e = ET.Element("a")
show(lambda: e.__init__("a", {}, x=1))
show(lambda: ET.Element("a", {1: 2}, **{"b": 3}).attrib)
show(lambda: e.__reduce_ex__(2)[1:])
show(lambda: e + e)
show(lambda: e < e)
show(lambda: e * 2)
show(lambda: e())
show(lambda: [*e])
show(lambda: sys.getsizeof(e) > 10)
show(lambda: e.iter().__length_hint__())
show(lambda: e.iter().foo)
show(lambda: dir(e.iter())[:3])
it = e.iter()
show(lambda: iter(it) is it)
class S(ET.TreeBuilder): pass
s = S(); s.foo = 1
show(lambda: vars(s))
show(lambda: ET.TreeBuilder().__dict__)
class E(ET.Element): __slots__ = ("q",)
x = E("t"); x.q = 3; show(lambda: (x.q, x.tag))
show(lambda: ET.Element("x", {"a": "b"}).__init__())
class EE(ET.Element):
    def __init__(self): pass
show(lambda: (EE().tag, repr(EE())[:14], len(EE()), EE().attrib, EE().text))
b = ET.TreeBuilder()
b.start("a", {}); b.data("x"); b.start("b", {}); b.end("b"); b.data("y"); b.data("z")
show(lambda: (b.close().text, b.close()[0].tail))
class P(ET.XMLParser):
    def __init__(self): pass
show(lambda: P().feed("<a/>"))
show(lambda: P().target)
show(lambda: P().entity)
class T2(ET.TreeBuilder):
    def __init__(self): pass
show(lambda: T2().start("a", {}).tag)
show(lambda: ET.XML("<a><b/></a>", parser=ET.XMLParser(target=T2())).tag)
e = ET.Element("a"); e.text = 5
show(lambda: ET.XMLParser(target=ET.TreeBuilder(lambda t, a: e)).feed("<a>x</a>"))
def f(t, a):
    x = ET.Element(t); x.text = "pre"; x.tail = "post"; return x
p = ET.XMLParser(target=ET.TreeBuilder(f)); p.feed("<a>x<b>y</b>z</a>"); r = p.close(); print(r.text, r[0].text, r[0].tail)
p = ET.XMLParser(); p.feed("<a>"); print(p.target.close().tag); p.__init__(); show(lambda: p.close())
n = [0]
class Target:
    def start(self, t, a):
        n[0] += 1
        if n[0] == 1: show(lambda: ET.XMLParser(target=self).feed("<x/>"))
ET.XMLParser(target=Target()).feed("<a/>"); print(n)
