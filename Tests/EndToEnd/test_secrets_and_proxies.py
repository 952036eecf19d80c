"""Keys that servers and proxies echo, and the proxies that the environment names."""

import base64
import hashlib
import json
import socket
import threading

from harness import KEY, GraftTest
from scripted import DONE, FIX, message, turn

# What stands behind it is said once the other side has said more.
LATER = b"<later>"
LOGIN = "ann:pa55-w0rd-9c1e"


class Raw:
    """A server that answers each connection with what a function makes of its first bytes."""

    def __init__(self, answer):
        self.answer, self.heads = answer, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                peer, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(peer,), daemon=True).start()

    def talk(self, peer):
        with peer:
            head = b""
            while b"\r\n\r\n" not in head:
                more = peer.recv(65536)
                if not more:
                    return
                head += more
            self.heads.append(head.decode(errors="replace"))
            try:
                first, *rest = self.answer(head.decode(errors="replace")).split(LATER)
                peer.sendall(first)
                for part in rest:
                    peer.recv(65536)
                    peer.sendall(part)
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65536):
                    pass
            except OSError:
                pass

    def stop(self):
        self.listener.close()


def refusal(status, body, kind="application/json"):
    body = body.encode()
    head = f"HTTP/1.1 {status} No\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
    return head.encode() + body


class SecretTest(GraftTest):
    def serve(self, answer):
        server = Raw(answer)
        self.addCleanup(server.stop)
        return server

    def assert_secret(self, process, *secrets):
        """Nothing that graft says or keeps has one of the secrets in it."""
        places = {"stdout": process.stdout, "stderr": process.stderr}
        for file in [*self.state.rglob("*"), process.result_file]:
            if file.is_file():
                places[str(file)] = file.read_text(errors="replace")
        for secret in secrets:
            for place, text in places.items():
                self.assertNotIn(secret, text, place)


class Echoes(SecretTest):
    BASIC = base64.b64encode(f"user:{KEY}".encode()).decode()

    def ways(self, url):
        """All that talks to a server; a refused handshake is asked about over HTTP, which tells the body."""
        repository, http = self.repository(), ("--max-time", "4s", "--transport", "http")
        yield self.begin(repository, "--max-time", "4s", server=url)
        yield self.begin(repository, *http, server=url)
        yield self.begin(repository, *http, server=url, json_view=False)
        yield self.start("ask", "Why?", server=url)
        yield self.start("doctor", "--online", server=url)

    def assert_masked(self, answer, *secrets):
        server = self.serve(answer)
        for process in self.ways(f"http://127.0.0.1:{server.port}/v1"):
            with self.subTest(process.process.args[1]):
                process.end()
                self.assertTrue(server.heads)
                self.assert_secret(process, KEY, *secrets)
                self.assertIn("[API key]", process.stdout + process.stderr)

    def test_a_key_in_a_refusal_is_masked(self):
        text = f"Incorrect API key provided: {KEY}. You can find your API key elsewhere."
        self.assert_masked(lambda _: refusal(401, json.dumps({"error": {"message": text, "code": "invalid_api_key"}})))

    def test_a_key_in_a_page_of_a_proxy_is_masked(self):
        page = f"<html>Bad request: Authorization: Bearer {KEY}, Basic {self.BASIC}</html>"
        self.assert_masked(lambda _: refusal(400, page, "text/html"), self.BASIC, self.BASIC[12:-4])

    def test_a_key_in_a_code_or_a_type_is_masked(self):
        error = {"error": {"message": f"No {KEY}", "code": KEY, "type": KEY, "param": KEY}}
        self.assert_masked(lambda _: refusal(400, json.dumps(error)))

    def test_a_key_in_an_event_is_masked(self):
        failed = {"type": "response.failed", "response": {
            "id": "r", "status": "failed", "error": {"code": "invalid_prompt", "message": f"No {KEY}"}}}
        cut = {"type": "response.incomplete", "response": {
            "id": "r", "status": "incomplete", "incomplete_details": {"reason": f"No {KEY}"}}}
        for name, last in (
            ("error", {"error": {"status": 400, "code": "no", "message": f"No {KEY}"}}),
            ("failed", {"raw_events": [failed]}), ("incomplete", {"raw_events": [cut]}),
        ):
            for flags in ((), ("--transport", "http")):
                with self.subTest(name=name, flags=flags):
                    repository, server = self.repository(name=f"{name}{len(flags)}"), self.simulate(*[last] * 6)
                    process = self.begin(repository, "--max-time", "4s", *flags, server=server).end()
                    self.assertIn(KEY, json.dumps(last))
                    self.assert_secret(process, KEY)

    def test_a_key_in_the_reason_of_a_closed_socket_is_masked(self):
        def close(head):
            key = next(line.split(": ")[1] for line in head.splitlines() if line.lower().startswith("sec-websocket-key"))
            accept = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest())
            reason = (1011).to_bytes(2, "big") + f"bad key {KEY}".encode()
            return (
                b"HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: "
                + accept + b"\r\n\r\n" + LATER + bytes([0x88, len(reason)]) + reason
            )

        server = self.serve(lambda head: close(head) if "websocket" in head.lower() else refusal(400, "No."))
        url = f"http://127.0.0.1:{server.port}/v1"
        process = self.begin(self.repository(), "--max-time", "4s", server=url).end()
        self.assert_secret(process, KEY)
        self.assertIn("bad key [API key]", process.stdout)


class Proxies(SecretTest):
    SERVER = "https://model.invalid/v1"

    def proxy_world(self, port, *names, scheme="http"):
        return {name: f"{scheme}://{LOGIN}@127.0.0.1:{port}" for name in names}

    def assert_named(self, process, port, variable):
        process.end()
        said = process.stdout + process.stderr
        self.assertIn(f"http://127.0.0.1:{port} from {variable}", said, said[-1500:])
        login = base64.b64encode(LOGIN.encode()).decode()
        self.assert_secret(process, LOGIN, LOGIN.partition(":")[2], login)

    def test_a_proxy_that_is_not_there_is_named(self):
        with socket.socket() as holder:
            holder.bind(("127.0.0.1", 0))
            port = holder.getsockname()[1]
            world = self.proxy_world(port, "HTTPS_PROXY")
            for flags in ((), ("--transport", "http")):
                repository = self.repository(name=f"repository{len(flags)}")
                process = self.begin(repository, "--max-time", "5s", *flags, server=self.SERVER, env=world)
                self.assert_named(process, port, "HTTPS_PROXY")
            self.assert_named(self.start("doctor", "--online", server=self.SERVER, env=world), port, "HTTPS_PROXY")

    def test_a_proxy_that_refuses_is_named(self):
        echo = lambda head: refusal(403, f"<html>Not for {head}</html>", "text/html")
        proxy = self.serve(echo)
        world = self.proxy_world(proxy.port, "all_proxy")
        for flags in ((), ("--transport", "http")):
            repository = self.repository(name=f"repository{len(flags)}")
            process = self.begin(repository, "--max-time", "5s", *flags, server=self.SERVER, env=world)
            self.assert_named(process, proxy.port, "all_proxy")
        self.assertTrue(all(head.startswith("CONNECT model.invalid:443") for head in proxy.heads), proxy.heads)

    def test_a_gateway_that_fails_is_named(self):
        proxy = self.serve(lambda head: refusal(502, f"<html>{head}</html>", "text/html"))
        world = self.proxy_world(proxy.port, "http_proxy")
        url = "http://model.invalid/v1"
        flags = ("--max-time", "5s", "--transport", "http")
        process = self.begin(self.repository(), *flags, server=url, env=world)
        self.assert_named(process, proxy.port, "http_proxy")
        self.assertTrue(any(head.startswith("POST http://model.invalid/v1/responses") for head in proxy.heads))

    def test_the_machine_itself_is_reached_without_a_proxy(self):
        proxy = self.serve(lambda _: refusal(502, "No."))
        names = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
        world = self.proxy_world(proxy.port, *names)
        for host in ("127.0.0.1", "localhost"):
            for flags in ((), ("--transport", "http")):
                with self.subTest(host=host, flags=flags):
                    server = self.simulate(FIX, DONE)
                    url, repository = server.url.replace("127.0.0.1", host), self.repository(name=f"{host}{len(flags)}")
                    self.run_graft(repository, 0, *flags, server=url, env=world, verdict="fixed")
        server = self.simulate(turn(message("Because.")))
        self.assertEqual(self.start("ask", "Why?", server=server, env=world).end().stdout, "Because.\n")
        self.assertEqual(proxy.heads, [])

    def test_an_exception_is_reached_without_a_proxy(self):
        world = {**self.proxy_world(9, "https_proxy"), "NO_PROXY": "other.example, .invalid"}
        run = self.start("doctor", "--online", server=self.SERVER, env=world).end()
        self.assertNotIn("through the proxy", run.stdout)
        self.assertIn("none for model.invalid: http://127.0.0.1:9 from https_proxy is for other servers", run.stdout)

    def test_the_doctor_names_the_proxy(self):
        world = self.proxy_world(3128, "HTTPS_PROXY")
        run = self.start("doctor", server=self.SERVER, env=world).end()
        self.assertIn("http://127.0.0.1:3128 from HTTPS_PROXY", run.stdout)
        self.assert_secret(run, LOGIN)
        run = self.start("doctor", server=self.SERVER).end()
        self.assertNotIn("proxy", run.stdout)

    def test_a_proxy_that_carries_no_web_socket_carries_requests(self):
        world = self.proxy_world(9, "HTTPS_PROXY", scheme="socks5h")
        run = self.begin(self.repository(), "--max-time", "5s", server=self.SERVER, env=world).end()
        self.assertNotEqual(run.exit_code, 64, run.stderr)
        self.assertIn("socks5h://127.0.0.1:9 from HTTPS_PROXY", run.stdout)
        self.assert_secret(run, LOGIN)
