# SPDX-License-Identifier: MIT
# needs: python3-tornado
"""A server and its clients in one event loop: requests side by side, a web socket, templates, queues and locks."""
import asyncio
import datetime

import tornado.httpclient
import tornado.httpserver
import tornado.httputil
import tornado.locks
import tornado.queues
import tornado.template
import tornado.testing
import tornado.web
import tornado.websocket


class Double(tornado.web.RequestHandler):
    async def get(self, number):
        await asyncio.sleep(0.001 * (int(number) % 3))
        self.write({"double": 2 * int(number), "extra": self.get_arguments("x")})

    def post(self, number):
        if number == "0":
            raise tornado.web.HTTPError(409, reason="Zero")
        self.set_header("X-Length", str(len(self.request.body)))
        self.finish(self.request.body[::-1])

    def write_error(self, status_code, **given):
        self.finish(f"error {status_code} {self._reason}")


class Echo(tornado.websocket.WebSocketHandler):
    def on_message(self, message):
        binary = isinstance(message, bytes)
        self.write_message(message if binary else message.upper(), binary)


async def produce(queue, lock, made):
    for i in range(5):
        async with lock:
            made.append(i)
        await queue.put(i)


async def main():
    application = tornado.web.Application(
        [(r"/double/(\d+)", Double), (r"/echo", Echo)], log_function=lambda handler: None
    )
    listening, port = tornado.testing.bind_unused_port()
    server = tornado.httpserver.HTTPServer(application)
    server.add_socket(listening)
    client = tornado.httpclient.AsyncHTTPClient()
    base = f"http://127.0.0.1:{port}"
    answers = await asyncio.gather(*[client.fetch(f"{base}/double/{i}?x={i}&x=y") for i in range(20)])
    print([answer.body.decode() for answer in answers])
    answer = await client.fetch(f"{base}/double/3", method="POST", body="abc" * 1000)
    print(answer.code, answer.headers["X-Length"], answer.body[:6])
    for target, body in [("/double/0", "x"), ("/nothing", "x")]:
        try:
            await client.fetch(base + target, method="POST", body=body)
        except tornado.httpclient.HTTPClientError as error:
            print(error, error.response.body)
    socket = await tornado.websocket.websocket_connect(f"ws://127.0.0.1:{port}/echo")
    for message in ["hello", b"\x00\xff", "ü" * 200]:
        await socket.write_message(message, binary=isinstance(message, bytes))
        print(repr(await socket.read_message())[:30])
    socket.close()
    queue, lock, made = tornado.queues.Queue(maxsize=2), tornado.locks.Lock(), []
    tasks = [asyncio.ensure_future(produce(queue, lock, made)) for _ in range(3)]
    print(sorted([await queue.get() for _ in range(15)]), len(made))
    await asyncio.gather(*tasks)
    try:
        await queue.get(timeout=datetime.timedelta(milliseconds=5))
    except tornado.util.TimeoutError as error:
        print(type(error).__name__)
    server.stop()


asyncio.run(main())
page = tornado.template.Template(
    "{% for x in items %}{% if x > 1 %}{{ x }}:{{ escape('<' * x) }} {% else %}- {% end %}{% end %}{% set y = 3 %}{% raw '<b>' %}{{ y }}"
)
print(page.generate(items=[1, 2, 3]))
print(
    tornado.httputil.parse_multipart_form_data.__name__, tornado.httputil.url_concat("http://a/b?c=d", [("e", "f g")])
)
