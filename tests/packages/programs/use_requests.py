# SPDX-License-Identifier: MIT
# needs: python3-requests
"""A session against a server of the library's http.server in threads of the same process: redirects, cookies, forms, streams."""
import http.server
import json
import threading
import zlib

import requests
from requests.adapters import HTTPAdapter
from urllib3.util.retry import Retry

failures = iter([503, 503, 200])


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def answer(self, code, body=b"", **headers):
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.partition("?")[0]
        if path == "/moved":
            self.answer(302, Location="/cookie", Set_Cookie="seen=yes; Path=/")
        elif path == "/cookie":
            self.answer(200, repr(self.headers.get("Cookie")).encode())
        elif path == "/packed":
            packer = zlib.compressobj(wbits=31)
            self.answer(
                200,
                packer.compress(b"line\n" * 1000) + packer.flush(),
                Content_Encoding="gzip",
                Content_Type="text/plain; charset=utf-8",
            )
        elif path == "/chunks":
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for i in range(4):
                self.wfile.write(b"3\r\nab%d\r\n" % i)
            self.wfile.write(b"0\r\n\r\n")
        elif path == "/busy":
            self.answer(next(failures), b"at last")
        elif path == "/private":
            self.answer(200 if self.headers.get("Authorization") == "Basic YTpi" else 401, WWW_Authenticate="Basic")
        else:
            self.answer(404, json.dumps({"path": self.path}).encode(), Content_Type="application/json")

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.answer(201, body, Content_Type=self.headers["Content-Type"].partition(";")[0])

    def log_message(self, *given):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
base = f"http://127.0.0.1:{server.server_port}"
with requests.Session() as session:
    session.trust_env = False
    session.mount("http://", HTTPAdapter(max_retries=Retry(3, status_forcelist=[503], backoff_factor=0)))
    answer = session.get(base + "/moved")
    print(answer.status_code, answer.text, [r.status_code for r in answer.history], session.cookies.get_dict())
    answer = session.get(base + "/packed", stream=True)
    print(answer.encoding, len(list(answer.iter_lines())), answer.headers["content-encoding"])
    print(session.get(base + "/chunks").content, session.get(base + "/busy").text)
    print(session.get(base + "/private").status_code, session.get(base + "/private", auth=("a", "b")).ok)
    answer = session.get(base + "/no where", params={"a": [1, 2], "ü": "x y"})
    print(answer.json(), answer.url.removeprefix(base), answer.reason)
    try:
        answer.raise_for_status()
    except requests.HTTPError as error:
        print(str(error).replace(base, "BASE"))
    print(session.post(base + "/x", data={"k": "v w"}).text, session.post(base + "/x", json=[1, None]).json())
    sent = session.post(base + "/x", files={"f": ("n.txt", b"data", "text/plain")})
    print(sent.status_code, sent.headers["Content-Type"], b'filename="n.txt"' in sent.content)
    answers = []
    threads = [
        threading.Thread(target=lambda i=i: answers.append(session.post(base + "/x", data={"i": i}).text))
        for i in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(sorted(answers))
server.shutdown()
for address in ["no scheme", "http://", "ftp://x"]:
    try:
        requests.get(address)
    except requests.RequestException as error:
        print(type(error).__name__, error)
