import Responses
import Sandbox
import TestSupport
import Testing

@testable import Browser

@Suite(.serialized, .enabled("needs the rung namespaces") { await Rung.namespaces.isTested })
struct ActionTests {
    private let button = Point(x: 50, y: 25)

    @Test func `every button of the mouse does what it does by hand`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.perform(.click(.left, at: button, keys: []))
        #expect(try await fixture.events() == ["mousedown 0 50 25 ", "mouseup 0 50 25 ", "pressed"])
        try await fixture.perform(.click(.right, at: Point(x: 700, y: 400), keys: []))
        #expect(
            try await fixture.events()
                == ["mousedown 2 700 400 ", "contextmenu 2 700 400 ", "mouseup 2 700 400 "])
        try await fixture.perform(.click(.wheel, at: Point(x: 700, y: 400), keys: []))
        #expect(try await fixture.events() == ["mousedown 1 700 400 ", "mouseup 1 700 400 "])
        try await fixture.perform(.click(.left, at: button, keys: ["CTRL", "shift"]))
        #expect(
            try await fixture.events().filter { $0.hasPrefix("mouse") || $0 == "pressed" }
                == ["mousedown 0 50 25 CS", "mouseup 0 50 25 CS", "pressed"])
        try await fixture.perform(.doubleClick(at: button, keys: []))
        #expect(try await fixture.events().suffix(2) == ["pressed", "dblclick 0 50 25 "])
        try await fixture.perform(.move(to: Point(x: 640, y: 480), keys: []))
        #expect(try await fixture.value("last") == "640 480")
        await fixture.browser.stop()
    }

    @Test func `the buttons for back and forward turn pages`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.browser.open("file://\(fixture.root)/tree/other.html")
        try await fixture.perform(.click(.back, at: Point(x: 700, y: 400), keys: []))
        #expect(try await fixture.value("document.title") == "Events")
        try await fixture.perform(.click(.forward, at: Point(x: 700, y: 400), keys: []))
        #expect(try await fixture.value("document.title") == "Other")
        try await fixture.perform(.keypress(["ALT", "LEFT"]))
        #expect(try await fixture.value("document.title") == "Events")
        try await fixture.perform(.keypress(["alt+right"]))
        #expect(try await fixture.value("document.title") == "Other")
        await fixture.browser.stop()
    }

    @Test func `keys, texts and shortcuts arrive as from a keyboard`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.perform(.click(.left, at: Point(x: 50, y: 75), keys: []))
        _ = try await fixture.events()
        try await fixture.perform(.type("aZ?"))
        #expect(
            try await fixture.events() == [
                "keydown a KeyA 65 ", "keyup a KeyA 65 ", "keydown Z KeyZ 90 S", "keyup Z KeyZ 90 S",
                "keydown ? Slash 191 S", "keyup ? Slash 191 S",
            ])
        try await fixture.perform(.type("é漢🙂"))
        #expect(try await fixture.value("text.value") == "aZ?é漢🙂")
        try await fixture.perform(.keypress(["CTRL", "A"]), .type("new"))
        #expect(try await fixture.value("text.value") == "new")
        try await fixture.perform(
            .keypress(["CMD", "a"]), .keypress(["ctrl+c"]), .keypress(["END"]), .keypress(["CTRL", "V"]))
        #expect(try await fixture.value("text.value") == "newnew")
        try await fixture.perform(.keypress(["BACKSPACE"]), .keypress(["HOME"]), .keypress(["Delete"]))
        #expect(try await fixture.value("text.value") == "ewne")
        _ = try await fixture.events()
        try await fixture.perform(.keypress(["SHIFT", "x"]), .keypress(["F2"]), .keypress(["ArrowLeft"]))
        #expect(
            try await fixture.events() == [
                "keydown Shift ShiftLeft 16 S", "keydown X KeyX 88 S", "keyup X KeyX 88 S", "keyup Shift ShiftLeft 16 ",
                "keydown F2 F2 113 ", "keyup F2 F2 113 ", "keydown ArrowLeft ArrowLeft 37 ",
                "keyup ArrowLeft ArrowLeft 37 ",
            ])
        try await fixture.perform(.click(.left, at: Point(x: 400, y: 90), keys: []), .type("one\ntwo\tx"))
        #expect(try await fixture.value("area.value") == "one\ntwo")
        let long = String(repeating: "line\n", count: 1000)
        try await fixture.perform(
            .click(.left, at: Point(x: 400, y: 90), keys: []), .keypress(["CTRL", "A"]), .type(long))
        #expect(try await fixture.value("area.value.length") == "5000")
        await fixture.browser.stop()
    }

    @Test func `what is dragged is dropped, and a slider slides`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.perform(.drag([Point(x: 30, y: 150), Point(x: 230, y: 150)], keys: []))
        let events = try await fixture.events()
        #expect(events.contains("dragstart") && events.contains("drop thing"))
        try await fixture.perform(
            .drag([Point(x: 318, y: 148), Point(x: 400, y: 150), Point(x: 500, y: 148)], keys: []))
        #expect(try await Int(fixture.value("range.value")) ?? 0 > 80)
        await fixture.browser.stop()
    }

    @Test func `the wheel scrolls both ways, and a list that is open can be chosen from`() async throws {
        let fixture = try await BrowserFixture.shown()
        try await fixture.perform(.scroll(at: Point(x: 640, y: 400), x: 0, y: 500, keys: []))
        #expect(try await fixture.value("scrollY") == "500")
        #expect(try await fixture.events() == ["wheel 0 500"])
        try await fixture.perform(.scroll(at: Point(x: 640, y: 400), x: 0, y: -500, keys: []))
        #expect(try await fixture.value("scrollY") == "0")
        _ = try await fixture.events()
        try await fixture.perform(.click(.left, at: Point(x: 60, y: 292), keys: []))
        let open = try await fixture.browser.screenshot()
        try await fixture.perform(.keypress(["DOWN"]), .keypress(["ENTER"]))
        #expect(try await fixture.value("select.value") == "two")
        #expect(try await fixture.browser.screenshot() != open)
        #expect(
            await fixture.browser.takeRemarks()
                == ["a list is open; keys choose in it (ARROWDOWN, ENTER, ESC), clicks close it"])
        await fixture.browser.stop()
    }

    @Test func `a picture has the size of what coordinates mean`() async throws {
        let fixture = try await BrowserFixture.shown()
        let image = try await fixture.browser.screenshot()
        let bytes = image.bytes
        #expect(image.mediaType == "image/png" && image.dataURL.hasPrefix("data:image/png;base64,iVBOR"))
        #expect(bytes.prefix(4) == [0x89, 0x50, 0x4E, 0x47])
        #expect(bytes[16..<24] == [0, 0, 5, 0, 0, 0, 3, 0x20])
        // What changes as noise does is made smaller.
        _ = try await fixture.value(
            "(() => { const c = document.createElement('canvas'); c.width = 1280; c.height = 800;"
                + "c.style = 'position:absolute;left:0;top:0'; const x = c.getContext('2d');"
                + "const d = x.createImageData(1280, 800); let n = 1; for (let i = 0; i < d.data.length; i++)"
                + "{ n = (n * 16807) % 2147483647; d.data[i] = n & 255 }; x.putImageData(d, 0, 0); document.body.append(c) })()"
        )
        #expect(try await fixture.browser.screenshot().mediaType == "image/jpeg")
        await fixture.browser.stop()
    }

    @Test func `what cannot be done is refused, and nothing happens`() async throws {
        let fixture = try await BrowserFixture.shown()
        let far = Array(repeating: Point(x: 1, y: 1), count: 1001)
        for (action, message) in [
            (.click(.left, at: Point(x: 1280, y: 5), keys: []), "1280, 5 is outside of the page, which is 1280 by 800"),
            (.doubleClick(at: Point(x: -1, y: 5), keys: []), "-1, 5 is outside of the page, which is 1280 by 800"),
            (.drag([Point(x: 1, y: 1), Point(x: 1, y: 900)], keys: []), "1, 900 is outside of the page"),
            (.drag(far, keys: []), "1000 places on the way of a drag are the most"),
            (.scroll(at: Point(x: 0, y: 800), x: 0, y: 9, keys: []), "0, 800 is outside of the page"),
            (.move(to: Point(x: 9999, y: 0), keys: []), "9999, 0 is outside of the page"),
            (.click(.left, at: button, keys: ["HYPER"]), "no key is called \"HYPER\""),
            (.keypress(["HYPER", "X"]), "no key is called \"HYPER\""), (.keypress([]), "no key is named"),
            (.type(String(repeating: "x", count: 200_001)), "200000 bytes of text at a time are the most"),
        ] as [(ComputerAction, String)] {
            do throws(BrowserError) {
                try await fixture.browser.perform(action)
                Issue.record("\(action) was done")
            } catch {
                #expect(error.code == .refused && error.message.hasPrefix(message))
            }
        }
        #expect(try await fixture.events() == [])
        await fixture.browser.stop()
    }
}
