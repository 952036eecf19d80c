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

/// Ends TLS in front of a `TestServer`, with Python's standard library; it leaves when its parent is gone.
final class TLSFront: Sendable {
    let port: Int
    private let process = Process()

    private static let script = """
        import asyncio, os, ssl, sys
        parent = os.getppid()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1] + "/server.pem", sys.argv[1] + "/server.key")
        context.set_alpn_protocols(sys.argv[3:])
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
            server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
            print(server.sockets[0].getsockname()[1], flush=True)
            while os.getppid() == parent: await asyncio.sleep(1)
        asyncio.run(main())
        """

    init(_ authority: TestAuthority, server: TestServer, protocols: [String]) throws {
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", Self.script, authority.folder, "\(server.port)"] + protocols
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
