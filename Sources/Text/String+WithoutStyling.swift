extension StringProtocol {
    /// The text without the sequences that colour it, move a cursor or choose a character set (ECMA-48: CSI and OSC;
    /// ECMA-35: escapes with an intermediate byte), which programs print on purpose.
    ///
    /// This is for reading; it makes no text safe, as `stripped`, `marked` and `named` do.
    public var withoutStyling: String {
        guard utf8.contains(0x1B) else { return String(self) }
        var kept = String.UnicodeScalarView()
        var scalars = Substring(self).unicodeScalars
        while let scalar = scalars.popFirst() {
            guard scalar == "\u{1B}", let kind = scalars.first else {
                kept.append(scalar)
                continue
            }
            switch kind {
            case "[":
                scalars = scalars.dropFirst().drop { 0x20...0x3F ~= $0.value }
                if let last = scalars.first, 0x40...0x7E ~= last.value { scalars.removeFirst() }
            case "]": Self.skipSystemCommand(&scalars)
            case " "..."/":
                scalars = scalars.drop { 0x20...0x2F ~= $0.value }
                if let last = scalars.first, 0x30...0x7E ~= last.value { scalars.removeFirst() }
            default: kept.append(scalar)
            }
        }
        return String(kept)
    }

    /// Passes over `]…` up to BEL or `ESC \`; over the bracket alone where no end is near.
    private static func skipSystemCommand(_ scalars: inout Substring.UnicodeScalarView) {
        scalars.removeFirst()
        let rest = scalars
        let end = rest.prefix(2000).first { $0 == "\u{07}" || $0 == "\u{1B}" }
        guard let end else { return }
        scalars = rest.drop { $0 != end }.dropFirst()
        if end == "\u{1B}", scalars.first == "\\" { scalars.removeFirst() }
    }
}
