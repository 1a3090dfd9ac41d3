# pyexpat: every handler, the parser's attributes, errors, encodings and external entities; and what is built on it.
import gc
import io
import plistlib
import pyexpat
import xml.dom.minidom
import xml.etree.ElementTree as ET
import xml.sax
import xmlrpc.client
from xml.parsers import expat

DOCUMENT = b"""<?xml version="1.0" encoding="iso-8859-1" standalone="no"?>
<!DOCTYPE root PUBLIC "-//P//" "http://system/x.dtd" [
<!ELEMENT root (a|(b,c?)+)*><!ELEMENT mixed (#PCDATA|a)*>
<!ELEMENT e EMPTY><!ELEMENT any ANY><!ELEMENT seq (x, (y | z)*, w+)>
<!ATTLIST a id ID #REQUIRED kind (one|two) "one" fixed CDATA #FIXED "f">
<!ENTITY text "replacement &#38;amp; more">
<!ENTITY outside SYSTEM "outside.xml">
<!ENTITY % param "value">
<!NOTATION gif PUBLIC "gif viewer">
<!ENTITY picture SYSTEM "a.gif" NDATA gif>
]>
<?target data here?><root xmlns="urn:default" xmlns:p="urn:p" p:x="1" y="&lt;\xe9&gt;">
<!-- a comment -->text &text; <a id="i"/><p:b>one
two</p:b><![CDATA[<raw>]]>&outside;&undefined;</root>"""
HANDLERS = ["StartElementHandler", "EndElementHandler", "ProcessingInstructionHandler", "CharacterDataHandler", "UnparsedEntityDeclHandler",
            "NotationDeclHandler", "StartNamespaceDeclHandler", "EndNamespaceDeclHandler", "CommentHandler", "StartCdataSectionHandler",
            "EndCdataSectionHandler", "StartDoctypeDeclHandler", "EndDoctypeDeclHandler", "EntityDeclHandler",
            "XmlDeclHandler", "ElementDeclHandler", "AttlistDeclHandler", "SkippedEntityHandler"]


def parser(separator=None, skip=(), **attributes):
    p = expat.ParserCreate(None, separator)
    for name in HANDLERS:
        if name not in skip:
            setattr(p, name, lambda *args, name=name: print(" ", name[:-7], args))
    for name, value in attributes.items():
        setattr(p, name, value)
    return p


for separator in (None, "!"):
    for attributes in ({}, {"buffer_text": True}, {"ordered_attributes": 1, "specified_attributes": [1], "namespace_prefixes": True}):
        print(separator, attributes)
        p = parser(separator, **attributes)
        p.ExternalEntityRefHandler = lambda *args: print("  external", args[1:]) or 1
        print(p.Parse(DOCUMENT, True), sorted(map(str, p.intern))[:6], p.CurrentLineNumber, p.CurrentColumnNumber, p.CurrentByteIndex, p.buffer_used)

print("piecewise, default handlers")
p = expat.ParserCreate()
p.DefaultHandler = lambda text: print("  default", ascii(text))
for at in range(0, len(DOCUMENT), 50):
    p.Parse(DOCUMENT[at:at + 50])
p.Parse(b"", True)
p = expat.ParserCreate()
p.DefaultHandlerExpand = lambda text: print("  expand", ascii(text), p.CurrentLineNumber, p.CurrentColumnNumber)
p.ParseFile(io.BytesIO(DOCUMENT))

print("external entities")
p = parser(skip=("CharacterDataHandler",))
p.SetBase("/base")


def external(context, base, system, public):
    print(context, base, system, public, p.GetInputContext())
    child = p.ExternalEntityParserCreate(context)
    child.CharacterDataHandler = lambda text: print("  child text", text)
    child.Parse("<inner>&text;</inner>", True)
    return 1


p.ExternalEntityRefHandler = external
p.Parse(DOCUMENT, True)
print(p.GetBase(), p.GetInputContext())
p = expat.ParserCreate()
print(p.UseForeignDTD(True), p.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_ALWAYS))
p.ExternalEntityRefHandler = lambda *args: print(args) or 1
p.NotStandaloneHandler = lambda: print("not standalone") or 0
try:
    p.Parse("<a/>", True)
except expat.ExpatError as error:
    print(error)

print("errors")
for data in (b"", b"<a>", b"<a></b>", b"<a b='1' b='2'/>", b"<a>&x;</a>", b"<a/><b/>", b"\x00", b"<a>\xff</a>", b"<?xml version='1.0' encoding='no-such'?><a/>",
             b"<?xml version='1.0' encoding='utf-7'?><a/>", b"<p:a/>", b"<!DOCTYPE a [<!ENTITY e '&e;'>]><a>&e;</a>"):
    try:
        print(expat.ParserCreate(None, ":").Parse(data, True))
    except (expat.ExpatError, LookupError, ValueError) as error:
        print(data, type(error).__name__, error, sorted(vars(error).items()))
print(expat.errors.messages == {code: text for text, code in expat.errors.codes.items()}, expat.errors.XML_ERROR_SYNTAX, expat.ErrorString(7), expat.ErrorString(1000))
print(expat.error is expat.ExpatError, expat.ExpatError, sorted(vars(expat.model).items())[-3:] != [], expat.native_encoding, expat.XMLParserType)
p = expat.ParserCreate()
p.StartElementHandler = lambda *args: 1 / 0
try:
    p.Parse("<a><b/></a>", True)
except ZeroDivisionError as error:
    print(error)
p = expat.ParserCreate(encoding="koi8-r")
p.CharacterDataHandler = print
p.Parse("<a>привет</a>".encode("koi8-r"), True)
for action in (lambda: setattr(p, "buffer_size", 0), lambda: setattr(p, "buffer_size", "x"), lambda: setattr(p, "buffer_size", 1 << 40), lambda: setattr(p, "none", 1),
               lambda: delattr(p, "StartElementHandler"), lambda: p.Parse(1), lambda: p.ParseFile(3), lambda: expat.ParserCreate().ParseFile(io.StringIO("<a/>")),
               lambda: expat.ParserCreate(1), lambda: expat.ParserCreate(None, "ab"), lambda: expat.ParserCreate(None, None, []), lambda: expat.XMLParserType(), lambda: p.SetBase(1)):
    try:
        print(action())
    except Exception as error:
        print(type(error).__name__, error)
p = expat.ParserCreate(intern=None)
print(p.intern, p.buffer_size, p.buffer_text, p.StartElementHandler, p.ErrorCode, p.ErrorLineNumber)
p.buffer_size, p.buffer_text = 4, True
p.CharacterDataHandler = lambda text: print(repr(text))
p.Parse("<a>one two three &amp; four\n\n</a>", True)
p.CharacterDataHandler = None
for _ in range(30):  # a cycle
    p = expat.ParserCreate()
    p.CommentHandler = lambda text, p=p: p
    del p
print(gc.collect() >= 0)

print("users")
tree = ET.fromstring(DOCUMENT.replace(b"&outside;", b"").replace(b"&undefined;", b""))
print(ET.tostring(tree), tree.find("{urn:p}b").text)
try:
    ET.fromstring("<a><b></a>")
except ET.ParseError as error:
    print(error, error.code, error.position)
print([(event, element.tag) for event, element in ET.iterparse(io.BytesIO(b"<a><b/><c>x</c></a>"), ("start", "end"))])
pull = ET.XMLPullParser(["end", "comment", "pi", "start-ns"])
pull.feed("<a xmlns='u'><!--c--><?p i?><b/>")
print([(event, getattr(element, "text", element)) for event, element in pull.read_events()][1:])
document = xml.dom.minidom.parseString("<a x='1'>text<b/><!--c--><![CDATA[<]]></a>")
print(document.toxml(), document.documentElement.getAttribute("x"), document.toprettyxml(indent=" "), sep="\n")


class Content(xml.sax.ContentHandler):
    def startElement(self, name, attributes):
        print("start", name, dict(attributes.items()), self._locator.getLineNumber())

    def characters(self, text):
        print("text", repr(text))


xml.sax.parseString(b"<a k='v'>x<b/>\n</a>", Content())
try:
    xml.sax.parseString(b"<a>", Content())
except xml.sax.SAXParseException as error:
    print(error)
value = {"text": "é<&", "number": 3, "list": [1.5, True, b"bytes", {"k": "v"}]}
print(plistlib.loads(plistlib.dumps(value)) == value)
print(xmlrpc.client.loads(xmlrpc.client.dumps((1, "two", [3.5, None], {"k": 4}), "method", allow_none=True)))
print(pyexpat.EXPAT_VERSION.startswith("expat_"), pyexpat.version_info >= (2, 4), dict(pyexpat.features)["sizeof(XML_Char)"])
