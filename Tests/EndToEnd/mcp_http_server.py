"""A server of the older kind behind HTTP, with sessions: mcp_http_server.py MODE LOG. Prints its port."""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MODE, LOG = sys.argv[1:3]
sessions, calls = [], []


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def note(self, what):
        with open(LOG, "a") as file:
            file.write(json.dumps({"what": what, "method": self.command, "headers": dict(self.headers)}) + "\n")

    def answer(self, status, body=b"", kind="application/json", **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self, events):
        """Server-sent events, and the end of the connection."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        for event in events:
            self.wfile.write(event.encode())
        self.close_connection = True

    def do_DELETE(self):
        self.note("end")
        self.answer(200)

    def do_GET(self):
        self.note("listen")
        if MODE == "cut" and self.headers.get("Last-Event-ID") == "7":
            result = {"content": [{"type": "text", "text": "after the cut"}]}
            message = json.dumps({"jsonrpc": "2.0", "id": calls[-1], "result": result})
            return self.stream([f"id: 8\ndata: {message}\n\n"])
        self.answer(405)

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        method, identity = message.get("method"), message.get("id")
        self.note(method)
        if MODE == "token" and self.headers.get("Authorization") != "Bearer open-sesame-4711":
            return self.answer(401, b"who are you?", "text/plain")
        if self.headers.get("MCP-Protocol-Version") == "2026-07-28":
            return self.answer(400, b'{"error": "unsupported"}')
        if method == "initialize":
            sessions.append(f"session-{len(sessions) + 1}")
            result = {"protocolVersion": message["params"]["protocolVersion"], "capabilities": {"tools": {}},
                      "serverInfo": {"name": "older", "version": "1"}}
            body = json.dumps({"jsonrpc": "2.0", "id": identity, "result": result}).encode()
            return self.answer(200, body, Mcp_Session_Id=sessions[-1])
        if self.headers.get("Mcp-Session-Id") != sessions[-1] or sessions[-1] == "forgotten":
            return self.answer(404, b"no such session", "text/plain")
        if identity is None:
            return self.answer(202)
        if method == "tools/list":
            result = {"tools": [{"name": "say", "inputSchema": {"type": "object"}}]}
            message = json.dumps({"jsonrpc": "2.0", "id": identity, "result": result})
            return self.stream([": a comment\n\n", f"event: message\ndata: {message}\n\n"])
        calls.append(identity)
        if MODE == "forgets" and len(calls) == 1:
            sessions.append("forgotten")
            return self.answer(404, b"no such session", "text/plain")
        if MODE == "cut":
            return self.stream(["id: 7\ndata: \n\n"])
        if MODE == "breaks":
            return self.answer(500, b"<html>oops</html>", "text/html")
        if MODE == "page":
            return self.answer(200, b"<html>hello</html>", "text/html")
        result = {"content": [{"type": "text", "text": f"call {len(calls)} of {sessions[-1]}"}]}
        self.answer(200, json.dumps({"jsonrpc": "2.0", "id": identity, "result": result}).encode())


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
