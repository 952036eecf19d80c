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
            (["https_proxy": "http://proxy:3128"], "https://a.b", "http://proxy:3128 from https_proxy"),
            (["HTTPS_PROXY": "proxy:3128"], "wss://a.b", "http://proxy:3128 from HTTPS_PROXY"),
            (["ALL_PROXY": "http://u:p%40w@[2001:db8::1]:1"], "wss://a.b", "http://[2001:db8::1]:1 from ALL_PROXY"),
            (["all_proxy": "socks5h://u:p@proxy/"], "http://a.b", "socks5h://proxy from all_proxy"),
            (["http_proxy": "http://proxy", "all_proxy": "x"], "ws://a.b", "http://proxy from http_proxy"),
            (["HTTP_PROXY": "http://proxy"], "ws://a.b", nil),
            (["https_proxy": "http://proxy"], "ws://a.b", nil),
            (["http_proxy": "http://proxy"], "wss://a.b", nil),
            (["https_proxy": ""], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "no_proxy": "*"], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "NO_PROXY": "x, .B"], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "NO_PROXY": "b"], "wss://ab", "http://proxy:1 from https_proxy"),
            (["https_proxy": "proxy:1", "no_proxy": "a.b:443"], "wss://a.b", nil),
            (["https_proxy": "proxy:1", "no_proxy": "a.b:444"], "wss://a.b", "http://proxy:1 from https_proxy"),
            (["https_proxy": "proxy:1", "no_proxy": "2001:db8::1,10.0.0.1"], "wss://[2001:db8::1]", nil),
            (["https_proxy": "proxy:1", "no_proxy": "[2001:db8::1]:9"], "wss://[2001:db8::1]:9", nil),
            (["https_proxy": "proxy:1", "no_proxy": "10.0.0.0/8"], "wss://10.9.8.7", nil),
            (
                ["https_proxy": "proxy:1", "no_proxy": "10.0.0.0/9"], "wss://10.128.8.7",
                "http://proxy:1 from https_proxy"
            ),
            (["https_proxy": "proxy:1", "no_proxy": "2001:db8::/32"], "wss://[2001:db8::1]", nil),
            (
                ["https_proxy": "proxy:1", "no_proxy": "10.0.0.0/x,a.b/8"], "wss://a.b",
                "http://proxy:1 from https_proxy"
            ),
        ] as [([String: String], String, String?)])
    func `the environment chooses the proxy`(
        _ environment: [String: String], _ url: String, _ proxy: String?
    ) throws {
        #expect(ProxySetting.select(for: try Endpoint(url), environment: environment)?.description == proxy)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST:8080", "localhost.", "api.localhost", "127.0.0.1", "127.1", "127.255.0.9:1", "[::1]",
        "[0:0:0:0:0:0:0:1]:9", "[::ffff:127.0.0.1]",
    ])
    func `a loopback address is reached directly`(_ host: String) throws {
        let environment = ["ALL_PROXY": "proxy:1"]
        for scheme in ["http", "https", "ws", "wss"] {
            #expect(ProxySetting.select(for: try Endpoint("\(scheme)://\(host)"), environment: environment) == nil)
        }
    }

    @Test(arguments: ["localhost.example.org", "mylocalhost", "128.0.0.1", "[::2]", "[1::1]", "[::ffff:10.0.0.1]"])
    func `what looks like a loopback address is none`(_ host: String) throws {
        let endpoint = try Endpoint("https://\(host)")
        #expect(ProxySetting.select(for: endpoint, environment: ["ALL_PROXY": "proxy:1"]) != nil)
    }

    @Test func `the login and the password are its secrets`() throws {
        let endpoint = try Endpoint("https://a.b")
        func secrets(_ url: String) -> [String]? {
            ProxySetting.select(for: endpoint, environment: ["https_proxy": url])?.secrets
        }
        #expect(secrets("http://user:p%40w@host") == ["user:p%40w", "user:p@w", "p%40w", "p@w"])
        #expect(secrets("host:1") == [])
    }

    @Test(arguments: ["socks5://host:1080", "https://host", "http://", "http://%zz@host"])
    func `a proxy that cannot carry a WebSocket is an error of its own`(_ text: String) {
        let error = #expect(throws: TransportError.self) { try Proxy(text) }
        #expect(error?.code == .proxy)
    }

    @Test func `the password is decoded and not shown`() throws {
        let proxy = try Proxy("http://user:p%40w@host:8080")
        #expect(proxy.libwebsocketsAddress(at: "10.0.0.9") == "user:p@w@10.0.0.9:8080")
        #expect(proxy.description == "host:8080")
        let setting = ProxySetting.select(
            for: try Endpoint("wss://a.b"), environment: ["HTTPS_PROXY": "http://user:p%40w@host:8080"])
        let named = try Proxy(try #require(setting))
        #expect(named.libwebsocketsAddress(at: "2001:db8::1") == "user:p@w@host:8080")
        #expect(named.description == "http://host:8080 from HTTPS_PROXY")
    }
}
