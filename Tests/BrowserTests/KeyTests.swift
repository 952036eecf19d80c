import Testing

@testable import Browser

@Suite struct KeyTests {
    @Test(arguments: [
        ("ENTER", "Enter", 13), ("Return", "Enter", 13), ("ESC", "Escape", 27), ("SPACE", "Space", 32),
        ("ARROWLEFT", "ArrowLeft", 37), ("Left", "ArrowLeft", 37), ("Page_Up", "PageUp", 33), ("PgDn", "PageDown", 34),
        ("ctrl", "ControlLeft", 17), ("Control_L", "ControlLeft", 17), ("OPTION", "AltLeft", 18),
        ("SUPER", "MetaLeft", 91), ("CMD", "MetaLeft", 91), ("Shift_R", "ShiftLeft", 16), ("DEL", "Delete", 46),
        ("F1", "F1", 112), ("f24", "F24", 135), ("a", "KeyA", 65), ("A", "KeyA", 65), ("7", "Digit7", 55),
        ("/", "Slash", 191), ("backslash", "Backslash", 220), ("plus", "Equal", 187), ("KP_5", "Numpad5", 101),
        ("Caps Lock", "CapsLock", 20),
    ])
    func `the names that models use are those of keys`(name: String, code: String, number: Int) {
        #expect(Key(named: name)?.code == code)
        #expect(Key(named: name)?.number == number)
    }

    @Test(arguments: ["", "HYPER", "F25", "F0", "é", "NUMPAD10", "KP_"])
    func `a name that is none is no key`(name: String) { #expect(Key(named: name) == nil) }

    @Test func `all printable characters of ASCII can be typed`() {
        for byte in UInt8(32)...126 {
            let character = Character(Unicode.Scalar(byte))
            #expect(Key(typing: character)?.text == "\(character)")
        }
        #expect(Key(typing: "A")?.isShifted == true && Key(typing: "a")?.shifted == Key(typing: "A"))
    }

    @Test func `keys of a chord are held and pressed, and a Mac's are this machine's`() throws {
        let chord = try KeyChord(["CTRL", "SHIFT", "t"])
        #expect(chord.modifiers == [.control, .shift] && chord.pressed.map(\.code) == ["KeyT"])
        #expect(try KeyChord(["ctrl+shift+t"]) == chord)
        #expect(try KeyChord(["CMD", "a"]).isShortcut(.control, "a"))
        #expect(try KeyChord(["CMD"]).modifiers == .meta)
        #expect(try KeyChord(["+"]).pressed.map(\.name) == ["+"])
        #expect(try KeyChord(["ctrl++"]).pressed.map(\.name) == ["+"])
        #expect(throws: BrowserError.self) { try KeyChord(Array(repeating: "a", count: 201)) }
    }
}
