# SPDX-License-Identifier: MIT
"""The report's document: blocks, cells with estimates, and the writers for HTML and Markdown.

A document is a list of sections, each a list of blocks (text, table, picture, list, code); two
small writers turn the blocks into HTML and Markdown. Nothing here knows what is measured.
"""

import html
import re

from . import stats
from .words import interval, number


class Text:
    """A paragraph; `code` and **bold** as in Markdown."""

    def __init__(self, text, kind="p"):
        self.text = text
        self.kind = kind


class Table:
    """Cells are texts, or (text, tone) with tone from -1 (bad, red) to 1 (good, green)."""

    def __init__(self, columns, rows, footer=None, note=None):
        self.columns = columns
        self.rows = rows
        self.footer = footer
        self.note = note


class Picture:
    def __init__(self, name, svg, caption):
        self.name = name
        self.svg = svg
        self.caption = caption


class Code:
    def __init__(self, text):
        self.text = text


class Folded:
    """Blocks behind a heading that has to be opened (HTML), or following it (Markdown)."""

    def __init__(self, title, blocks):
        self.title = title
        self.blocks = blocks


class Section:
    def __init__(self, name, title, blocks):
        self.name = name
        self.title = title
        self.blocks = blocks


# ---- cells ---------------------------------------------------------------------------------------

def cell(estimate, higher_is_better=False, reference=1.0):
    """A ratio with its interval, coloured by how far it is from 1 if that is certain."""
    if estimate is None:
        return "–"
    text = "%s %s" % (number(estimate.value), interval(estimate))
    if estimate.includes(1.0) or not estimate.has_interval:
        return (text, 0.0)
    away = estimate.value / reference
    tone = max(-1.0, min(1.0, 1.4 * (away - 1.0 if away > 1.0 else 1.0 - 1.0 / away)))
    return (text, tone if higher_is_better else -tone)


def plain_cell(estimate, unit=""):
    if estimate is None:
        return "–"
    return "%s%s %s" % (number(estimate.value), unit, interval(estimate))


def seconds(estimate):
    if estimate is None:
        return "–"
    scaled = stats.Estimate(estimate.value * 1e3,
                            estimate.low * 1e3 if estimate.has_interval else None,
                            estimate.high * 1e3 if estimate.has_interval else None,
                            estimate.launches)
    return plain_cell(scaled, " ms")


# ---- Markdown ------------------------------------------------------------------------------------

def markdown(title, subtitle, sections):
    lines = ["# " + title, "", subtitle, ""]
    for section in sections:
        lines += ["## " + section.title, ""]
        for block in section.blocks:
            lines += markdown_block(block)
    return "\n".join(lines)


def markdown_block(block):
    if isinstance(block, Text):
        return [("> " if block.kind in ("note", "warning") else "") + block.text, ""]
    if isinstance(block, Code):
        return ["    " + block.text, ""]
    if isinstance(block, Picture):
        return ["![%s](plots/%s.png)" % (block.caption, block.name), ""]
    if isinstance(block, Folded):
        lines = ["### " + block.title, ""]
        for inner in block.blocks:
            lines += markdown_block(inner)
        return lines
    lines = [block.note, ""] if block.note else []
    lines.append("| " + " | ".join(block.columns) + " |")
    lines.append("|" + "|".join(["---"] + ["---:"] * (len(block.columns) - 1)) + "|")
    for row in block.rows + ([block.footer] if block.footer else []):
        texts = [item[0] if isinstance(item, tuple) else item for item in row]
        lines.append("| " + " | ".join(text.replace("|", "\\|") for text in texts) + " |")
    return lines + [""]


# ---- HTML ----------------------------------------------------------------------------------------

STYLE = """
:root { --back: #fbfbfd; --card: #ffffff; --text: #22262f; --soft: #5d6473; --line: #d5d9e2;
  --accent: #2f5fb3; --good: 47,158,119; --bad: 204,68,102; --warn: #fdf3dc; --warnline: #e0b04a; }
@media (prefers-color-scheme: dark) { :root { --back: #15171c; --card: #1d2027; --text: #e4e7ee;
  --soft: #9aa2b3; --line: #363b47; --accent: #86aef0; --good: 70,190,145; --bad: 230,95,130;
  --warn: #33290f; --warnline: #a37c25; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
header, main { max-width: 1060px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 34px; }
h1 { font-size: 1.15rem; color: var(--soft); font-weight: 600; margin: 0 0 4px;
  letter-spacing: .01em; }
h2 { font-size: 1.35rem; margin: 0 0 12px; }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 10px 0 18px; font-size: .9rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
  padding: 22px 24px; margin: 0 0 20px; }
p { margin: 0 0 12px; max-width: 78ch; }
p.lead { font-size: 1.22rem; line-height: 1.45; max-width: none; }
p.note { color: var(--soft); font-size: .92rem; }
p.warning { background: var(--warn); border-left: 4px solid var(--warnline); padding: 8px 12px;
  border-radius: 4px; max-width: none; }
code { font: .9em ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
p code, td code { background: color-mix(in srgb, var(--line) 45%, transparent); padding: 1px 4px;
  border-radius: 4px; }
pre { background: color-mix(in srgb, var(--line) 35%, transparent); padding: 12px 14px;
  border-radius: 6px; overflow-x: auto; }
.scroll { overflow-x: auto; margin: 0 0 16px; }
table { border-collapse: collapse; font-size: .86rem; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; text-align: right; white-space: nowrap;
  border-bottom: 1px solid var(--line); }
th { color: var(--soft); font-weight: 600; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; position: sticky; left: 0;
  background: var(--card); }
td.words { text-align: left; white-space: normal; min-width: 16em; }
tfoot td { font-weight: 600; border-bottom: none; }
td small { color: var(--soft); font-size: .85em; }
figure { margin: 0 0 18px; } figure svg { width: 100%; height: auto; display: block; }
figure svg text { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif
  !important; }
figcaption { color: var(--soft); font-size: .86rem; }
details { border-top: 1px solid var(--line); padding: 8px 0; }
summary { cursor: pointer; font-weight: 600; } details[open] summary { margin-bottom: 10px; }
@media print { section { break-inside: avoid; } }
"""


def rich(text):
    """Escaped text with `code` and **bold** turned into elements."""
    text = html.escape(text, quote=False)
    text = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", text)
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", text)


def page(title, subtitle, sections):
    parts = ["<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
             '<meta name="viewport" content="width=device-width, initial-scale=1">',
             '<meta name="color-scheme" content="light dark">',
             "<title>%s</title>" % html.escape(title), "<style>%s</style></head><body>" % STYLE,
             "<header><h1>%s</h1><p class=note>%s</p><nav>" % (html.escape(title), rich(subtitle))]
    parts += ['<a href="#%s">%s</a>' % (section.name, html.escape(section.title.split(":")[-1]
                                                                  .strip().capitalize()
                                                                  if ":" in section.title
                                                                  else section.title))
              for section in sections]
    parts.append("</nav></header><main>")
    for section in sections:
        parts.append('<section id="%s"><h2>%s</h2>' % (section.name, html.escape(section.title)))
        parts += [html_block(block) for block in section.blocks]
        parts.append("</section>")
    parts.append("</main></body></html>\n")
    return "\n".join(parts)


def html_block(block):
    if isinstance(block, Text):
        return "<p class=%s>%s</p>" % (block.kind, rich(block.text))
    if isinstance(block, Code):
        return "<pre><code>%s</code></pre>" % html.escape(block.text)
    if isinstance(block, Picture):
        return '<figure role="img" aria-label="%s">%s<figcaption>%s</figcaption></figure>' % (
            html.escape(block.caption), block.svg, html.escape(block.caption))
    if isinstance(block, Folded):
        return "<details><summary>%s</summary>%s</details>" % (
            html.escape(block.title), "\n".join(html_block(inner) for inner in block.blocks))
    lines = ["<p>%s</p>" % rich(block.note)] if block.note else []
    lines.append('<div class="scroll"><table><thead><tr>%s</tr></thead><tbody>' % "".join(
        "<th>%s</th>" % rich(name) for name in block.columns))
    lines += ["<tr>%s</tr>" % "".join(html_cell(item) for item in row) for row in block.rows]
    lines.append("</tbody>")
    if block.footer:
        lines.append("<tfoot><tr>%s</tr></tfoot>" % "".join(map(html_cell, block.footer)))
    return "\n".join(lines) + "</table></div>"


def html_cell(item):
    text, tone = item if isinstance(item, tuple) else (item, None)
    attribute = ""
    if tone:
        colour = "good" if tone > 0 else "bad"
        attribute = ' style="background: rgba(var(--%s),%.2f)"' % (colour, 0.08 + 0.42 * abs(tone))
    elif tone is None and len(text) > 28 and "[" not in text and not text.endswith(")"):
        attribute = ' class="words"'
    shown = re.sub(r"(\[[^\]]*\]|\(n = \d+\))$", r"<small>\1</small>", rich(text))
    return "<td%s>%s</td>" % (attribute, shown)
