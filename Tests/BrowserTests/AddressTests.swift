import Testing

@testable import Browser

@Suite struct AddressTests {
    @Test func `an address is completed as a browser does, and no other text is one`() throws {
        let cases = [
            ("localhost:8000", "http://localhost:8000"), ("localhost", "http://localhost"),
            ("127.0.0.1:5000/a b", nil), ("127.0.0.1:5000/a", "http://127.0.0.1:5000/a"),
            ("[::1]:80/", "http://[::1]:80/"), ("app.localhost/x", "http://app.localhost/x"),
            ("example.org/a?b#c", "https://example.org/a?b#c"), ("  http://x/ ", "http://x/"),
            ("HTTPS://Example.org", "HTTPS://Example.org"), ("/srv/page.html", "file:///srv/page.html"),
            ("about:blank", "about:blank"), ("data:text/html,<b>x y</b>", "data:text/html,<b>x y</b>"),
            ("devbox:3000/x", "https://devbox:3000/x"), ("index.html", "file:///tree/index.html"),
            ("a/b.SVG", "file:///tree/a/b.SVG"), ("example.org/index.html", "https://example.org/index.html"),
            ("localhost/index.html", "http://localhost/index.html"), ("javascript:alert(1)", nil),
            ("weather in Rome", nil),
            ("hello", nil), ("", nil), ("   ", nil), (String(repeating: "a.", count: 9000), nil),
        ]
        for (written, address) in cases {
            var made: String?
            do throws(BrowserError) { made = try WebAddress(written, tree: "/tree").text } catch {
                #expect(error.code == .refused)
            }
            #expect(made == address)
        }
    }

    @Test func `an address bar takes what is written, and opens it at a line end`() throws {
        var line = AddressLine()
        #expect(line.write("localhost:80") == .goesOn && line.write("00") == .goesOn)
        #expect(try line.press(KeyChord(["BACKSPACE"])) == .goesOn && line.text == "localhost:800")
        #expect(try line.press(KeyChord(["x"])) == .goesOn && line.press(KeyChord(["SHIFT", "y"])) == .goesOn)
        #expect(try line.press(KeyChord(["ENTER"])) == .open("localhost:800xY"))
        #expect(try line.press(KeyChord(["CTRL", "A"])) == .goesOn && line.text == "")
        #expect(line.write("a.org\nrest") == .open("a.org"))
        #expect(try line.press(KeyChord(["ESC"])) == .left)
    }
}
