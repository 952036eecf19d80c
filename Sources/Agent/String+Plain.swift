extension StringProtocol {
    /// The text without what a terminal may act on: C0 but for tab and line feed, DEL, C1, and the marks that turn
    /// text around. Line ends of all kinds become line feeds.
    var plain: String {
        var text = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0A where previous == "\r": break
            case 0x0D, 0x85, 0x2028, 0x2029: text.append("\n")
            case 0x09, 0x0A: text.append(scalar)
            case 0x00..<0x20, 0x7F..<0xA0, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: break
            default: text.append(scalar)
            }
            previous = scalar
        }
        return String(text)
    }
}
