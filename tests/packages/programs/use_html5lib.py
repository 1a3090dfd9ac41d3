# SPDX-License-Identifier: MIT
# needs: python3-html5lib
"""Parses broken HTML as a browser does, walks the tree and writes it again."""
import xml.etree.ElementTree

import html5lib
from html5lib import serializer, treebuilders, treewalkers

TEXT = """<!DOCTYPE html><title>A &amp; B</title><p>one<p>two<b>bold<i>both</b>italic</i>
<table><tr><td>cell<td>other</tr>stray text<th>head</table><ul><li>a<li>b</ul>
<svg viewBox="0 0 1 1"><path d="M0"/></svg><math><mi>x</mi></math><script>if (a < b) "</p>"</script>
<select><option>1<option selected>2</select><a href=x?a=1&b=2>link<a>nested</a><!-- comment --><img src='a' alt>&notin; &#x80; &unknown;
<form><form><input type=checkbox checked></form></body></html>after"""
tree = html5lib.parse(TEXT, treebuilder="etree", namespaceHTMLElements=False)
print(xml.etree.ElementTree.tostring(tree, encoding="unicode"))
parser = html5lib.HTMLParser(tree=treebuilders.getTreeBuilder("dom"))
document = parser.parse(TEXT)
print(document.toxml())
print([(position, code, sorted(data.items())) for position, code, data in parser.errors])
walker = treewalkers.getTreeWalker("dom")
for options in ({"quote_attr_values": "always"}, {"omit_optional_tags": False, "alphabetical_attributes": True},
                {"inject_meta_charset": False, "strip_whitespace": True, "escape_rcdata": True}):
    print("".join(serializer.HTMLSerializer(**options).serialize(walker(document))))
print(html5lib.serialize(html5lib.parseFragment("<td>x<script>y</script>", container="tr"), sanitize=False))
print([str(token) for token in treewalkers.pprint(walker(document)).splitlines()][:20])
for data in (b"<meta charset=koi8-r>\xd0\xd2", "<p>\ufeffé".encode("utf-8"), b"\xff\xfe<\0p\0>\0"):
    parser = html5lib.HTMLParser()
    print(xml.etree.ElementTree.tostring(parser.parse(data)), parser.documentEncoding)
