# SPDX-License-Identifier: MIT
# The native half of xml.etree.ElementTree: elements as objects, builders, parsers, and what they complain about.
import copy
import gc
import io
import pickle
import re
import weakref
import xml.etree.ElementTree as ET
import _elementtree


def show(*actions):
    for action in actions:
        try:
            print(re.sub("0x[0-9a-f]+", "0x", str(action())))
        except Exception as error:
            print(type(error).__name__, re.sub("0x[0-9a-f]+", "0x", str(error)))


def form(e):
    return (e.tag, e.attrib, e.text, e.tail, [form(c) for c in e])


print("the module")
print(sorted(n for n in vars(_elementtree) if not n.startswith("__")))
print(ET.Element is _elementtree.Element, ET.Element, ET.TreeBuilder, ET.XMLParser, ET.ParseError, ET.ParseError.__mro__)
print(type(ET.Element("a").iter()), ET.Element.__module__, ET.Element.__qualname__)

print("making")
show(lambda: form(ET.Element("a")), lambda: form(ET.Element("a", {"x": "1"}, y="2")), lambda: form(ET.Element("a", attrib={"x": "1"}, y="2")),
     lambda: form(ET.Element(b"a", {}, attrib="own")), lambda: form(ET.Element(None)), lambda: ET.Element(), lambda: ET.Element("a", {}, {}), lambda: ET.Element("a", 1),
     lambda: ET.Element("a", attrib=1), lambda: ET.Element(tag="a"), lambda: ET.Element("a", None), lambda: ET.SubElement(ET.Element("a"), "b", x="1").attrib, lambda: ET.SubElement("a", "b"),
     lambda: ET.SubElement(ET.Element("a")), lambda: ET.SubElement(ET.Element("a"), "b", 1), lambda: ET.SubElement(), lambda: ET.SubElement(ET.Element("a"), "b", {}, {}),
     lambda: ET.SubElement(ET.Element("a"), "b", attrib=2), lambda: re.sub("0x[0-9a-f]+", "0x", repr(ET.Element("a"))), lambda: re.sub("0x[0-9a-f]+", "0x", repr(ET.Element.__new__(ET.Element))),
     lambda: form(ET.Element.__new__(ET.Element)))
given = {"x": "1"}
e = ET.Element("a", given)
print(e.attrib is given, e.attrib is e.attrib)
child = ET.SubElement(e, "b")
e.__init__("c")
print(form(e))
e.__init__("c", {"y": "2"})
e.text, e.tail = "t", "u"
print(form(e), len(e))
e.attrib = given
print(e.attrib is given, e.get("x"), e.get("z"), e.get("z", 3), e.get(key="x", default=0), e.set("k", "v"), given, e.keys(), e.items())
show(lambda: e.get(), lambda: e.get([]), lambda: e.set("a"), lambda: e.set([], 1), lambda: setattr(e, "attrib", []), lambda: setattr(e, "attrib", None), lambda: delattr(e, "attrib"),
     lambda: delattr(e, "tag"), lambda: delattr(e, "text"), lambda: delattr(e, "tail"), lambda: setattr(e, "other", 1), lambda: e.other, lambda: hasattr(e, "__dict__"), lambda: hasattr(e, "__iter__"))
r = ET.Element("a")
r.tag = r
show(lambda: repr(r))

print("children")
root = ET.Element("root")
parts = [ET.SubElement(root, tag) for tag in "abcdef"]
print(len(root), bool(root), bool(ET.Element("a")), [c.tag for c in root], root[0].tag, root[-1].tag, [c.tag for c in root[1:3]], [c.tag for c in root[::-2]], parts[2] in root, ET.Element("a") in root)
show(lambda: root[6], lambda: root[-7], lambda: root["a"], lambda: root[1 << 70], lambda: root[None], lambda: ET.Element("a")[:], lambda: ET.Element("a")[0], lambda: ET.Element("a")[::0], lambda: root[::0])
show(lambda: root.append(1), lambda: root.append(None), lambda: root.insert(0, "a"), lambda: root.insert("a", parts[0]), lambda: root.insert(0), lambda: root.extend(1), lambda: root.extend([1]), lambda: root.remove(1),
     lambda: root.remove(ET.Element("a")), lambda: ET.Element("z").remove(parts[0]), lambda: root.__setitem__(0, 1), lambda: root.__setitem__(9, parts[0]), lambda: root.__setitem__(-9, parts[0]), lambda: root.__setitem__("a", parts[0]),
     lambda: root.__setitem__(slice(0, 1), 5), lambda: root.__setitem__(slice(0, 1), [5]), lambda: root.__setitem__(slice(0, 6, 2), [parts[0]]), lambda: root.__setitem__(slice(0, 6, 0), [parts[0]]), lambda: root.__delitem__(9), lambda: root.__delitem__(-9),
     lambda: root.__delitem__("a"), lambda: root.__setitem__(None, 1))
root.insert(2, ET.Element("in"))
root.insert(-100, ET.Element("first"))
root.insert(100, ET.Element("last"))
print([c.tag for c in root])
root[0] = ET.Element("x")
root[-1] = ET.Element("y")
del root[1], root[-2]
print([c.tag for c in root])
root[1:3] = (ET.Element(t) for t in "pqr")
print([c.tag for c in root])
root[::2] = [ET.Element(t.upper()) for t in "abcd"]
print([c.tag for c in root])
del root[::-2]
print([c.tag for c in root])
del root[5:]
root[len(root):] = [ET.Element("tail")]
root[1:0] = []
print([c.tag for c in root])
show(lambda: root.extend([ET.Element("k"), 7, ET.Element("l")]))
print([c.tag for c in root])
root.remove(root[0])
root.extend(x for x in (ET.Element("m"),))
root.extend(ET.XML("<a><n/><o/></a>"))
print([c.tag for c in root])
root.text, root.tail = "a", "b"
root.set("k", "v")
root.clear()
print(form(root), root.keys(), root.items(), root.get("k"))


class Same(ET.Element):
    def __eq__(self, other):
        return other.tag == "same"
    __hash__ = ET.Element.__hash__


root.extend([ET.Element("a"), Same("b"), ET.Element("c")])
root.remove(ET.Element("same"))
print([c.tag for c in root])
iterated = iter(root)
print(next(iterated).tag, root.append(ET.Element("z")), [c.tag for c in iterated], list(iterated), [c.tag for c in reversed(root)])

print("looking")
tree = ET.XML("<r n='0'>t0<a n='1'>t1<b n='2'>t2</b>u2<c/>u3</a>u1<a n='3'/>  <b n='4'>t4</b><!--no--><?pi no?></r>")
show(lambda: tree.find("a").get("n"), lambda: tree.find("x"), lambda: tree.find("a/b").get("n"), lambda: tree.find("*").get("n"), lambda: tree.find(".//b").get("n"), lambda: tree.find("{*}b").get("n"), lambda: tree.find("a[@n='3']").get("n"),
     lambda: [x.get("n") for x in tree.findall("a")], lambda: [x.get("n") for x in tree.findall(".//b")], lambda: tree.findall("x"), lambda: tree.findtext("b"), lambda: tree.findtext("x"), lambda: tree.findtext("x", "no"),
     lambda: tree.findtext("a/c", "no"), lambda: tree.findtext(path="a/c", default="no", namespaces={}), lambda: [x.get("n") for x in tree.iterfind("a")], lambda: tree.find("p:b", {"p": "u"}), lambda: tree.find("p:b", {}), lambda: tree.find(),
     lambda: tree.find(1), lambda: tree.find(b"a"), lambda: tree.findall(path="b", namespaces=None)[0].text, lambda: tree.find("a/"), lambda: tree.findall("/a"), lambda: tree.find("a", None, None), lambda: tree.findtext(path="a", other=1))
show(lambda: [x.tag for x in tree.iter()], lambda: [x.get("n") for x in tree.iter("b")], lambda: [x.get("n") for x in tree.iter("*")], lambda: [x.tag for x in tree.iter(b"*")], lambda: [x.tag for x in tree.iter(tag=None)], lambda: list(tree.iter("none")),
     lambda: list(tree.itertext()), lambda: "".join(tree.find("a").itertext()), lambda: list(ET.Element("a").itertext()), lambda: tree.iter(1, 2), lambda: tree.itertext(1), lambda: type(tree.iter())())
walk = tree.iter()
print([next(walk).tag for _ in range(3)])
tree[0].clear()
print([x.tag for x in walk], list(walk))
odd = ET.Element("a")
odd.text = 5
show(lambda: list(odd.itertext()))


class Picky(str):
    def __eq__(self, other):
        raise ZeroDivisionError("asked")
    __hash__ = str.__hash__


show(lambda: list(tree.iter(Picky("a"))), lambda: tree.find(Picky("q")), lambda: tree.findall(Picky("q")))

print("copies")
tree = ET.XML("<r n='0'>t0<a n='1'>t1<b n='2'>t2</b></a>u1</r>")
tree.tail = "tail"
shallow, deep = copy.copy(tree), copy.deepcopy(tree)
print(form(shallow) == form(tree) == form(deep), shallow[0] is tree[0], deep[0] is tree[0], shallow.attrib is tree.attrib, deep.attrib is tree.attrib, type(deep))
shallow.append(ET.Element("more"))
shallow.set("only", "here")
print(len(tree), tree.attrib)
twice = ET.Element("t")
twice.extend([tree, tree])
both = copy.deepcopy(twice)
print(both[0] is both[1], form(both) == form(twice))
loop = ET.Element("loop")
loop.append(loop)
show(lambda: tree.__deepcopy__(1), lambda: tree.__deepcopy__(), lambda: tree.makeelement("a", {"k": "v"}).attrib, lambda: tree.makeelement("a"), lambda: tree.makeelement("a", []), lambda: tree.makeelement(tag="a", attrib={}))
e = ET.Element("a", {"k": ["list"]})
f = copy.deepcopy(e)
print(f.attrib, f.attrib["k"] is e.attrib["k"])


class Own(ET.Element):
    def __init__(self, tag, **extra):
        super().__init__(tag, **extra)
        self.own = [tag]


own = Own("o", k="v")
own.append(Own("p"))
print(type(copy.copy(own)), type(copy.deepcopy(own)), vars(own), form(own), re.sub("0x[0-9a-f]+", "0x", repr(own)))
for protocol in range(6):
    try:
        again = pickle.loads(pickle.dumps(tree, protocol))
        print(protocol, form(again) == form(tree), type(again))
    except Exception as error:
        print(protocol, type(error).__name__, error)
print(ET.Element("a").__getstate__(), list(tree.__getstate__()))
e = ET.Element("was", x="1")
ET.SubElement(e, "gone")
show(lambda: e.__setstate__({"tag": "now"}), lambda: form(e), lambda: e.__setstate__({"tag": "b", "text": "t", "tail": "u", "attrib": {"k": "v"}, "_children": [ET.Element("c")]}), lambda: form(e), lambda: e.__setstate__({}), lambda: e.__setstate__(5),
     lambda: e.__setstate__({"tag": 1, "_children": ()}), lambda: e.__setstate__({"tag": 1, "_children": [1]}), lambda: e.__setstate__({"tag": 1, "nonsense": 1}))

print("life")
e = ET.Element("a")
ref = weakref.ref(e)
seen = weakref.ref(ET.SubElement(e, "b"), lambda r: print("child gone"))
e.append(e)
del e
gc.collect()
print(ref(), seen())
deep = ET.Element("top")
at = deep
for _ in range(100000):
    at = ET.SubElement(at, "x")
print(sum(1 for _ in deep.iter("x")))
del deep, at
print(gc.is_tracked(ET.Element("a")), hash(ET.Element("a")) is None, ET.Element("a") == ET.Element("a"))

print("builders")
b = ET.TreeBuilder()
show(lambda: b.close(), lambda: b.end("a"), lambda: b.data("ignored"), lambda: b.start("a", 5), lambda: b.start("a"), lambda: b.start("r", {"k": "v"}).tag, lambda: b.data("one"), lambda: b.data("two"), lambda: b.start("b", {}).tag, lambda: b.data("in"),
     lambda: b.end("whatever").tag, lambda: b.data("tail"), lambda: b.comment("no"), lambda: b.pi("t", "x"), lambda: b.pi("t"), lambda: b.data("more"), lambda: b.end("r").tag, lambda: form(b.close()), lambda: b.start("second", {}), lambda: b.end("x"), lambda: b.close().tag)
b = ET.TreeBuilder(lambda tag, attrib: ET.Element(tag.upper(), attrib), comment_factory=ET.Comment, pi_factory=ET.PI, insert_comments=True, insert_pis=True)
b.start("a", {})
b.data("1")
b.comment("com")
b.data("2")
b.pi("target", "text")
b.data("3")
b.end("a")
print(ET.tostring(b.close()))
b = ET.TreeBuilder()
show(lambda: b.start("a", {}).tag, lambda: b.data(b"bytes"), lambda: b.end("a"), lambda: b.close().text, lambda: ET.TreeBuilder(1, 2), lambda: ET.TreeBuilder(element_factory=3).start("a", {}), lambda: ET.TreeBuilder(bogus=1))
b = ET.TreeBuilder(lambda tag, attrib: [])
show(lambda: b.start("a", {}), lambda: b.start("b", {}), lambda: b.data("x"), lambda: b.end("b"), lambda: b.close())
show(lambda: ET._set_factories(1, None), lambda: ET._set_factories(None, "x"), lambda: ET._set_factories(ET.Comment), lambda: [f.__name__ for f in ET._set_factories(ET.Comment, ET.PI)])


class Tree(ET.TreeBuilder):
    def start(self, tag, attrs):
        print("start", tag, attrs)
        return super().start(tag, attrs)


show(lambda: form(ET.XML("<a k='v'>t<b/>u</a>", ET.XMLParser(target=Tree()))))

print("parsers")
p = ET.XMLParser()
print(type(p.target), p.entity, p.version.startswith("Expat "), p.feed("<a>"), p.feed(b"text<b/>"), p.feed(bytearray(b"</a>")), form(p.close()))
show(lambda: p.feed("<b/>"), lambda: p.close(), lambda: setattr(p, "entity", {}), lambda: setattr(p, "target", 1), lambda: setattr(p, "version", 1), lambda: delattr(p, "target"), lambda: p.feed(1), lambda: p.feed(), lambda: ET.XMLParser(1), lambda: ET.XMLParser(encoding=1),
     lambda: ET.XMLParser(None), lambda: ET.XMLParser.__new__(ET.XMLParser).feed("<a/>"), lambda: ET.XMLParser.__new__(ET.XMLParser).close(), lambda: ET.XMLParser().feed("\udc80"), lambda: ET.XMLParser().close())
for data in (b"", b"<a>", b"<a></b>", b"<a b='1' b='2'/>", b"<a>&x;</a>", b"<a/><b/>", b"\x00", b"<a>\xff</a>", b"<?xml version='1.0' encoding='no-such'?><a/>", b"<?xml version='1.0' encoding='utf-7'?><a/>", b"<p:a/>",
             b"<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>", "<?xml version='1.0' encoding='iso-8859-1'?><a>é</a>", b"<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>", b"<?xml version='1.0' encoding='cp1251'?><a>\xe9</a>",
             b"<!DOCTYPE a [<!ENTITY e 'known'>]><a k='&e;'>&e; &lt;</a>", b"<!DOCTYPE a SYSTEM 'x.dtd'><a>&unknown;</a>", b"<!DOCTYPE a SYSTEM 'x.dtd'><a k='&unknown;'/>", "<a xmlns='u' xmlns:p='v' p:k='1' j='2'><p:b/></a>", "<é ä='ö'>\U0001f600ü</é>", b"<a><![CDATA[<x>]]>&#65;</a>"):
    try:
        print(form(ET.fromstring(data)))
    except Exception as error:
        print(data, type(error).__name__, error, sorted(vars(error).items()))
show(lambda: form(ET.parse(io.BytesIO(b"<a>b</a>")).getroot()), lambda: form(ET.parse(io.StringIO("<a>\xe9</a>")).getroot()), lambda: form(ET.parse(io.StringIO("<?xml version='1.0' encoding='iso-8859-1'?><a>\xe9</a>")).getroot()), lambda: ET.parse(io.BytesIO(b"<a>")), lambda: ET.XMLParser()._parse_whole(1),
     lambda: form(ET.parse(io.BytesIO("<a>\xe9</a>".encode("latin-1")), ET.XMLParser(encoding="latin-1")).getroot()), lambda: form(ET.fromstringlist(["<a>", "<b/>", "</a>"])), lambda: [e.tag for e in ET.XMLID("<a id='1'><b id='2'/></a>")[1].values()])
p = ET.XMLParser()
p.entity["known"] = "<text>"
p.feed("<!DOCTYPE a SYSTEM 'x'><a>&known;!</a>")
print(form(p.close()))
many = ET.fromstring("<r>" + "".join(f"<e{i} k{i}='{i}'>{i}</e{i}>" for i in range(500)) + "</r>")
print(len(many), sum(int(c.text) for c in many), many[499].tag, many[321].attrib)
same = ET.fromstring("<r><x/><x/></r>")
print(same[0].tag is same[1].tag)


class Target:
    def __init__(self, *names):
        for name in names:
            setattr(self, name, lambda *args, name=name: print(name, args) or name)


for names in ((), ("start",), ("start", "end", "data", "comment", "pi", "close", "doctype", "start_ns", "end_ns")):
    p = ET.XMLParser(target=Target(*names))
    p.feed("<!DOCTYPE a PUBLIC 'p' 's'><a xmlns='u' xmlns:v='w' k='1'>x<!--c--><?t d?><?e?>y<v:b/></a>")
    print(p.close())


class Wrong:
    def start(self, tag, attrs):
        print("start", tag)
        if tag == "bad":
            raise KeyError(tag)

    def end(self, tag):
        print("end", tag)


p = ET.XMLParser(target=Wrong())
show(lambda: p.feed("<a><bad><c/></bad>"), lambda: p.feed("<d/>"), lambda: p.feed("</a>"), lambda: p.close())


class Again:
    def start(self, tag, attrs):
        self.parser.target is self or print("other")

    def close(self):
        return "closed"


target = Again()
target.parser = ET.XMLParser(target=target)
target.parser.feed("<a/>")
print(target.parser.close())
del target
gc.collect()

print("events")
for wanted in (None, ["start", "end"], ("start-ns", "end-ns", "comment", "pi", b"end"), [], iter(["start"])):
    queue, p = [], ET.XMLParser()
    print(p._setevents(queue, wanted), p.feed("<a xmlns='u' xmlns:p='v'>x<!--c--><?t d?><p:b/>y</a>"))
    print([(name, getattr(what, "tag", what) if not callable(getattr(what, "tag", None)) else what.tag.__name__) for name, what in queue])
show(lambda: ET.XMLParser()._setevents(1), lambda: ET.XMLParser()._setevents([], ["bogus"]), lambda: ET.XMLParser()._setevents([], [1]), lambda: ET.XMLParser()._setevents([], 1), lambda: ET.XMLParser(target=Target())._setevents([]), lambda: ET.XMLParser()._setevents([], ["a\0b"]),
     lambda: ET.XMLParser.__new__(ET.XMLParser)._setevents([]), lambda: ET.XMLParser()._setevents())
print([(event, element.tag) for event, element in ET.iterparse(io.BytesIO(b"<a><b/><c>x</c></a>"), ("start", "end"))])
pull = ET.XMLPullParser(["end"])
pull.feed("<a><b/>")
print([x.tag for _, x in pull.read_events()], pull.feed("</a>"), [x.tag for _, x in pull.read_events()], pull.close())
ET.indent(many[0])
print(ET.tostring(many)[:40], ET.canonicalize("<a b='2' a='1'><!--c-->\n<c/></a>"), ET.iselement(many), ET.iselement(1))


class Warned(ET.XMLParser):
    def doctype(self, *args):
        print("never")


import warnings
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    print(form(ET.XML("<!DOCTYPE a><a/>", Warned())))
print([(w.category, str(w.message)) for w in caught])


# Text that reaches a builder in one piece, in several, and in pieces that are no strs.
for pieces in ['one'], ['one', 'two'], ['', 'x', ''], ['\u20ac'] * 3, [None], ['a', None], [b'a'], []:
    b = ET.TreeBuilder()
    b.data('before, which is nowhere')
    try:
        b.start('a', {})
        for piece in pieces:
            b.data(piece)
        b.start('b', {})
        for piece in pieces:
            b.data(piece)
        b.end('b')
        for piece in pieces:
            b.data(piece)
        b.end('a')
        tree = b.close()
        print([tree.text, tree[0].text, tree[0].tail, tree.tail], pieces[:1] == [tree.text])
    except TypeError as e:
        print('TypeError', e)
