# SPDX-License-Identifier: MIT
# needs: python3-mistune python3-commonmark python3-markdown-it
"""One text by three renderers of Markdown."""
import commonmark
import markdown_it
import mistune
from markdown_it import MarkdownIt

TEXT = """Title
=====

A *paragraph* with **strong _nested_**, `code`, <b>html</b>, [link](/url "t"), ![img](a.png), [ref][r], <http://auto.x>, ~~struck~~,
hard\\
break & &amp; &copy; \\* escaped. Footnote[^1]. https://bare.example.org

[r]: <http://example.com> 'Title'
[^1]: note

1. one
2. two
   - sub

     para
3) other

> quote
lazy

```js {x}
let a = "<";
```

    indented

<div>
*raw*
</div>

| a | b |
|---|:-:|
| 1 | 2 |

- [x] done
- [ ] open

* * *
###### six
"""
print(mistune.html(TEXT))
print(mistune.create_markdown(renderer="ast")(TEXT))
print(mistune.create_markdown(plugins=["strikethrough", "footnotes", "table", "task_lists", "url", "def_list", "abbr"])(TEXT))
print(commonmark.commonmark(TEXT))
print(commonmark.dumpAST(commonmark.Parser().parse("# a\n\n*b* [c](d)")))
parser = MarkdownIt("commonmark", {"html": True, "typographer": True}).enable(["table", "strikethrough", "replacements", "smartquotes"])
print(parser.render(TEXT))
print([(t.type, t.tag, t.nesting, t.map, t.content) for t in parser.parse(TEXT)])
long = "\n\n".join(f"{'#' * (i % 6 + 1)} h{i}\n\n*a* `b` [c]({i}) _d_\n\n* x\n* y" for i in range(120))
print(len(mistune.html(long)), len(commonmark.commonmark(long)), len(markdown_it.MarkdownIt().render(long)))
