/// A key of a US keyboard, as browsers name it.
struct Key: Sendable, Equatable {
    /// What a page reads as `event.key`.
    let name: String
    /// What a page reads as `event.code`.
    let code: String
    /// The Windows number, which pages read as `event.keyCode`.
    let number: Int
    /// What it puts into a text field; nil for a key that puts in nothing.
    var text: String?
    /// 1 for the left one of two, 3 for the number pad.
    var location = 0
    /// What it holds down for others; nil for a key that is not held.
    var modifier: Modifiers?
    /// Whether shift is held to type it.
    var isShifted = false
}

extension Key {
    /// The key that types a character; nil for one that a US keyboard does not have.
    init?(typing character: Character) {
        guard let key = Self.characters[character] else { return nil }
        self = key
    }

    /// The key of a name as models write it, in any case: `CTRL`, `ENTER`, `ArrowLeft`, `Page_Up`, `a`, `F5`.
    init?(named name: String) {
        if name.count == 1, let character = name.first {
            // Models write shortcuts in capitals, and hold shift where they mean it.
            guard let key = Key(typing: Character(character.lowercased())) else { return nil }
            self = key
            return
        }
        let plain = String(name.lowercased().filter { $0 != "_" && $0 != "-" && $0 != " " })
        if let key = Self.named[plain] {
            self = key
        } else if plain.hasPrefix("f"), let number = Int(plain.dropFirst()), 1...24 ~= number {
            self.init(name: "F\(number)", code: "F\(number)", number: 111 + number)
        } else if let digit = ["numpad", "kp", "num"].lazy.compactMap({ Self.digit(plain, after: $0) }).first {
            self.init(
                name: "\(digit)", code: "Numpad\(digit)", number: 96 + digit, text: "\(digit)", location: 3)
        } else {
            return nil
        }
    }

    /// What the same key types while shift is held.
    var shifted: Key {
        guard modifier == nil, !isShifted else { return self }
        return Self.characters.values.first { $0.code == code && $0.isShifted } ?? self
    }

    private static func digit(_ name: String, after prefix: String) -> Int? {
        guard name.hasPrefix(prefix), name.count == prefix.count + 1 else { return nil }
        return Int(name.dropFirst(prefix.count))
    }

    static let shift = Key(name: "Shift", code: "ShiftLeft", number: 16, location: 1, modifier: .shift)
    static let control = Key(name: "Control", code: "ControlLeft", number: 17, location: 1, modifier: .control)
    static let alt = Key(name: "Alt", code: "AltLeft", number: 18, location: 1, modifier: .alt)
    static let meta = Key(name: "Meta", code: "MetaLeft", number: 91, location: 1, modifier: .meta)
    static let enter = Key(name: "Enter", code: "Enter", number: 13, text: "\r")
    static let tab = Key(name: "Tab", code: "Tab", number: 9)

    /// The names for people, when one is not known.
    static let someNames =
        "ENTER, TAB, ESC, SPACE, BACKSPACE, DELETE, ARROWUP, PAGEDOWN, HOME, END, CTRL, SHIFT, ALT, "
        + "F1, or a character"

    /// The keys with more than a character for a name, by their names without lines and in small letters.
    private static let named: [String: Key] = {
        var all: [String: Key] = [:]
        func add(_ names: String, _ key: Key) { for name in names.split(separator: " ") { all[String(name)] = key } }
        add("shift shiftleft shiftl shiftright shiftr", .shift)
        add("ctrl control controlleft controll controlright controlr ctrll ctrlr", .control)
        add("alt altleft altl altright altr altgr altgraph option opt", .alt)
        add("meta metaleft metaright cmd command super superl superr win windows os cmdorctrl", .meta)
        add("enter return kpenter numpadenter", .enter)
        add("tab", .tab)
        add("backspace", Key(name: "Backspace", code: "Backspace", number: 8))
        add("delete del kpdelete", Key(name: "Delete", code: "Delete", number: 46))
        add("insert ins", Key(name: "Insert", code: "Insert", number: 45))
        add("escape esc", Key(name: "Escape", code: "Escape", number: 27))
        add("space spacebar", Key(name: " ", code: "Space", number: 32, text: " "))
        add("arrowleft left kpleft", Key(name: "ArrowLeft", code: "ArrowLeft", number: 37))
        add("arrowup up kpup", Key(name: "ArrowUp", code: "ArrowUp", number: 38))
        add("arrowright right kpright", Key(name: "ArrowRight", code: "ArrowRight", number: 39))
        add("arrowdown down kpdown", Key(name: "ArrowDown", code: "ArrowDown", number: 40))
        add("pageup pgup prior", Key(name: "PageUp", code: "PageUp", number: 33))
        add("pagedown pgdn pgdown next", Key(name: "PageDown", code: "PageDown", number: 34))
        add("end", Key(name: "End", code: "End", number: 35))
        add("home", Key(name: "Home", code: "Home", number: 36))
        add("capslock", Key(name: "CapsLock", code: "CapsLock", number: 20))
        add("numlock", Key(name: "NumLock", code: "NumLock", number: 144))
        add("scrolllock", Key(name: "ScrollLock", code: "ScrollLock", number: 145))
        add("printscreen prtsc print", Key(name: "PrintScreen", code: "PrintScreen", number: 44))
        add("pause break", Key(name: "Pause", code: "Pause", number: 19))
        add("contextmenu menu apps", Key(name: "ContextMenu", code: "ContextMenu", number: 93))
        add("kpadd numpadadd", Key(name: "+", code: "NumpadAdd", number: 107, text: "+", location: 3))
        add("kpsubtract numpadsubtract", Key(name: "-", code: "NumpadSubtract", number: 109, text: "-", location: 3))
        add("kpmultiply numpadmultiply", Key(name: "*", code: "NumpadMultiply", number: 106, text: "*", location: 3))
        add("kpdivide numpaddivide divide", Key(name: "/", code: "NumpadDivide", number: 111, text: "/", location: 3))
        for (names, character) in [
            ("plus", "+"), ("minus hyphen dash", "-"), ("comma", ","), ("period dot", "."), ("slash", "/"),
            ("backslash", "\\"), ("semicolon", ";"), ("quote apostrophe", "'"), ("grave backquote backtick", "`"),
            ("equal equals", "="), ("bracketleft leftbracket", "["), ("bracketright rightbracket", "]"),
        ] as [(String, Character)] {
            if let key = characters[character] { add(names, key) }
        }
        return all
    }()

    /// The keys that type one character.
    private static let characters: [Character: Key] = {
        var all: [Character: Key] = [" ": Key(name: " ", code: "Space", number: 32, text: " ")]
        func add(_ plain: Character, _ shifted: Character, code: String, number: Int) {
            all[plain] = Key(name: "\(plain)", code: code, number: number, text: "\(plain)")
            all[shifted] = Key(name: "\(shifted)", code: code, number: number, text: "\(shifted)", isShifted: true)
        }
        for letter in "abcdefghijklmnopqrstuvwxyz" {
            let capital = Character(letter.uppercased())
            add(letter, capital, code: "Key\(capital)", number: Int(capital.asciiValue ?? 0))
        }
        for (digit, sign) in zip("0123456789", ")!@#$%^&*(") {
            add(digit, sign, code: "Digit\(digit)", number: Int(digit.asciiValue ?? 0))
        }
        add(";", ":", code: "Semicolon", number: 186)
        add("=", "+", code: "Equal", number: 187)
        add(",", "<", code: "Comma", number: 188)
        add("-", "_", code: "Minus", number: 189)
        add(".", ">", code: "Period", number: 190)
        add("/", "?", code: "Slash", number: 191)
        add("`", "~", code: "Backquote", number: 192)
        add("[", "{", code: "BracketLeft", number: 219)
        add("\\", "|", code: "Backslash", number: 220)
        add("]", "}", code: "BracketRight", number: 221)
        add("'", "\"", code: "Quote", number: 222)
        return all
    }()
}
