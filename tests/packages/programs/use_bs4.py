# SPDX-License-Identifier: MIT
# needs: python3-bs4
"""Finds, changes and prints what is in a page."""
import re

from bs4 import BeautifulSoup, Comment, SoupStrainer
from bs4.dammit import EntitySubstitution, UnicodeDammit

TEXT = """<html><head><title>The Dormouse's story</title></head><body>
<p class="title big"><b>The Dormouse's story</b></p>
<p class="story">Once upon a time there were three sisters:
<a href="http://example.com/elsie" class="sister" id="link1">Elsie</a>,
<a href="http://example.com/lacie" class="sister" id="link2">Lacie</a> and
<a href="http://example.com/tillie" class="sister" id="link3">Tillie</a>;<!-- a comment --> &eacute; &lt;</p>
<ul><li>1<li>2<ul><li>2.1</ul></ul><br><table><tr><td>a</td><td data-x='1'>b</td></tr></table></body>"""
soup = BeautifulSoup(TEXT, "html.parser")
print(soup.prettify())
print(soup.title.string, soup.p["class"], soup.find(id="link3"), [a["href"] for a in soup.find_all("a")])
print(soup.find_all(["b", re.compile("^t[dr]")]), soup.find_all(class_="sister", limit=2), soup.find(string=re.compile("sisters")))
print(soup.find_all(lambda tag: tag.has_attr("id") and not tag.get("data")), soup.find_all(string=lambda s: isinstance(s, Comment)))
for selector in ("p.story > a:nth-of-type(2)", "a[href$=tillie], b", "li:has(> ul)", "td:not([data-x])", "#link1 ~ a", "p:is(.title, .none) b",
                 "a[class~=sister]:last-child", "body > *:empty", "li:-soup-contains('2.1')"):
    print(selector, soup.select(selector))
print([type(x).__name__ for x in soup.body.children], list(soup.stripped_strings), soup.get_text("|", strip=True))
link = soup.find(id="link2")
print(link.previous_sibling, link.next_sibling, link.parent.name, [p.name for p in link.parents], link.find_next_siblings("a"))
link.string = "Changed & more"
link["class"] = ["a", "b"]
del link["id"]
soup.b.wrap(soup.new_tag("i", attrs={"lang": "en"}))
soup.ul.insert_after(soup.new_string("inserted"))
soup.find(id="link1").replace_with("gone")
soup.table.decompose()
soup.ul.li.unwrap()
print(soup.body.encode_contents(formatter="html").decode(), soup.decode(formatter=None)[:80], soup.smooth())
print(BeautifulSoup(TEXT, "html.parser", parse_only=SoupStrainer("a")), BeautifulSoup("<a><b></a></b>", "html5lib"))
print(UnicodeDammit("Привет, как дела".encode("koi8-r"), ["koi8-r"]).unicode_markup, EntitySubstitution.substitute_html("<é&>"))
big = BeautifulSoup("<div>" + "".join(f"<p class='c{i % 7}' id=i{i}>text <b>{i}</b></p>" for i in range(700)) + "</div>", "html.parser")
print(len(big.select("p.c3 > b")), sum(int(b.string) for b in big.find_all("b")), len(str(big)))
