# SPDX-License-Identifier: MIT
# needs: python3-markdown
"""Renders a text with every extension of the package."""
import markdown

TEXT = """
# A title #

Some *text* with **strong**, `code <b>`, [a link](https://example.org "title"), ![picture](a.png), <https://auto.link>, a\\*b
and a line  
broken. [reference][ref] & &copy; <span class="x">*inline*</span> H~2~O.

[ref]: http://example.com/a?b&c (The reference)

Second title
------------

* one
* two

    with a paragraph

    1. sub
    2. list

> quotation
> > nested

    code block <&>

***

| a | b  |  c |
|:--|:--:|---:|
| 1 | `2` | *3* |

```python
def f(x):
    return x  # fenced
```

Term
:   Definition with a footnote[^1].

[^1]: The footnote.

*[HTML]: Hyper Text Markup Language
HTML is abbreviated. "Quotes" -- and --- dashes...

!!! note "Attention"
    An admonition.

### With attributes { #id .class key=value }

<div markdown="1">
*inside html*
</div>

[TOC]

[[Wiki Link]]
"""
print(markdown.markdown(TEXT))
full = markdown.Markdown(extensions=["extra", "admonition", "codehilite", "meta", "nl2br", "sane_lists", "smarty", "toc", "wikilinks"],
                         output_format="html")
print(full.convert(TEXT))
print(full.toc, full.toc_tokens)
print(full.reset().convert("Title: meta\nKeys: one\n  two\n\nbody"), full.Meta)
print(len(markdown.markdown("\n\n".join(f"{'#' * (i % 6 + 1)} h{i}\n\n*a* `b` [c]({i}) _d_ " * 3 for i in range(150)))))
