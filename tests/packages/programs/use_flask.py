# SPDX-License-Identifier: MIT
# needs: python3-flask
"""An application with routes, forms, templates, a session, a blueprint and error handlers, asked by its test client."""
import io

from flask import (
    Blueprint,
    Flask,
    abort,
    flash,
    g,
    get_flashed_messages,
    jsonify,
    redirect,
    render_template_string,
    request,
    session,
    stream_with_context,
    url_for,
)

application = Flask(__name__)
application.secret_key = "not secret"
things = Blueprint("things", __name__, url_prefix="/things")


@application.before_request
def count():
    g.count = session.get("count", 0) + 1
    session["count"] = g.count


@application.route("/square/<int:n>", methods=["GET", "POST"])
def square(n):
    return jsonify(square=n * n, arguments=request.args.to_dict(flat=False), form=request.form.to_dict(), count=g.count)


@application.route("/page")
def page():
    flash("once & for all")
    return render_template_string(
        "{% macro item(x) %}<i>{{ x|e }}</i>{% endmacro %}{% for x in range(3) if x != 1 %}{{ item(x) }}{% endfor %}{{ session.count }} {{ get_flashed_messages() }}"
    )


@application.route("/upload", methods=["PUT"])
def upload():
    return {
        "json": request.get_json(silent=True),
        "length": request.content_length,
        "agent": request.headers.get("X-Agent"),
    }


@application.post("/file")
def file():
    given = request.files["data"]
    return f"{given.filename} {given.read()!r} {given.mimetype}", 201, {"X-Made": "yes"}


@application.route("/stream")
def stream():
    return application.response_class(stream_with_context(f"{i};" for i in range(5)), mimetype="text/plain")


@things.route("/<path:name>")
def thing(name):
    if name == "none/such":
        abort(404, description="no such thing")
    if name == "broken":
        raise ZeroDivisionError("broken")
    return redirect(url_for("square", n=3, source=name))


@application.errorhandler(404)
def missing(error):
    return f"missing: {error.description}", 404


@application.errorhandler(ZeroDivisionError)
def broken(error):
    return f"broken: {error}", 500


application.register_blueprint(things)

client = application.test_client()
for answer in [
    client.get("/square/7?a=1&a=2&b="),
    client.post("/square/8", data={"k": "v ü"}),
    client.get("/page"),
    client.put("/upload", json={"a": [1, None]}, headers={"X-Agent": "test"}),
    client.post("/file", data={"data": (io.BytesIO(b"\x00text"), "a.bin")}),
    client.get("/stream"),
    client.get("/things/a/b"),
    client.get("/things/a/b", follow_redirects=True),
    client.get("/things/none/such"),
    client.get("/things/broken"),
    client.delete("/page"),
    client.get("/square/x"),
]:
    print(
        answer.status,
        answer.headers.get("Content-Type"),
        answer.headers.get("Location"),
        sorted(answer.allow or ()),
        answer.get_data(as_text=True)[:200],
    )
with application.test_request_context("/square/2?x=y"):
    print(request.path, request.args["x"], url_for("things.thing", name="é b"), get_flashed_messages())
print(sorted(rule.rule for rule in application.url_map.iter_rules()))
