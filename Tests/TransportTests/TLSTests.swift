import Foundation
import Testing

@testable import Transport

/// A certificate authority in a temporary folder, made with the openssl command, and a server certificate of it.
final class TestAuthority: Sendable {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "transport-tls-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        for name in ["ca", "other"] {
            try openssl(
                ["req", "-x509", "-subj", "/CN=\(name)", "-days", "2", "-keyout", "\(name).key", "-out", "\(name).pem"]
                    + key)
        }
        try openssl(
            ["req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=localhost", "-days", "2"]
                + ["-addext", "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE"]
                + ["-keyout", "server.key", "-out", "server.pem"] + key)
        try openssl(
            ["req", "-x509", "-CA", "ca.pem", "-CAkey", "ca.key", "-subj", "/CN=addresses", "-days", "2"]
                + ["-addext", "subjectAltName=IP:::1,IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE"]
                + ["-keyout", "addresses.key", "-out", "addresses.pem"] + key)
    }

    deinit {
        // A folder that stays in the temporary folder does no harm.
        try? FileManager.default.removeItem(atPath: folder)
    }

    var authority: TLSTrust { TLSTrust(certificateFile: folder + "/ca.pem") }
    var otherAuthority: TLSTrust { TLSTrust(certificateFile: folder + "/other.pem") }

    private func openssl(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PeerError(what: "openssl \(arguments)") }
    }
}

/// Whether this machine has IPv6 at all.
let hasIPv6 = (try? String(contentsOfFile: "/proc/net/if_inet6", encoding: .utf8))?.isEmpty == false

/// Ends TLS in front of a `TestServer`, with Python's standard library; it leaves when its parent is gone.
final class TLSFront: Sendable {
    let port: Int
    private let process = Process()

    private static let script = """
        import asyncio, os, ssl, sys
        parent = os.getppid()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1] + ".pem", sys.argv[1] + ".key")
        context.set_alpn_protocols(sys.argv[4:])
        if sys.argv[1].endswith("addresses"):
            # An address is no name (RFC 6066, section 3).
            context.sni_callback = lambda _, name, __: ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME if name else None
        async def pump(source, sink):
            try:
                while data := await source.read(65536):
                    sink.write(data)
                    await sink.drain()
            except OSError: pass
            finally: sink.close()
        async def serve(reader, writer):
            inside = await asyncio.open_connection("127.0.0.1", int(sys.argv[2]))
            await asyncio.gather(pump(inside[0], writer), pump(reader, inside[1]))
        async def main():
            server = await asyncio.start_server(serve, sys.argv[3], 0, ssl=context)
            print(server.sockets[0].getsockname()[1], flush=True)
            while os.getppid() == parent: await asyncio.sleep(1)
        asyncio.run(main())
        """

    init(
        _ authority: TestAuthority, server: TestServer, protocols: [String], certificate: String = "server",
        address: String = "127.0.0.1"
    ) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", "-c", Self.script, "\(authority.folder)/\(certificate)", "\(server.port)", address] + protocols
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        guard let port = Int(line.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw PeerError(what: "python3 did not start")
        }
        self.port = port
    }

    // Foundation starts it with the signals of a dispatch thread blocked, so only this one arrives.
    deinit { kill(process.processIdentifier, SIGKILL) }
}

@Suite(.serialized, .timeLimit(.minutes(1))) struct WebSocketTLSTests {
    let authority: TestAuthority
    let server: TestServer
    let front: TLSFront

    init() throws {
        authority = try TestAuthority()
        server = try TestServer(echo)
        front = try TLSFront(authority, server: server, protocols: ["h2", "http/1.1"])
    }

    @Test func `a server with a certificate of our authority is believed`() async throws {
        let endpoint = try Endpoint("wss://localhost:\(front.port)/v1")
        // Several at once: libwebsockets keeps numbers of OpenSSL in globals.
        try await withThrowingTaskGroup(of: Void.self) { [trust = authority.authority] group in
            for _ in 0..<12 {
                group.addTask {
                    let options = WebSocketOptions(trust: trust)
                    let connection = try await WebSocketConnection.connect(to: endpoint, options: options)
                    let message = [UInt8](repeating: 0x61, count: 300_000)
                    try connection.send(message)
                    #expect(try await connection.message() == message)
                    connection.close()
                    #expect(try await connection.end().code == 1000)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `an unknown authority is refused with the reason`() async throws {
        let endpoint = try Endpoint("wss://localhost:\(front.port)/v1")
        for trust in [authority.otherAuthority, TLSTrust()] {
            let error = try await connectFailure(endpoint, options: WebSocketOptions(trust: trust))
            #expect(error.code == .tls)
            #expect(error.message.contains("certificate"), "\(error)")
        }
    }

    @Test func `a certificate for another host is refused with the reason`() async throws {
        let endpoint = try Endpoint("wss://127.0.0.1:\(front.port)/v1")
        let error = try await connectFailure(endpoint, options: WebSocketOptions(trust: authority.authority))
        #expect(error.code == .tls)
        #expect(error.message.contains("mismatch"), "\(error)")
    }

    private static let addresses = [("127.0.0.1", "127.0.0.1")] + (hasIPv6 ? [("::1", "[::1]")] : [])

    @Test(arguments: addresses)
    func `an address is believed by a certificate for it, and told to nobody as a name`(
        _ address: String, _ host: String
    ) async throws {
        let front = try TLSFront(
            authority, server: server, protocols: ["http/1.1"], certificate: "addresses", address: address)
        let endpoint = try Endpoint("wss://\(host):\(front.port)/v1")
        let options = WebSocketOptions(trust: authority.authority)
        let connection = try await WebSocketConnection.connect(to: endpoint, options: options)
        try connection.send([0x61])
        #expect(try await connection.message() == [0x61])
        connection.close()
        _ = try await connection.end()
        let error = try await connectFailure(endpoint, options: WebSocketOptions(trust: authority.otherAuthority))
        #expect(error.code == .tls && error.message.contains("certificate"), "\(error)")
    }

    @Test(arguments: addresses)
    func `an address is not believed by a certificate for a name`(_ address: String, _ host: String) async throws {
        let front = try TLSFront(authority, server: server, protocols: ["http/1.1"], address: address)
        let error = try await connectFailure(
            Endpoint("wss://\(host):\(front.port)/v1"), options: WebSocketOptions(trust: authority.authority))
        #expect(error.code == .tls && error.message.contains("mismatch"), "\(error)")
    }

    @Test(arguments: addresses)
    func `an address is believed over HTTP, too`(_ address: String, _ host: String) async throws {
        let plain = try TestServer { peer in
            _ = try peer.readHead()
            try peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        }
        let front = try TLSFront(
            authority, server: plain, protocols: ["http/1.1"], certificate: "addresses", address: address)
        let client = HTTPClient(trust: authority.authority)
        let answer = try await client.request(HTTPRequest("GET", Endpoint("https://\(host):\(front.port)/v1")))
        #expect(answer.status == 200)
    }

    @Test func `a file of certificates that is missing is named`() async throws {
        let options = WebSocketOptions(trust: TLSTrust(certificateFile: "/nonexistent.pem"))
        let error = try await connectFailure(Endpoint("wss://localhost:\(front.port)"), options: options)
        #expect(error.code == .tls)
        #expect(error.message.contains("/nonexistent.pem"))
    }

    @Test func `a server that speaks no TLS is an error of TLS`() async throws {
        let plain = try TestServer { peer in
            try peer.send("HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.waitForEnd()
        }
        let error = try await connectFailure(Endpoint("wss://localhost:\(plain.port)"))
        #expect(error.code == .tls)
    }
}
