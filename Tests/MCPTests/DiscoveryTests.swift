import Configuration
import JSON
import OS
import Session
import Testing
import Text

@testable import MCP

struct DiscoveryTests {
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func `SHA-256 is that of FIPS 180-4`(text: String, hash: String) {
        #expect(SHA256.hex(Array(text.utf8)) == hash)
    }

    @Test func `Base64 is that of RFC 4648`() {
        for (text, encoded) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            #expect(Base64.encoded(Array(text.utf8)) == encoded)
        }
        #expect(Base64.beginning(of: "Zm9vYmFy") == Array("foobar".utf8))
        #expect(Base64.beginning(of: "no base64!") == nil)
    }

    private func source(_ change: (inout MCPServer) -> Void = { _ in }, path: String = "/r/.mcp.json") -> ServerSource {
        var program = MCPServer.Program("run")
        program.variables = ["B": "2", "A": "1"]
        var server = MCPServer("one", .command(program))
        change(&server)
        return ServerSource(file: ".mcp.json", path: path, servers: [server])
    }

    @Test func `A yes is for the servers as they are written, and for one file`() throws {
        let folder = "/tmp/graft-mcp-trust-\(UInt64.random(in: 0...UInt64.max))"
        try SessionFolder.make(folder)
        // What stays is in a folder for temporary files.
        defer { try? FolderRemoval.remove(folder) }
        let trust = ServerTrust(root: folder)
        let asked = source()
        #expect(trust.answer(to: asked) == nil)
        try trust.remember(true, of: asked)
        #expect(trust.answer(to: asked) == true)
        #expect(trust.answer(to: source(path: "/other/.mcp.json")) == nil)
        #expect(trust.answer(to: source { $0.isEnabled = false }) == nil)
        #expect(
            trust.answer(
                to: source { server in
                    var program = MCPServer.Program("run")
                    program.variables = ["A": "1", "B": "3"]
                    server.place = .command(program)
                }) == nil)
        try trust.remember(false, of: asked)
        #expect(trust.answer(to: asked) == false)
    }

    @Test(arguments: [
        ("${A}", "1"), ("x${A}y${B:-two}", "x1ytwo"), ("$A ${", "$A ${"), ("${EMPTY:-d}", "d"), ("${EMPTY}", ""),
    ])
    func `Variables of a project file are filled in`(text: String, expected: String) throws {
        var server = MCPServer("one", .url(MCPServer.Remote(text)))
        server.origin = .repository(file: ".mcp.json")
        let filled = try server.expanded(["A": "1", "EMPTY": ""])
        guard case .url(let remote) = filled.place else { return #expect(Bool(false)) }
        #expect(remote.url == expected)
        server.origin = .user
        #expect(try server.expanded([:]) == server)
    }

    @Test func `Secrets of a definition are masked by the names of what holds them`() {
        var program = MCPServer.Program("run")
        program.arguments = ["--api-key", "aaaa-1111-bbbb", "--level=verbose-mode", "--password=cccc-2222-dddd"]
        program.variables = ["MY_TOKEN": "eeee-3333-ffff", "MODE": "gggg-4444-hhhh"]
        let mask = MCPServer("one", .command(program)).mask(["OPENAI_API_KEY": "sk-very-long-key"])
        let text = "aaaa-1111-bbbb verbose-mode cccc-2222-dddd eeee-3333-ffff gggg-4444-hhhh sk-very-long-key"
        #expect(
            mask.masked(text) == "[--api-key] verbose-mode [--password] [MY_TOKEN] gggg-4444-hhhh [API key]")
    }
}
