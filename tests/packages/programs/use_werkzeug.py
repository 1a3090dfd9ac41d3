# SPDX-License-Identifier: MIT
# needs: python3-werkzeug
"""Routes requests through a WSGI application, without a network."""
import io
import re

from werkzeug.datastructures import Headers, MultiDict
from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.http import dump_cookie, http_date, parse_accept_header, parse_cookie, parse_options_header, parse_range_header
from werkzeug.routing import Map, Rule, Submount
from werkzeug.test import Client, EnvironBuilder
from werkzeug.urls import url_encode, url_parse, url_quote
from werkzeug.wrappers import Request, Response

routes = Map([
    Rule("/", endpoint="index"), Rule("/user/<name>", endpoint="user", methods=["GET", "POST"]), Rule("/post/<int(min=1):number>/", endpoint="post"),
    Rule("/files/<path:path>", endpoint="files"), Rule("/float/<float:x>", endpoint="number"), Rule("/<any(red, green):colour>", endpoint="colour"),
    Submount("/blog", [Rule("/", endpoint="blog"), Rule("/<uuid:key>", endpoint="entry")]),
])


@Request.application
def application(request):
    adapter = routes.bind_to_environ(request.environ)
    try:
        endpoint, values = adapter.match()
        if endpoint == "files" and values["path"] == "none":
            raise NotFound("no such file")
        text = f"{endpoint} {values} {request.method} {dict(request.args)} {dict(request.form)} {sorted((k, f.read()) for k, f in request.files.items())} {dict(request.cookies)}"
        response = Response(text, mimetype="text/plain", headers={"X-Thing": "a"})
        response.set_cookie("key", "valüe", max_age=10, httponly=True, samesite="Lax")
        response.set_etag("tag")
        return response.make_conditional(request)
    except HTTPException as error:
        return error


client = Client(application)
for path, options in (("/", {}), ("/user/Ann?a=1&b=%C3%A9&a=2", {}), ("/user/Bob", {"method": "POST", "data": {"x": "1", "file": (io.BytesIO(b"content"), "f.txt")}}), ("/post/3", {}), ("/post/0/", {}),
                      ("/files/a/b/c.txt", {"headers": {"If-None-Match": '"tag"'}}), ("/files/none", {}), ("/float/2.5", {"method": "PUT"}), ("/green", {}), ("/blue", {}), ("/blog/6f1f5d8c-9d3f-4c53-8d3c-0a3f7a8e2b11", {})):
    answer = client.open(path, **options)
    print(path, answer.status, [(k, re.sub("Expires=[^;]*", "Expires=T", v)) for k, v in answer.headers if k != "Date"], answer.get_data(as_text=True))
adapter = routes.bind("example.org")
print(adapter.build("user", {"name": "a b/c", "extra": 1}), adapter.build("post", {"number": 5}, force_external=True), sorted(adapter.allowed_methods("/user/x")))
for build in (lambda: adapter.build("nothing"), lambda: adapter.build("post", {}), lambda: adapter.match("/nowhere")):
    try:
        print(build())
    except Exception as error:
        print(type(error).__name__, error)
print(parse_accept_header("text/html,application/xml;q=0.9,*/*;q=0.8"), parse_options_header('form-data; name="x"; filename="a\\"b"'), parse_range_header("bytes=0-9,20-").ranges, parse_cookie("a=b; c=\"d e\""))
print(dump_cookie("k", "v w", path="/x", secure=True), http_date(0), url_parse("http://u:p@h:8/p?q#f"), url_quote("é/ &"), url_encode({"a": [1, "ä"]}), MultiDict([("a", 1), ("a", 2)]).getlist("a"))
builder = EnvironBuilder("/p", query_string={"q": "x"}, json={"a": [1, None]})
print(Request(builder.get_environ()).get_json(), Headers([("A", "b"), ("a", "c")]).getlist("A"), repr(Headers({"X": "y"})))
print(sum(routes.bind("h").match(f"/post/{i}/")[1]["number"] for i in range(1, 800)))
