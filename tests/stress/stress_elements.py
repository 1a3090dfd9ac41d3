# SPDX-License-Identifier: MIT
"""Elements, their iterators, builders and parsers used by several threads at once."""
import copy
import gc
import pickle
import weakref
import xml.etree.ElementTree as ET
from _stress import SLACK, main


def children(s):
    """Every thread has children of its own among those of one element: none is lost, none comes twice."""
    root = ET.Element("root")

    def work(i, rng):
        own = []
        for n in range(300):
            child = ET.Element(f"t{i}", n=str(n))
            own.append(child)
            if n % 3 == 0:
                root.append(child)
            elif n % 3 == 1:
                root.insert(rng.randrange(20) - 10, child)
            else:
                root[1 << 40:] = [child]
            if n % 4 == 3:
                root.remove(own.pop(rng.randrange(len(own))))
            if n % 10 == 0:
                s.check(all(isinstance(c, ET.Element) for c in root[::-2]), "an element")
                s.check(root.find(f"t{i}") is not None and root.findtext(f"t{i}") == "", "found")
                s.check(len(root.findall(f"t{i}")) == len(own), "as many as there are")
                s.check(sum(1 for _ in root.iter(f"t{i}")) <= len(own) + len(root), "walked")
        kept[i] = own
    kept = [None] * s.threads
    s.together(work)
    s.check(len(root) == sum(map(len, kept)), "as many as were kept")
    for i, own in enumerate(kept):
        s.check(sorted(map(id, root.findall(f"t{i}"))) == sorted(map(id, own)), "these very ones")


def from_the_end(s):
    """A child counted from the end is taken and deleted at one moment."""
    root = ET.Element("root")
    ET.SubElement(root, "a")

    def work(i, rng):
        for n in range(500):
            ET.SubElement(root, "a")
            s.check(root[-1].tag == "a", "tag")
            root[-1] = ET.Element("a")
            del root[-1]
    s.together(work)
    s.check(len(root) == 1, "not deleted:", len(root) - 1)


def first_use(s):
    """The list of children and the dict of attributes are made by whoever needs them first, once."""
    for _ in range(60):
        root = ET.Element("root")

        def work(i, rng):
            if i % 2:
                root.append(ET.Element("c"))
                root.set(f"k{i}", "v")
            else:
                root.set(f"k{i}", "v")
                root.append(ET.Element("c"))
            found[i] = root.attrib
        found = [None] * s.threads
        s.together(work)
        s.check(len(root) == s.threads and len(root.keys()) == s.threads, len(root), root.keys())
        s.check(all(d is root.attrib for d in found), "one dict")


def fields(s):
    """Text, tail, tag and attributes are one of what was put there; clear() is one step, and so is a copy."""
    root = ET.Element("root")
    texts = [str(n) * 3 for n in range(1000, 1020)]

    def change(i, rng):
        for n in range(400):
            root.text = rng.choice(texts) + "x"
            root.tail = rng.choice(texts) + "y"
            root.tag = rng.choice(texts) + "z"
            root.set(f"k{i}", rng.choice(texts) + "v")

    def look(i, rng):
        for n in range(400):
            text, tail = root.text, root.tail
            s.check((text is None or text[-1] == "x") and (tail is None or tail[-1] == "y"), text, tail)
            s.check(root.tag == "root" or root.tag[-1] == "z", root.tag)
            s.check(all(v[-1] == "v" for _, v in root.items()), "attributes")
            s.check(repr(root)[:9] == "<Element ", repr(root))
            other = copy.copy(root)
            s.check(other.text is None or other.text[-1] == "x", other.text)
    s.together(change, look, change, look)

    one = ET.Element("one")

    def fill(i, rng):
        for n in range(400):
            one.text = "text"
            ET.SubElement(one, "child")
            one.clear()

    def read(i, rng):
        for n in range(300):
            seen = copy.copy(one)
            s.check(len(seen) == 0 or seen.text == "text", "a child, and no text before it")
            state = one.__getstate__()
            s.check(not state["_children"] or state["text"] == "text", state)
    s.together(fill, read, read)


def iterators(s):
    """A walk that threads share gives each element, and each text, to one of them."""
    root = ET.Element("root")
    for n in range(30):
        e = ET.SubElement(root, "a")
        e.text = f"text{n}"
        e.tail = f"tail{n}"
        for m in range(n % 7):
            e = ET.SubElement(e, "b")
            e.text = f"text{n},{m}"
    every, texts = list(root.iter()), list(root.itertext())
    for _ in range(20):
        for walk, expected in ((root.iter(), every), (root.iter("b"), root.findall(".//b")), (root.itertext(), texts)):
            found = [None] * s.threads

            def work(i, rng):
                found[i] = list(walk)
            s.together(work)
            s.check(sorted(id(x) for part in found for x in part) == sorted(map(id, expected)) or
                    sorted(x for part in found for x in part) == sorted(expected), "each once")


def walks_and_changes(s):
    """Trees change while others walk, copy and pickle them."""
    root = ET.XML("<r>" + "<a k='v'>x<b>y<c/></b>z</a>" * 40 + "</r>")

    def change(i, rng):
        for n in range(200):
            a = root[rng.randrange(30)]
            if n % 2:
                a.append(ET.Element("new"))
            else:
                a.clear()
                a[:] = [ET.Element("b"), ET.Element("c")]
            if n % 5 == 0:
                root.append(root[0])
                del root[0]

    def walk(i, rng):
        for n in range(15):
            s.check(all(e.tag in ("r", "a", "b", "c", "new") for e in root.iter()), "a tag")
            s.check(set("".join(root.itertext())) <= set("xyz"), "a text")
            s.check(38 <= len(copy.deepcopy(root)) <= 42, "children")
            s.check(pickle.loads(pickle.dumps(root, 4)).tag == "r", "pickled")
            try:
                s.check(ET.tostring(root)[:2] == b"<r", "written")
            except KeyError:
                pass  # a tag that was not there when the names were gathered
    s.together(change, walk, change, walk)


def one_builder(s):
    """The steps of a builder are taken one after the other, whoever takes them."""
    for make in (None, lambda tag, attrib: ET.Element(tag, attrib)):
        builder = ET.TreeBuilder(make)
        builder.start("root", {})

        def work(i, rng):
            for n in range(100):
                builder.start("x", {"n": str(n)})
                builder.data("text")
                builder.comment("no")
                builder.end("x")
                builder.data("|")
        s.together(work)
        builder.end("root")
        root = builder.close()
        s.check(sum(1 for _ in root.iter("x")) == 100 * s.threads, "elements")
        s.check("".join(root.itertext()).count("text") == 100 * s.threads, "texts")


def one_parser(s):
    """A parser takes the pieces that threads feed it one after the other, and so does its target."""
    for target in (None, ET.TreeBuilder(), ET.TreeBuilder(lambda tag, attrib: ET.Element(tag, attrib))):
        parser = ET.XMLParser(target=target)
        queue = []
        parser._setevents(queue, ["end"])
        parser.feed("<root>")

        def work(i, rng):
            for n in range(100):
                parser.feed(f"<x k{n}='{i}'>one<y/>two</x>tail")
        s.together(work)
        parser.feed("</root>")
        root = parser.close()
        s.check(len(root) == 100 * s.threads == len(root.findall("x")), "elements")
        s.check(all(x.text == "one" and x[0].tail == "two" and x.tail == "tail" for x in root), "texts")
        s.check(len(queue) == 200 * s.threads + 1, "events")


def own_parsers(s):
    """Each thread with a parser of its own: what they make does not mix."""
    def work(i, rng):
        for n in range(30):
            root = ET.XML(f"<r{i}>" + "".join(f"<a{i} k='{m}'>t{i}</a{i}>" for m in range(30)) + f"</r{i}>")
            s.check(root.tag == f"r{i}" and all(a.tag == f"a{i}" and a.text == f"t{i}" and a.get("k") == str(m) for m, a in enumerate(root)), "its own")
    s.together(work)


def ends(s):
    """Elements in cycles, made by one thread and dropped by another, all go."""
    kept, left = [], weakref.WeakSet()

    def work(i, rng):
        for n in range(60):
            a = ET.Element("a")
            b = ET.SubElement(a, "b")
            if n % 2:
                b.append(a)
            left.add(a)
            left.add(b)
            kept.append(a)
            if len(kept) > 5:
                try:
                    kept.pop(0).append(ET.Element("late"))
                except IndexError:
                    pass
            del a, b
    s.together(work)
    kept.clear()
    gc.collect()
    s.check_gone(lambda: len(left), "elements left", SLACK)


main(children, from_the_end, first_use, fields, iterators, walks_and_changes, one_builder, one_parser, own_parsers, ends)
