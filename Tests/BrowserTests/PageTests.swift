import Foundation
import Responses
import Sandbox
import TestSupport
import Testing

@testable import Browser

@Suite(.serialized, .enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
struct PageTests {
    @Test func `pages that are opened come to the front, and go with a shortcut`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.perform(.click(.left, at: Point(x: 30, y: 208), keys: []))
        #expect(try await fixture.value("document.title") == "Other")
        #expect(
            await fixture.browser.takeRemarks()
                == ["the page has opened another one, which is seen now; CTRL+W closes it"])
        try await fixture.perform(.keypress(["CTRL", "TAB"]))
        #expect(try await fixture.value("document.title") == "Events")
        try await fixture.perform(.keypress(["CTRL", "SHIFT", "TAB"]), .keypress(["CTRL", "W"]))
        #expect(try await fixture.value("document.title") == "Events")
        try await fixture.perform(.click(.left, at: Point(x: 650, y: 25), keys: []))
        #expect(try await fixture.value("innerWidth + ' ' + innerHeight") == "1280 800")
        _ = try await fixture.value("window.close()")
        #expect(await fixture.browser.watch.wait(upTo: .seconds(10)) { $0.tabs.count == 1 })
        #expect(try await fixture.value("document.title") == "Events")
        // The last one leaves an empty page.
        try await fixture.perform(.keypress(["CTRL", "W"]))
        #expect(try await fixture.value("location.href") == "about:blank")
        await fixture.browser.stop()
    }

    @Test func `an address is opened by the keys of an address bar`() async throws {
        let fixture = try await BrowserFixture()
        try await fixture.perform(.keypress(["CTRL", "L"]), .type(fixture.address), .keypress(["ENTER"]))
        #expect(try await fixture.value("document.title") == "Events")
        try await fixture.perform(.keypress(["CTRL", "T"]), .type("file://\(fixture.root)/tree/other.html\n"))
        #expect(try await fixture.value("document.title") == "Other")
        #expect(fixture.browser.watch.book.tabs.count == 2)
        try await fixture.perform(.keypress(["CMD", "l"]), .type("x"), .keypress(["ESC"]), .keypress(["CTRL", "R"]))
        #expect(try await fixture.value("document.title") == "Other")
        await fixture.browser.stop()
    }

    @Test func `files are given to a page that asks, and what it sends is kept`() async throws {
        let fixture = try await BrowserFixture.shown()
        await #expect(throws: BrowserError.self) {
            try await fixture.browser.answerPages(accepts: nil, text: nil, files: ["/etc/hostname"])
        }
        try await fixture.perform(.click(.left, at: Point(x: 40, y: 250), keys: []))
        #expect(
            await fixture.browser.takeRemarks()
                == ["the page asks for a file; answer_page gives it files, until then it has none"])
        try await fixture.browser.answerPages(
            accepts: nil, text: nil, files: ["\(fixture.root)/tree/given.txt"])
        #expect(try await fixture.events().last == "file given.txt 12")
        try await fixture.perform(.click(.left, at: Point(x: 220, y: 208), keys: []))
        #expect(
            await fixture.browser.watch.wait(upTo: .seconds(10)) { $0.downloads.first?.state == "completed" })
        #expect(
            try await fixture.browser.describePage().contains("kept.txt: /tmp/browser/downloads/kept.txt (completed)"))
        let kept = FileManager.default.contents(atPath: fixture.root + "/tmp/browser/downloads/kept.txt")
        #expect(kept == Data("hello".utf8))
        await fixture.browser.stop()
        #expect(!FileManager.default.fileExists(atPath: fixture.root + "/tmp/browser/profile"))
    }

    @Test func `a page is read with its errors and its status`() async throws {
        let fixture = try await BrowserFixture()
        let server = try await fixture.serve(
            """
            import http.server
            class H(http.server.BaseHTTPRequestHandler):
                def do_GET(self):
                    self.send_response(404 if self.path == "/gone" else 200)
                    self.send_header("Content-Type", "text/html"); self.end_headers()
                    self.wfile.write(b"<title>T</title><h1>Hello</h1><script>fetch('/gone').then(() => nothing())</script>")
                def log_message(self, *a): pass
            s = http.server.ThreadingHTTPServer(("127.0.0.1", 8002), H); print("listening"); s.serve_forever()
            """)
        try await fixture.browser.open("localhost:8002/gone")
        let page = try await fixture.browser.describePage()
        #expect(page.hasPrefix("address: http://localhost:8002/gone\ntitle: T\nstatus: 404\n"))
        #expect(page.contains("ReferenceError: nothing is not defined") && page.hasSuffix("text:\nHello"))
        await fixture.browser.stop()
        server.stop()
        _ = await server.end()
    }
}
