# SPDX-License-Identifier: MIT
# needs: python3-django
"""A site of three pages without a data base: settings, routes, templates, forms, sessions in signed cookies, the test client."""
import datetime

import django
from django.conf import settings

settings.configure(
    DEBUG=False,
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    SECRET_KEY="not secret",
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates"}],
    INSTALLED_APPS=["django.contrib.humanize", "django.contrib.sessions"],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies",
    USE_TZ=True,
    TIME_ZONE="Europe/Berlin",
)
django.setup()

from django import forms
from django.core import serializers, signing, validators
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, JsonResponse
from django.template import Context, Template
from django.test import Client
from django.urls import path, re_path, reverse
from django.utils import dateparse, html, text, timezone

PAGE = Template(
    """{% load humanize %}<h1>{{ name|title }}</h1>{% for n in numbers %}{% cycle 'odd' 'even' as row silent %}
{{ forloop.counter }}/{{ forloop.revcounter0 }} {{ row }} {{ n|intcomma }} {{ n|filesizeformat }}{% empty %}none{% endfor %}
{% with total=numbers|length %}{{ total }} number{{ total|pluralize }}{% endwith %} {{ markup }} {{ markup|striptags }} {{ when|date:"D d M Y H:i" }}
{% if name == "ada" and not numbers %}nobody{% elif numbers %}{{ numbers|join:", " }}{% endif %}"""
)


class Entry(forms.Form):
    name = forms.CharField(max_length=8, validators=[validators.RegexValidator(r"^\w+$")])
    age = forms.IntegerField(min_value=3, required=False)
    mail = forms.EmailField()
    colour = forms.ChoiceField(choices=[("r", "red"), ("g", "green")], widget=forms.RadioSelect)
    when = forms.DateField(required=False)

    def clean_name(self):
        if self.cleaned_data["name"] == "root":
            raise ValidationError("not %(name)s", params={"name": "root"})
        return self.cleaned_data["name"].lower()


def page(request, name):
    when = timezone.localtime(datetime.datetime(2024, 2, 29, 22, 5, tzinfo=datetime.timezone.utc))
    request.session["visits"] = request.session.get("visits", 0) + 1
    return HttpResponse(
        PAGE.render(Context({"name": name, "numbers": [1, 2048, 10**9], "markup": "<b>&</b>", "when": when}))
    )


def entry(request):
    form = Entry(request.POST)
    return JsonResponse(
        {
            "valid": form.is_valid(),
            "errors": form.errors.get_json_data(),
            "data": {k: str(v) for k, v in form.cleaned_data.items()},
        }
    )


def visits(request, number):
    if int(number) > 99:
        raise Http404("too many")
    return JsonResponse({"visits": request.session.get("visits"), "number": number})


urlpatterns = [
    path("page/<slug:name>/", page, name="page"),
    path("entry", entry),
    re_path(r"^visits/(?P<number>[0-9]+)$", visits),
]

client = Client()
for name in ["ada", "bob-2"]:
    answer = client.get(reverse("page", args=[name]))
    print(answer.status_code, answer["Content-Type"], answer.content.decode())
for target in ["/visits/7", "/visits/100", "/nothing", "/page/ada"]:
    answer = client.get(target)
    print(target, answer.status_code, answer.headers.get("Location"), answer.content.decode()[:60])
for data in [
    {"name": "Ada", "mail": "a@b.org", "colour": "r", "age": "36", "when": "1815-12-10"},
    {"name": "root", "mail": "nobody", "colour": "x", "age": "2", "when": "today"},
    {},
]:
    print(client.post("/entry", data).json())
print(Entry({"name": "x y"}).as_p())
print(
    signing.loads(signing.dumps({"a": [1, 2]}, key="k"), key="k"),
    text.slugify("Été à Paris!"),
    html.urlize("see www.example.org now"),
    text.Truncator("one two three four").words(2),
)
print(
    dateparse.parse_duration("3 days, 04:05:06.7"),
    dateparse.parse_datetime("2020-01-02T03:04:05Z"),
    serializers.get_serializer_formats(),
)
try:
    Template("{% for x in %}{% endfor %}")
except Exception as error:
    print(type(error).__name__, error)
