extension StringProtocol {
    /// The text without what a terminal would obey: control characters become U+FFFD, but for line ends and tabs.
    ///
    /// Text of models and commands is untrusted: an escape sequence in it could rewrite the screen or worse.
    var printable: String {
        let isHarmless = unicodeScalars.allSatisfy { !$0.isControl }
        if isHarmless { return String(self) }
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars { text.append(scalar.isControl ? "\u{FFFD}" : scalar) }
        return String(text)
    }
}

extension Unicode.Scalar {
    /// Whether a terminal may act on it: C0 but for tab and line feed, DEL, C1, and the marks that turn text around.
    fileprivate var isControl: Bool {
        switch value {
        case 0x09, 0x0A: false
        case 0x00..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
