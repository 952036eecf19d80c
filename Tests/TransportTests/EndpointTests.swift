import Testing

@testable import Transport

struct EndpointTests {
    @Test(arguments: [
        ("https://api.openai.com/v1", "wss://api.openai.com/v1/responses", "api.openai.com", 443),
        ("http://127.0.0.1:8080/v1/", "ws://127.0.0.1:8080/v1/responses", "127.0.0.1", 8080),
        ("HTTP://LocalHost", "ws://localhost/responses", "localhost", 80),
        ("https://[2001:DB8::1]:8443", "wss://[2001:db8::1]:8443/responses", "2001:db8::1", 8443),
        ("http://[::1]", "ws://[::1]/responses", "::1", 80),
        ("https://host:443/a/b//", "wss://host/a/b/responses", "host", 443),
        ("https://host:/v1", "wss://host/v1/responses", "host", 443),
        (
            "wss://x.example/openai/v1?api-version=1", "wss://x.example/openai/v1/responses?api-version=1", "x.example",
            443
        ),
    ])
    func `a base URL leads to the address of a WebSocket`(
        _ url: String, _ socket: String, _ host: String, _ port: Int
    ) throws {
        let endpoint = try Endpoint(url)
        #expect(endpoint.host == host)
        #expect(endpoint.port == port)
        #expect(endpoint.webSocket(path: "responses").description == socket)
        #expect(endpoint.webSocket(path: "/responses").description == socket)
        #expect(try Endpoint(socket) == endpoint.webSocket(path: "responses"))
        #expect(endpoint.webSocket(path: "responses").http(path: "").scheme.rawValue.hasPrefix("http"))
    }

    @Test(arguments: [
        "", "api.openai.com", "ftp://host", "https:/host", "https://", "https://:80", "https://user@host",
        "https://user:secret@host/v1", "http://host:0", "http://host:65536", "http://host:8x", "http://host:-1",
        "http://[::1", "http://[zz]", "http://[::1]x", "http://ho st", "http://h\u{F6}st", "http://host/a b",
        "http://host/#top", "http://host/\u{7}", "http://host\r\nX: y", "http://a:b:c",
    ])
    func `what is not the URL of a server is refused`(_ url: String) {
        let error = #expect(throws: TransportError.self) { try Endpoint(url) }
        #expect(error?.code == .invalid)
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `random texts never trap the parser`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("https://[]:@?#.%-_aA09\u{F6}\0\r\n ")
        for _ in 0..<5_000 {
            let text = String((0..<Int.random(in: 0..<24, using: &random)).compactMap { _ in alphabet.randomElement() })
            if let endpoint = try? Endpoint("http" + text) { #expect((1...65535).contains(endpoint.port)) }
            _ = try? Proxy(text)
        }
    }
}

struct ProxyTests {
    @Test(
        arguments: [
            (["https_proxy": "http://proxy:3128"], "https://a.b", "proxy:3128"),
            (["HTTPS_PROXY": "proxy:3128"], "wss://a.b", "proxy:3128"),
            (["ALL_PROXY": "http://u:p%40w@[::1]:1"], "wss://a.b", "[::1]:1"),
            (["http_proxy": "http://proxy"], "ws://a.b", "proxy:80"),
            (["HTTP_PROXY": "http://proxy"], "ws://a.b", nil),
            (["https_proxy": "http://proxy"], "ws://a.b", nil),
            (["http_proxy": "http://proxy"], "wss://a.b", nil),
            (["https_proxy": ""], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "no_proxy": "*"], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "NO_PROXY": "x, .B"], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "NO_PROXY": "b"], "wss://ab", "proxy:1"),
            (["https_proxy": "proxy:1", "no_proxy": "a.b:443"], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "no_proxy": "a.b:444"], "wss://a.b", "proxy:1"),
            (["https_proxy": "proxy:1", "no_proxy": "::1,127.0.0.1"], "wss://[::1]", nil),
            (["https_proxy": "proxy:1", "no_proxy": "[::1]:9"], "wss://[::1]:9", nil),
        ] as [([String: String], String, String?)])
    func `the environment chooses the proxy`(
        _ environment: [String: String], _ url: String, _ proxy: String?
    ) throws {
        #expect(try Proxy.select(for: Endpoint(url), environment: environment)?.description == proxy)
    }

    @Test(arguments: ["socks5://host:1080", "https://host", "http://", "http://%zz@host"])
    func `a proxy that cannot carry a WebSocket is an error of its own`(_ text: String) {
        let error = #expect(throws: TransportError.self) { try Proxy(text) }
        #expect(error?.code == .proxy)
    }

    @Test func `the password is decoded and not shown`() throws {
        let proxy = try Proxy("http://user:p%40w@host:8080")
        #expect(proxy.libwebsocketsAddress == "user:p@w@host:8080")
        #expect(proxy.description == "host:8080")
    }
}
