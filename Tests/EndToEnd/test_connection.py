"""What graft does when the line to the server is bad: certificates, outages, and nonsense on the way."""

import shutil
import socket
import ssl
import subprocess
import threading
import unittest

from harness import GraftTest, wait_until
from scripted import DONE, FIX, shell, turn


class Relay:
    """Passes connections on to a simulator, with TLS if there is a certificate; can be away for a while."""

    def __init__(self, target, context=None):
        self.target, self.context, self.open = target, context, set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            if self.context:
                client = self.context.wrap_socket(client, server_side=True)
            server = socket.create_connection(("127.0.0.1", self.target))
        except OSError:
            return client.close()
        with client, server:
            self.open |= {client, server}
            back = threading.Thread(target=self.pump, args=(client, server), daemon=True)
            back.start()
            self.pump(server, client)
            back.join()
            self.open -= {client, server}

    def pump(self, source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        self.cut(source, sink)

    @staticmethod
    def cut(*ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def leave(self):
        """Refuses connections, and cuts those that there are."""
        self.cut(self.listener, *self.open)
        self.listener.close()

    def come_back(self):
        self.listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()


@unittest.skipUnless(shutil.which("openssl"), "needs openssl")
class Certificates(GraftTest):
    def certificate(self, name, days="2"):
        folder = self.root / "certificates"
        folder.mkdir(exist_ok=True)
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
             days, "-subj", "/CN=test", "-addext", f"subjectAltName={name}", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return certificate, context

    def fix_over_tls(self, exit_code, name, flags, trusts=True):
        certificate, context = self.certificate(name)
        server, repository = self.simulate(FIX, DONE), self.repository()
        relay = Relay(server.port, context)
        self.addCleanup(relay.leave)
        run = self.run_graft(
            repository, exit_code, *flags, server=f"https://localhost:{relay.port}/v1",
            env={"SSL_CERT_FILE": str(certificate)} if trusts else {})
        return run, server

    def test_a_private_authority_is_believed_where_it_is_named(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                _, server = self.fix_over_tls(0, "DNS:localhost", flags)
                roads = {line["transport"] for line in server.lines("request") if "body" in line}
                self.assertEqual(roads, {"http" if flags else "websocket"})

    def test_a_certificate_that_nobody_vouches_for_ends_the_run(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                run, server = self.fix_over_tls(20, "DNS:localhost", flags, trusts=False)
                self.assert_clear(run, "TLS", "SSL_CERT_FILE")
                self.assertEqual(server.requests, [])
                self.assertLess(run.seconds, 30)

    def test_a_certificate_for_another_name_ends_the_run(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                run, server = self.fix_over_tls(20, "DNS:elsewhere.example", flags)
                self.assert_clear(run, "TLS")
                self.assertEqual(server.requests, [])


class Outages(GraftTest):
    def test_a_network_that_goes_and_comes_back_in_a_response_is_waited_for(self):
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                # What a command did twice would show.
                act = turn(shell("echo once >> log.txt"))
                server = self.simulate(act, {**FIX, "delay_ms": 700}, DONE)
                relay, repository = Relay(server.port), self.repository()
                self.addCleanup(relay.leave)
                run = self.begin(repository, *flags, server=f"http://127.0.0.1:{relay.port}/v1")
                wait_until(lambda: len(server.requests) == 2, "the second request")
                relay.leave()
                run.wait_for("notice", lambda event: "trying again" in event["message"])
                relay.come_back()
                self.finish(run, repository, 0, "fixed")
                self.assert_branch_has(repository, "log.txt", "once")
                self.assertEqual(server.violations, [])

    def test_a_server_that_comes_late_is_waited_for(self):
        server = self.simulate(FIX, DONE)
        relay, repository = Relay(server.port), self.repository()
        relay.leave()
        run = self.begin(repository, server=f"http://127.0.0.1:{relay.port}/v1")
        run.wait_for("notice", lambda event: "trying again" in event["message"])
        relay.come_back()
        self.addCleanup(relay.leave)
        self.finish(run, repository, 0, "fixed")


class Oddities(GraftTest):
    """A few faults of the wire as a user meets them; the whole table is in Swift."""

    def test_a_call_of_another_response_is_not_run(self):
        stray = {"type": "response.output_item.done", "output_index": 0, "item": {
            "type": "shell_call", "id": "sh_x", "call_id": "call_x", "status": "completed",
            "action": {"commands": ["touch stray.txt"]}, "environment": {"type": "local"}}}
        server = self.simulate(FIX, {**turn(shell("true")), "wire": [{"at": 0, "before": [stray]}]}, DONE)
        run = self.run_graft(self.repository(), 0, server=server, verdict="fixed")
        self.assertEqual([item["command"] for item in run.items("command_execution")], ["true"])
        self.assertEqual(server.violations, [])

    def test_every_event_twice_runs_each_command_once(self):
        twice = {"wire": [{"at": "every", "copies": 2}]}
        for flags in ((), ("--transport", "http")):
            with self.subTest(flags):
                self.setUp()
                server = self.simulate({**turn(shell("echo once >> log.txt")), **twice}, {**FIX, **twice}, DONE)
                repository = self.repository()
                self.run_graft(repository, 0, *flags, server=server, verdict="fixed")
                self.assert_branch_has(repository, "log.txt", "once")

    def test_policies_and_money_are_named_and_not_tried_again(self):
        for code, words in (("billing_hard_limit_reached", "does not pay"), ("content_policy_violation", "policy")):
            with self.subTest(code):
                self.setUp()
                server = self.simulate({"error": {"status": 400, "code": code, "message": "You may not."}})
                run = self.run_graft(self.repository(), 20, server=server, verdict="provider")
                self.assert_clear(run, words, "You may not")
                self.assertEqual(len(server.requests), 1)

    def test_a_page_instead_of_an_answer_is_told_by_its_title(self):
        page = "HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html><title>Blocked by Acme</title><b>x"
        server = self.simulate({"http_answer": page})
        run = self.run_graft(self.repository(), 21, "--transport", "http", server=server)
        self.assert_clear(run, "Blocked by Acme")
        self.assertNotIn("<", run.stderr)

    def test_a_server_may_be_warmed_up(self):
        (self.root / "config/graft").mkdir()
        (self.root / "config/graft/config.toml").write_text("prewarm = true\n")
        _, _, server = self.fix(0, FIX, DONE)
        warm, first, second = server.requests
        self.assertEqual((warm["generate"], warm["input"][0]["type"]), (False, "additional_tools"))
        self.assertIn("previous_response_id", first)
        self.assertNotIn("additional_tools", [item["type"] for item in first["input"]])
        self.assertEqual(server.violations, [])
