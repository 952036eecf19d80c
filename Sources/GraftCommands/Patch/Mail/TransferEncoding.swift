/// How the body of a mail travels (RFC 2045, section 6).
enum TransferEncoding {
    /// A text whose mails are decoded, the line that names the encoding left out; what is no encoded mail, and what cannot
    /// be decoded, stays as it is.
    static func removed(from text: [UInt8]) -> [UInt8] {
        mails(in: text).flatMap { decoded($0) ?? Array($0) }
    }

    /// Decodes `=0D` and lines that go on (`=` at the end); nil for an escape that is none.
    ///
    /// - Parameter isWord: Whether the text is an encoded word of a header, where `_` is a space (RFC 2047).
    static func quotedPrintable(_ text: some Collection<UInt8>, isWord: Bool = false) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "_"), isWord {
                bytes.append(0x20)
            } else if byte != UInt8(ascii: "=") {
                bytes.append(byte)
            } else if let line = rest.first, line == 0x0A || line == 0x0D {
                rest = rest.dropFirst(rest.starts(with: [0x0D, 0x0A]) ? 2 : 1)
            } else {
                guard rest.count >= 2, let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
                else { return nil }
                bytes.append(value)
                rest = rest.dropFirst(2)
            }
        }
        return bytes
    }

    /// Decodes base64, with line ends or without; nil if there is anything else in it.
    static func base64(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        var (bits, count) = (UInt32(0), 0)
        for byte in text where byte != UInt8(ascii: "=") && byte != 0x0A && byte != 0x0D {
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

    /// The mails of a mailbox, or the whole text.
    private static func mails(in text: [UInt8]) -> [ArraySlice<UInt8>] {
        var mails: [ArraySlice<UInt8>] = []
        var (start, line) = (0, 0)
        while line < text.count {
            let end = text[line...].firstIndex(of: 0x0A) ?? text.count
            if line > start, PatchMail.beginsMail(text[line..<end]) {
                mails.append(text[start..<line])
                start = line
            }
            line = end + 1
        }
        return mails + [text[start...]]
    }

    /// The mail with its body decoded; nil if it is not encoded.
    private static func decoded(_ mail: ArraySlice<UInt8>) -> [UInt8]? {
        var head: [UInt8] = []
        var encoding: String?
        var rest = mail
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[...end]
            rest = rest[(end + 1)...]
            let text = String(decoding: line, as: UTF8.self).lowercased()
            if text.hasPrefix("content-transfer-encoding:") {
                encoding = ["quoted-printable", "base64"].first { text.contains($0) }
                if encoding != nil { continue }
            }
            head += line
            if text.allSatisfy(\.isWhitespace) { break }
            // A text that has no head is no mail.
            if head.count == line.count, !text.contains(":"), !text.hasPrefix("from ") { return nil }
        }
        switch encoding {
        case "quoted-printable": return quotedPrintable(rest).map { head + $0 }
        case "base64": return base64(rest).map { head + $0 }
        default: return nil
        }
    }
}
