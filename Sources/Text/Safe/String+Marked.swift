extension StringProtocol {
    /// The text for a person who judges it, with a mark in the place of each character that has an effect: `^[`,
    /// `<U+202E>`.
    ///
    /// Line feeds and tabs stay. A carriage return before a line feed goes; any other is shown.
    public var marked: String {
        if isPlainASCII { return String(self) }
        var text = ""
        forEachEffect { scalar, effect, next in
            if scalar == "\r", next == "\n" { return }
            if let mark = scalar.mark(for: effect) { text += mark } else { text.unicodeScalars.append(scalar) }
        }
        return text
    }

    /// The marked text on one line: line feeds and tabs are spaces.
    public var markedLine: String {
        var text = marked.unicodeScalars
        guard text.contains(where: { $0 == "\n" || $0 == "\t" }) else { return String(text) }
        text = String.UnicodeScalarView(text.map { $0 == "\n" || $0 == "\t" ? " " : $0 })
        return String(text)
    }
}

extension Unicode.Scalar {
    /// What stands for a character with an effect; nil where none is needed, as for line feeds and tabs.
    public func mark(for effect: CharacterEffect?) -> String? {
        guard let effect, effect != .tab, self != "\n" else { return nil }
        switch value {
        case 0x00..<0x20: return "^" + String(Character(Unicode.Scalar(UInt8(value) + 0x40)))
        case 0x7F: return "^?"
        default: return "<\(codePoint)>"
        }
    }
}
