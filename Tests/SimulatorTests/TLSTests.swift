import Foundation
import JSON
import Responses
import Testing

@testable import Simulator

/// HTTPS, with the tools that a development machine has.
struct TLSTests {
    private static let openssl = "/usr/bin/openssl"
    private static let curl = "/usr/bin/curl"
    private static let areToolsThere = [openssl, curl].allSatisfy { FileManager.default.isExecutableFile(atPath: $0) }

    private func run(_ tool: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: tool)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }

    @Test(.enabled(if: areToolsThere))
    func `a client that trusts the certificate is served over TLS`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appendingPathComponent("cert.pem").path
        let key = folder.appendingPathComponent("key.pem").path
        _ = try run(
            Self.openssl,
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate,
            ])
        var configuration = SimulatorServer.Configuration()
        configuration.tls = (certificate, key)
        let script = #"{"turns":[{"items":[{"type":"message","content":"a"}]}]}"#
        let server = try SimulatorServer(scenario: Scenario(json: Array(script.utf8)), configuration: configuration)
        try server.start()
        defer { server.stop() }
        let answer = try run(
            Self.curl,
            [
                "-s", "--max-time", "10", "--noproxy", "*", "--cacert", certificate, "-H", "Authorization: Bearer k",
                "-d", #"{"model":"m","input":"x"}"#, "\(server.baseURL)/responses",
            ])
        #expect(try JSON(answer)["status"]?.string == "completed")
    }

    @Test func `a certificate that is not there is an error`() throws {
        var configuration = SimulatorServer.Configuration()
        configuration.tls = ("/none/cert.pem", "/none/key.pem")
        let server = try SimulatorServer(
            scenario: Scenario(name: "none", turns: []), configuration: configuration)
        #expect(throws: ServerError.self) { try server.start() }
    }
}
