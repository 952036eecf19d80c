import Text

/// Writes a page into bytes. Markup can only come from literals in the source; everything else is escaped.
struct HTMLWriter {
    /// What has been written.
    private(set) var bytes: [UInt8] = []

    /// Writes markup as it stands.
    mutating func markup(_ text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    /// Writes a number.
    mutating func number(_ value: Int) {
        bytes.append(contentsOf: "\(value)".utf8)
    }

    /// Writes a coordinate with one decimal.
    mutating func coordinate(_ value: Double) {
        let tenths = value.isFinite ? Int((value * 10).rounded()) : 0
        bytes.append(contentsOf: (tenths < 0 ? "-" : "").utf8)
        number(abs(tenths) / 10)
        if tenths % 10 != 0 {
            bytes.append(UInt8(ascii: "."))
            number(abs(tenths) % 10)
        }
    }

    /// Writes text as the content of an element; what cannot be seen, or would turn other text around, gets a name.
    mutating func text(_ value: some StringProtocol) {
        write(value) { writer, name in
            writer.markup("<span class=inv>")
            for scalar in name.unicodeScalars { writer.escape(scalar) }
            writer.markup("</span>")
        }
    }

    /// Writes text as an attribute's value, between double quotes that are the caller's.
    mutating func value(_ value: some StringProtocol) {
        write(value) { writer, name in for scalar in name.unicodeScalars { writer.escape(scalar) } }
    }

    /// Writes a resource of the program: style or script.
    mutating func resource(_ content: [UInt8]) {
        bytes.append(contentsOf: content)
    }

    private mutating func write(_ text: some StringProtocol, name: (inout HTMLWriter, String) -> Void) {
        var reader = EffectReader()
        var rest = Substring(text).unicodeScalars
        while let scalar = rest.popFirst() {
            let effect = reader.effect(of: scalar, before: rest.first)
            if scalar == "\r", rest.first == "\n" { continue }
            if let mark = scalar.mark(for: effect) { name(&self, mark) } else { escape(scalar) }
        }
    }

    private mutating func escape(_ scalar: Unicode.Scalar) {
        switch scalar {
        case "<": markup("&lt;")
        case ">": markup("&gt;")
        case "&": markup("&amp;")
        case "\"": markup("&quot;")
        case "'": markup("&#39;")
        case _ where scalar.isASCII: bytes.append(UInt8(truncatingIfNeeded: scalar.value))
        default: bytes.append(contentsOf: String(scalar).utf8)
        }
    }
}
