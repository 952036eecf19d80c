extension StringProtocol {
    /// The text as a message quotes it, on one line: each character with an effect is an escape, such as `\t` or
    /// `\u{202E}`.
    ///
    /// A backslash stays one, so that code is shown as it is written; `quoted` cannot be mistaken.
    public var named: String { named(escaping: "") }

    /// The text between double quotes, on one line; a quote or backslash in it is escaped.
    public var quoted: String { "\"" + named(escaping: "\"\\") + "\"" }

    private func named(escaping marks: String) -> String {
        var text = ""
        forEachEffect { scalar, effect, _ in
            if effect != nil {
                text += scalar.escape
            } else {
                if marks.unicodeScalars.contains(scalar) { text += "\\" }
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Unicode.Scalar {
    fileprivate var escape: String {
        switch self {
        case "\t": "\\t"
        case "\n": "\\n"
        case "\r": "\\r"
        default: "\\u{\(String(value, radix: 16, uppercase: true))}"
        }
    }
}
