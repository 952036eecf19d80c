/// Hides secrets in texts that others have written, in the forms in which a server or a proxy echoes them: as they are,
/// percent-encoded, escaped as in JSON, in base64 with whatever stands before them, and cut off.
public struct SecretMask: Sendable {
    /// A form of a secret.
    private struct Form {
        let bytes: [UInt8]
        /// What is shown in its place.
        let mark: [UInt8]
        /// Where each piece of the shortest length that gives something away begins.
        let starts: [ArraySlice<UInt8>: Int]

        init(_ bytes: [UInt8], mark: [UInt8], shortest: Int) {
            self.bytes = bytes
            self.mark = mark
            var starts: [ArraySlice<UInt8>: Int] = [:]
            for start in stride(from: bytes.count - shortest, through: 0, by: -1) {
                starts[bytes[start..<start + shortest]] = start
            }
            self.starts = starts
        }
    }

    /// The length of pieces to look for, and the forms that have them.
    private let forms: [(shortest: Int, forms: [Form])]

    /// Shorter texts are found everywhere, and are no secrets.
    private static let shortestSecret = 6
    /// The start of a key tells what kind it is, and a server that names it gives nothing away.
    private static let longestHarmlessPiece = 15

    /// Prepares for secrets, each with the name that is shown in its place.
    public init(_ secrets: [(name: String, value: String)]) {
        var forms: [Int: [Form]] = [:]
        for (name, value) in secrets where value.utf8.count >= Self.shortestSecret {
            let mark = Array("[\(name)]".utf8)
            for bytes in Self.forms(of: Array(value.utf8)) where bytes.count >= Self.shortestSecret {
                let half = max(bytes.count / 2, 8)
                let shortest = min(bytes.count, half, Self.longestHarmlessPiece + 1)
                forms[shortest, default: []].append(Form(bytes, mark: mark, shortest: shortest))
            }
        }
        self.forms = forms.sorted { $0.key > $1.key }.map { ($0.key, $0.value) }
    }

    /// The text with a mark in the place of each secret.
    public func masked(_ text: String) -> String {
        guard !forms.isEmpty else { return text }
        let bytes = Array(text.utf8)
        var (kept, position, isChanged) = ([UInt8](), 0, false)
        while position < bytes.count {
            if let (length, mark) = secret(in: bytes, at: position) {
                kept += mark
                position += length
                isChanged = true
            } else {
                kept.append(bytes[position])
                position += 1
            }
        }
        return isChanged ? String(decoding: kept, as: UTF8.self) : text
    }

    /// The longest piece of a secret that begins at a place.
    private func secret(in bytes: [UInt8], at position: Int) -> (length: Int, mark: [UInt8])? {
        var longest: (length: Int, mark: [UInt8])?
        for (shortest, forms) in forms where position + shortest <= bytes.count {
            let piece = bytes[position..<position + shortest]
            for form in forms {
                guard let start = form.starts[piece] else { continue }
                let common = zip(form.bytes[start...], bytes[position...]).prefix { $0 == $1 }.count
                if common > longest?.length ?? 0 { longest = (common, form.mark) }
            }
        }
        return longest
    }

    private static func forms(of value: [UInt8]) -> Set<[UInt8]> {
        var forms: Set<[UInt8]> = [value, escaped(value, slash: false), escaped(value, slash: true)]
        for digits in ["0123456789ABCDEF", "0123456789abcdef"] {
            forms.insert(percentEncoded(value, Array(digits.utf8)))
        }
        for padding in 0..<3 {
            // The first characters depend on what stands before, and the last ones on what follows.
            let encoded = base64([UInt8](repeating: 0, count: padding) + value)
            let core = Array(encoded[(padding * 8 + 5) / 6..<(padding + value.count) * 8 / 6])
            forms.insert(core)
            forms.insert(core.map { $0 == UInt8(ascii: "+") ? UInt8(ascii: "-") : $0 == UInt8(ascii: "/") ? 0x5F : $0 })
        }
        return forms
    }

    private static func percentEncoded(_ value: [UInt8], _ digits: [UInt8]) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            let isPlain =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || "-._~".utf8.contains(byte)
            return isPlain ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }

    private static func escaped(_ value: [UInt8], slash: Bool) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            let isSpecial =
                byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || (slash && byte == UInt8(ascii: "/"))
            return isSpecial ? [UInt8(ascii: "\\"), byte] : [byte]
        }
    }

    private static func base64(_ value: [UInt8]) -> [UInt8] {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return stride(from: 0, to: value.count, by: 3).flatMap { start -> [UInt8] in
            let part = value[start..<min(start + 3, value.count)]
            let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
            return (0...3).map { letters[bits >> (18 - 6 * $0) & 63] }
        }
    }
}
