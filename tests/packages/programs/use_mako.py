# SPDX-License-Identifier: MIT
# needs: python3-mako
"""Renders templates with definitions, inheritance, Python blocks and an error page."""
from mako import exceptions
from mako.lookup import TemplateLookup
from mako.template import Template

lookup = TemplateLookup(default_filters=["str", "h"])
lookup.put_string("base", """<%! import math %>\\
<html><%block name="head">no head</%block>
${self.body()}
${self.place()}
</html>""")
lookup.put_string("page", """<%inherit file="base"/><%namespace name="tools" file="tools"/>\\
<%def name="place()">page of ${math_name}</%def>\\
<%block name="head">${title | u,trim}</%block>
<% squares = [n * n for n in range(6)]
total = sum(squares) %>
% for i, n in enumerate(squares):
    % if n % 2:
        <%text>${raw}</%text> ${n} ${loop.index} ${loop.even} ## a comment
    % elif n == 16:
<% break %>
    % else:
${"<even>"} ${n}\\
    % endif
% endfor
total=${total} ${tools.wrap("x")} <%tools:box color="red">in ${title} the box</%tools:box>
%% not a line of control
<%doc>nothing of this</%doc>""")
lookup.put_string("tools", """<%def name="wrap(text, n=3)">${"[" * n | n}${text}${"]" * n | n}</%def>\\
<%def name="box(color)"><div class="${color}">${caller.body()}</div></%def>""")
print(lookup.get_template("page").render(title=" a title & more ", math_name="mako"))
print(sorted(lookup.get_template("page").code.partition("def render_body")[2].partition(" __M_locals_builtin_stored")[0].splitlines()))
print(Template("% for r in rows:\n<tr>\\\n% for c in r:\n<td>${c}</td>\\\n% endfor\n</tr>\n% endfor").render(
    rows=[[i + j for j in range(5)] for i in range(5)]))
for text in ("${1 +}", "% if x:\n", "<%def>", "<%foo:bar", "% end\n"):
    try:
        Template(text)
    except (exceptions.CompileException, exceptions.SyntaxException, NameError) as error:
        print(type(error).__name__, error)
try:
    Template("one\n${1 / zero}\n").render(zero=0)
except ZeroDivisionError:
    print(exceptions.text_error_template().render().splitlines()[-2:])
