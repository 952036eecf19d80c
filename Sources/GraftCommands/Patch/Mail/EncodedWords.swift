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
            case "q": bytes = TransferEncoding.quotedPrintable(content, isWord: true)
            case "b": bytes = TransferEncoding.base64(content)
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
    }
}
