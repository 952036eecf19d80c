extension StringProtocol {
    /// The text for others to read on, such as the message of a commit: without what a terminal obeys, what turns text
    /// around, and what is not seen.
    ///
    /// Line ends of all kinds become line feeds; tabs, spaces of all kinds and unknown characters stay, since they are
    /// the text's own and do nothing.
    public var stripped: String {
        if isPlainASCII { return String(self) }
        var text = String.UnicodeScalarView()
        var isAfterReturn = false
        forEachEffect { scalar, effect, _ in
            switch effect {
            case .lineEnd: if scalar != "\n" || !isAfterReturn { text.append("\n") }
            case nil, .tab, .blank, .unknown: text.append(scalar)
            case .control, .direction, .hidden: break
            }
            isAfterReturn = scalar == "\r"
        }
        return String(text)
    }
}
