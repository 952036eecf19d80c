/// Text in the headers of mails that is not ASCII: `=?UTF-8?q?J=C3=BCrgen?=` (RFC 2047).
enum EncodedWords {
    /// The text with all its encoded words decoded; those that cannot be stay as they are.
    static func decoded(_ text: String) -> String {
        var result = ""
        var rest = text[...]
        var followsWord = false
        while let start = rest.firstRange(of: "=?") {
            let between = rest[..<start.lowerBound]
            guard let word = Word(rest[start.lowerBound...]) else {
                result += rest[..<start.upperBound]
                rest = rest[start.upperBound...]
                followsWord = false
                continue
            }
            // Blanks between two encoded words only fold the line.
            if !followsWord || !between.allSatisfy(\.isWhitespace) { result += between }
            result += word.text
            rest = rest[word.end...]
            followsWord = true
        }
        return result + rest
    }

    private struct Word {
        let text: String
        let end: String.Index

        init?(_ source: Substring) {
            let parts = source.dropFirst(2).split(separator: "?", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, parts[3].first == "=" else { return nil }
            let content = Array(parts[2].utf8)
            let bytes: [UInt8]?
            switch parts[1].lowercased() {
            case "q": bytes = Self.quoted(content)
            case "b": bytes = Self.base64(content)
            default: return nil
            }
            guard let bytes else { return nil }
            switch parts[0].split(separator: "*").first?.lowercased() {
            case "utf-8", "us-ascii": text = String(decoding: bytes, as: UTF8.self)
            case "iso-8859-1": text = String(String.UnicodeScalarView(bytes.map(Unicode.Scalar.init)))
            default: return nil
            }
            end = source.index(after: parts[3].startIndex)
        }

        private static func quoted(_ text: [UInt8]) -> [UInt8]? {
            var bytes: [UInt8] = []
            var rest = text[...]
            while let byte = rest.popFirst() {
                if byte == UInt8(ascii: "=") {
                    guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else {
                        return nil
                    }
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte == UInt8(ascii: "_") ? 0x20 : byte)
                }
            }
            return bytes
        }

        private static func base64(_ text: [UInt8]) -> [UInt8]? {
            var bytes: [UInt8] = []
            var (bits, count) = (UInt32(0), 0)
            for byte in text where byte != UInt8(ascii: "=") {
                let value: UInt8
                switch byte {
                case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = byte - 65
                case UInt8(ascii: "a")...UInt8(ascii: "z"): value = byte - 71
                case UInt8(ascii: "0")...UInt8(ascii: "9"): value = byte + 4
                case UInt8(ascii: "+"): value = 62
                case UInt8(ascii: "/"): value = 63
                default: return nil
                }
                bits = bits << 6 | UInt32(value)
                count += 6
                if count >= 8 {
                    count -= 8
                    bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
                }
            }
            return bytes
        }
    }
}
