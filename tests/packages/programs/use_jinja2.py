# SPDX-License-Identifier: MIT
# needs: python3-jinja2
"""Renders templates: inheritance, macros, filters, loops, errors, and an asynchronous one."""
import asyncio

from jinja2 import DictLoader, Environment, StrictUndefined, TemplateSyntaxError, UndefinedError, meta
from jinja2.sandbox import SandboxedEnvironment, SecurityError
from markupsafe import Markup, escape

TEMPLATES = {
    "base.html": "<title>{% block title %}none{% endblock %}</title>\n{% block body required %}{% endblock %}\n{{ self.title() }}\n",
    "macros.html": "{% macro input(name, value='', kind='text') -%}<input name={{ name }} value='{{ value }}' type={{ kind }}>"
                   "{% if caller %}{{ caller(name) }}{% endif %}{{ varargs }}{%- endmacro %}",
    "page.html": """{% extends "base.html" %}{% from "macros.html" import input as field %}
{% block title %}{{ title|upper }}{% endblock %}
{% block body %}
{% for user in users if user.active -%}
  {{ loop.index }}/{{ loop.length }} {{ loop.cycle('odd', 'even') }} {{ user.name|e }} {{ user.mails|join(', ') }}
  {%- if loop.last %} last{% endif %}
{% else %}nobody{% endfor %}
{% call(name) field('search', query, 'search') %}[{{ name }}]{% endcall %}
{% set ns = namespace(total=0) %}{% for n in range(10) %}{% set ns.total = ns.total + n %}{% endfor %}{{ ns.total }}
{{ users|groupby('active')|map('first')|list }} {{ users|sort(attribute='name', reverse=true)|map(attribute='name')|list }}
{{ "%.2f"|format(3.14159) }} {{ [3, 1, 2]|sort|batch(2)|list }} {{ 'a long text to cut off here'|truncate(12) }} {{ 1e3|filesizeformat }}
{{ {'b': 1, 'a': [true, none]}|tojson }} {{ '<b>'|safe }} {{ '<b>' }} {{ 'x'|center(9)|replace(' ', '.') }} {{ title is defined and nothing is undefined }}
{% filter indent(4) %}one
two{% endfilter %}
{% raw %}{{ not this }}{% endraw %}{# nor this #}
{% with a = 1, b = 2 %}{{ a + b }} {{ a ~ b }} {{ a if b > 2 else 'else' }} {{ (1, 2)[-1] }} {{ 7 // 2 ** 1 }}{% endwith %}
{% include ["missing.html", "part.html"] %}
{% endblock %}""",
    "part.html": "part of {{ title }}: {{ lorem|default('no lorem') }}",
    "tree.html": "{% for item in tree recursive %}<{{ item.n }}{% if item.sub %}{{ loop(item.sub) }}{% endif %}:{{ loop.depth }}>{% endfor %}",
}
environment = Environment(loader=DictLoader(TEMPLATES), autoescape=True, trim_blocks=True,
                          extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"])
users = [{"name": name, "active": i % 3 != 0, "mails": [f"{name}{k}@example.org" for k in range(i)]}
         for i, name in enumerate(["ann", "bob", "<carl>", "dora & co", "eve"])]
print(environment.get_template("page.html").render(title="the page", users=users, query='"quoted"'))
print(environment.get_template("tree.html").render(tree=[{"n": 1, "sub": [{"n": 2, "sub": [{"n": 3}]}]}, {"n": 4}]))
print(environment.compile(TEMPLATES["tree.html"], raw=True))
print(sorted(meta.find_undeclared_variables(environment.parse(TEMPLATES["page.html"]))))

for text in ("{% if %}", "{{ a b }}", "{% for x in %}", "{% block a %}{% block a %}", "{{ x|nofilter }}"):
    try:
        environment.from_string(text)
    except TemplateSyntaxError as error:
        print(type(error).__name__, error.message, error.lineno)
try:
    Environment(undefined=StrictUndefined).from_string("line\n{{ missing.attribute }}").render()
except UndefinedError as error:
    frame = error.__traceback__
    while frame.tb_next:
        frame = frame.tb_next
    print(error, frame.tb_frame.f_code.co_filename, frame.tb_lineno)
try:
    print(SandboxedEnvironment().from_string("{{ ''.__class__.mro() }}").render())
except SecurityError as error:
    print(error)


async def numbers(count):
    for number in range(count):
        await asyncio.sleep(0)
        yield number


async def render():
    template = Environment(enable_async=True).from_string("{% for n in numbers(4) %}{{ n }}{{ loop.last }} {% endfor %}")
    return await template.render_async(numbers=numbers)

print(asyncio.run(render()))
print(Markup("<em>%s</em> {}").format("<x>") % "<y>", escape("<'\"&>"), Markup("<p>a &lt; b</p>").striptags(), repr(Markup("a") + "<"))
rows = Environment().from_string("{% for r in rows %}<tr>{% for c in r %}<td>{{ c }}</td>{% endfor %}</tr>{% endfor %}")
print(len(rows.render(rows=[[i * j for j in range(30)] for i in range(400)])))
