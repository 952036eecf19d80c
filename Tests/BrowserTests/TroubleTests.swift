import Foundation
import Responses
import Sandbox
import TestSupport
import Testing

@testable import Browser

@Suite(.serialized, .enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
struct TroubleTests {
    private var hasty: BrowserLimits {
        var limits = BrowserLimits()
        (limits.input, limits.navigation, limits.load) = (.seconds(2), .seconds(2), .seconds(2))
        limits.screenshot = .seconds(2)
        return limits
    }

    @Test func `what a page asks is answered at once, and told without its words`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.perform(.click(.left, at: Point(x: 250, y: 25), keys: []))
        #expect(try await fixture.events().last == "alerted")
        #expect(
            await fixture.browser.takeRemarks() == [
                "the page showed an alert, which was closed; read_page has its text"
            ])
        try await fixture.perform(.click(.left, at: Point(x: 150, y: 25), keys: []))
        #expect(try await fixture.events().last == "confirm false")
        try await fixture.browser.answerPages(accepts: true, text: "Ann", files: [])
        try await fixture.perform(
            .click(.left, at: Point(x: 150, y: 25), keys: []), .click(.left, at: Point(x: 350, y: 25), keys: []))
        #expect(try await fixture.events().suffix(1) == ["prompt Ann"])
        let remarks = await fixture.browser.takeRemarks()
        #expect(remarks.count == 3 && !remarks.joined().contains("Sure"))
        let page = try await fixture.browser.describePage()
        #expect(page.contains("- alert accepted: Read me\n- confirm dismissed: Sure?\n- confirm accepted: Sure?"))
        await fixture.browser.stop()
    }

    @Test func `alerts without end are ended, and the page can be seen`() async throws {
        let fixture = try await BrowserFixture.shown(limits: hasty)
        try? await fixture.browser.perform(.click(.left, at: Point(x: 450, y: 25), keys: []))
        _ = try await fixture.browser.screenshot()
        #expect(await fixture.browser.takeRemarks().contains("the page asked without end, and was closed"))
        try await fixture.browser.open(fixture.address)
        try await fixture.perform(.click(.left, at: Point(x: 50, y: 25), keys: []))
        #expect(try await fixture.events().last == "pressed")
        await fixture.browser.stop()
    }

    @Test func `a script that never ends is stopped, and the page can be used again`() async throws {
        let fixture = try await BrowserFixture.shown(limits: hasty)
        try? await fixture.browser.perform(.click(.left, at: Point(x: 550, y: 25), keys: []))
        _ = try await fixture.browser.screenshot()
        #expect(await fixture.browser.takeRemarks() == ["a script kept the page busy for 2 s and was stopped"])
        try await fixture.perform(.click(.left, at: Point(x: 50, y: 25), keys: []))
        #expect(try await fixture.events().last == "pressed")
        await fixture.browser.stop()
    }

    @Test func `a page that never loads is given up, and what is there is seen`() async throws {
        let fixture = try await BrowserFixture.shown(limits: hasty)
        let server = try await fixture.serve(
            """
            import socket, threading, time
            s = socket.socket(); s.bind(("127.0.0.1", 8001)); s.listen(9); print("listening")
            kept = []
            while True:
                c, _ = s.accept(); kept.append(c)
                if b"GET /slow" in c.recv(4096):
                    c.sendall(b"HTTP/1.1 200 OK\\r\\nContent-Type: text/html\\r\\n\\r\\n<title>Slow</title><p>Begun")
            """)
        do throws(BrowserError) {
            try await fixture.browser.open("127.0.0.1:8001/")
            Issue.record("it was opened")
        } catch {
            #expect(error.code == .late && error.message.contains("has not answered within 2 s"))
        }
        _ = try await fixture.browser.screenshot()
        #expect(try await fixture.value("document.title") == "Events")
        try await fixture.browser.open("127.0.0.1:8001/slow")
        #expect(
            await fixture.browser.takeRemarks()
                == ["the page is still being loaded after 2 s; this is what there is of it"])
        #expect(try await fixture.value("document.body.innerText") == "Begun")
        await fixture.browser.stop()
        server.stop()
        _ = await server.end()
    }

    @Test func `addresses that cannot be reached say why`() async throws {
        let fixture = try await BrowserFixture()
        for (address, words) in [
            ("localhost:65001", "nothing listens there"), ("http://nowhere.invalid/", "no such host"),
            ("/no/such/file", "there is no such file"), ("what is this", "there is no search"),
            ("javascript:alert(1)", "scripts cannot be run"),
        ] {
            do throws(BrowserError) {
                try await fixture.browser.open(address)
                Issue.record("\(address) was opened")
            } catch {
                #expect(error.message.contains(words), "\(address)")
            }
        }
        await fixture.browser.stop()
    }

    @Test func `a browser that dies is told, with what it said`() async throws {
        let fixture = try await BrowserFixture.shown()
        fixture.browser.link.post(ProtocolCommand("Browser.crash"), to: nil)
        await #expect(throws: BrowserError.self) {
            for _ in 0..<100 { _ = try await fixture.browser.screenshot() }
        }
        #expect(fixture.browser.ending?.code == .ended)
        await #expect(throws: BrowserError.self) { try await fixture.browser.perform(.screenshot) }
        await fixture.browser.stop()
    }

    @Test func `a page that crashes is told, and another can be opened`() async throws {
        let fixture = try await BrowserFixture.shown()
        _ = try await fixture.browser.screenshot()
        fixture.browser.link.post(ProtocolCommand("Page.crash"), to: fixture.browser.watch.book.active)
        #expect(await fixture.browser.watch.wait(upTo: .seconds(10)) { $0.tab?.isCrashed == true })
        _ = try await fixture.browser.screenshot()
        #expect(
            await fixture.browser.takeRemarks() == [
                "the page has crashed; open_page opens another one",
                "the page cannot be seen; this is how the last one looked",
            ])
        try await fixture.browser.open(fixture.address)
        try await fixture.perform(.click(.left, at: Point(x: 50, y: 25), keys: []))
        #expect(try await fixture.events().last == "pressed")
        await fixture.browser.stop()
    }

    @Test func `no browser is one line that says how to install it`() async throws {
        do throws(BrowserError) {
            _ = try BrowserProgram(searchPath: "/nowhere:relative:")
            Issue.record("there is one")
        } catch {
            #expect(error.code == .unavailable)
            #expect(
                error.message
                    == "the tool computer needs Chromium, and there is none in PATH; install it: apt-get install chromium"
            )
        }
    }

    @Test func `a browser that cannot start says so`() async throws {
        let fixture = try await BrowserFixture()
        await fixture.browser.stop()
        let folder = fixture.root + "/tree/bin"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("#!/bin/sh\necho 'libfoo.so is missing' >&2\nexit 3\n".utf8)
            .write(to: URL(fileURLWithPath: folder + "/chromium"))
        chmod(folder + "/chromium", 0o755)
        do throws(BrowserError) {
            _ = try await Browser.start(
                BrowserProgram(searchPath: folder), in: fixture.sandbox, environment: fixture.environment)
            Issue.record("it has started")
        } catch {
            #expect(error.code == .unavailable && error.message.contains("libfoo.so is missing"))
        }
    }

    @Test(.enabled("needs the rung bubblewrap") { await Rung.bubblewrap.isTested })
    func `on bubblewrap the browser runs as well`() async throws {
        let fixture = try await BrowserFixture(rungs: [.bubblewrap])
        try await fixture.browser.open(fixture.address)
        try await fixture.perform(.click(.left, at: Point(x: 50, y: 25), keys: []))
        #expect(try await fixture.events().last == "pressed")
        await fixture.browser.stop()
    }

    @Test func `a cancelled step ends at once`() async throws {
        var slow = BrowserLimits()
        slow.wait = .seconds(60)
        let fixture = try await BrowserFixture.shown(limits: slow)
        let step = Task { try await fixture.browser.perform(.wait) }
        step.cancel()
        await #expect(throws: BrowserError.self) { try await step.value }
        await fixture.browser.stop()
    }
}
