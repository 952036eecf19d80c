import Foundation
import TestSupport
import Testing

@testable import Sandbox

private func reading(_ text: String) -> ProxyGreeting.Reading { ProxyGreeting.read(Array(text.utf8), hasMethod: false) }

private func target(_ reading: ProxyGreeting.Reading) -> String? {
    guard case .target(let target, _, _, _) = reading else { return nil }
    return "\(target.host):\(target.port)"
}

@Suite struct NetworkTests {
    @Test(
        arguments: [
            ("CONNECT a.org:443 HTTP/1.1\r\nHost: b\r\n\r\n", "a.org:443"),
            ("CONNECT [2001:db8::1]:443 HTTP/1.1\r\n\r\n", "2001:db8::1:443"),
            ("GET http://a.org/x?y HTTP/1.1\r\nHost: b.org\r\n\r\n", "a.org:80"),
            ("GET http://user:pw@a.org:8080 HTTP/1.1\r\n\r\n", "a.org:8080"),
            ("GET http://allowed.org@evil.org/ HTTP/1.1\r\n\r\n", "evil.org:80"),
        ])
    func `a greeting names its target`(_ text: String, _ expected: String) {
        #expect(target(reading(text)) == expected)
    }

    @Test(
        arguments: [
            "GET / HTTP/1.1\r\n\r\n", "CONNECT a.org HTTP/1.1\r\n\r\n", "CONNECT :443 HTTP/1.1\r\n\r\n",
            "GET https://a.org/ HTTP/1.1\r\n\r\n", "x\r\n\r\n", "CONNECT a:99999 HTTP/1.1\r\n\r\n",
        ])
    func `what is no greeting is refused`(_ text: String) {
        guard case .malformed = reading(text) else {
            Issue.record("\(reading(text))")
            return
        }
    }

    @Test func `a plain request goes on with its own host and one at a time`() {
        let text = "GET http://a.org:81/p HTTP/1.1\r\nHost: b.org\r\nConnection: keep-alive\r\nX: 1\r\n\r\nrest"
        guard case .target(_, let consumed, let forward, .forward) = reading(text) else {
            Issue.record("no target")
            return
        }
        #expect(
            String(decoding: forward, as: UTF8.self)
                == "GET /p HTTP/1.1\r\nHost: a.org:81\r\nX: 1\r\nConnection: close\r\n\r\n")
        #expect(text.utf8.count - consumed == 4)
    }

    @Test func `no bytes and no part of a greeting trap the reader`() {
        var random = SystemRandomNumberGenerator()
        let greetings: [[UInt8]] = [
            Array("CONNECT a.org:443 HTTP/1.1\r\n\r\n".utf8), [5, 1, 0],
            [5, 1, 0, 3, 5] + Array("a.org".utf8) + [1, 187],
            [5, 1, 0, 1, 1, 2, 3, 4, 0, 80], [5, 1, 0, 4] + [UInt8](repeating: 1, count: 16) + [0, 80],
        ]
        for greeting in greetings {
            for length in 0...greeting.count {
                for hasMethod in [true, false] {
                    _ = ProxyGreeting.read(Array(greeting.prefix(length)), hasMethod: hasMethod)
                }
            }
            for _ in 0..<500 {
                var bytes = greeting
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
                _ = ProxyGreeting.read(bytes, hasMethod: .random(using: &random))
            }
        }
        #expect(target(ProxyGreeting.read(greetings[2], hasMethod: true)) == "a.org:443")
    }

    /// A server outside the sandbox that says hello to everybody; the policy names its address.
    private func server() throws -> (process: Process, port: Int) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = [
            "-u", "-c",
            """
            import http.server
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(200); self.end_headers(); self.wfile.write(b"hello " + self.path.encode())
            s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), H); print(s.server_port); s.serve_forever()
            """,
        ]
        let output = Foundation.Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            line += String(decoding: data, as: UTF8.self)
        }
        return (process, try #require(Int(line.dropLast())))
    }

    @Test(.enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
    func `a command reaches the hosts of its policy and no others`() async throws {
        let (process, port) = try server()
        defer { process.terminate() }
        let fixture = try Fixture()
        let pattern = try #require(HostPattern("127.0.0.1:\(port)"))
        let sandbox = try await fixture.sandbox(rungs: [.namespaces]) { $0.network = .hosts([pattern]) }
        let fetch = """
            import os, sys, urllib.request
            os.environ["NO_PROXY"] = os.environ["no_proxy"] = ""
            try: print(urllib.request.urlopen(sys.argv[1], timeout=10).read().decode())
            except Exception as error: print(error)
            """
        func get(_ address: String) async -> CommandResult {
            await fixture.shell("python3 -c '\(fetch)' \(address)", in: sandbox)
        }
        let allowed = await get("http://127.0.0.1:\(port)/x")
        #expect(allowed.stdout.text == "hello /x\n" && allowed.deniedHosts.isEmpty)
        let denied = await get("http://example.org/")
        #expect(denied.stdout.text == "HTTP Error 403: Forbidden\n" && denied.deniedHosts == ["example.org:80"])
        let tunnel = await get("https://example.org/")
        #expect(tunnel.stdout.text.contains("403") && tunnel.deniedHosts == ["example.org:443"])
        let direct = await fixture.shell(
            "python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", \(port)))'", in: sandbox)
        #expect(!direct.succeeded)
    }

    @Test func `a name that leads to this machine is not followed`() async throws {
        let (process, port) = try server()
        defer { process.terminate() }
        let target = ProxyGreeting.Target(host: "localhost", port: port)
        #expect(HostAddress.connect(target, milliseconds: 1000) == nil)
        #expect(HostAddress.connect(.init(host: "127.0.0.1", port: port), milliseconds: 1000) != nil)
    }
}
