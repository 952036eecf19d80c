/// A commit as a file for `git am`, named as `git format-patch` names it.
public struct PatchFile: Sendable, Equatable {
    /// The number and the subject: `0001-Fix-the-parser.patch`.
    public let name: String
    /// One mail.
    public let bytes: [UInt8]

    /// Names a mail.
    ///
    /// - Parameter number: Its place in the series, counted from 1.
    public init(number: Int, subject: String, bytes: [UInt8]) {
        let digits = "\(number)"
        let start = String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits + "-"
        name = (start + Self.word(subject)).prefix(Self.longest - 1 - Self.ending.utf8.count) + Self.ending
        self.bytes = bytes
    }

    /// Whether a file may be one of these by its name, which leads to no other folder.
    static func isName(_ name: String) -> Bool {
        name.utf8.count < longest && name.hasSuffix(ending) && name.prefix(4).allSatisfy { $0.isASCII && $0.isNumber }
            && name.utf8.allSatisfy { isKept($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".") }
    }

    /// The subject as git spells it in a name (format_sanitized_subject in pretty.c): letters, digits, `_` and one `.`
    /// stay, a `-` stands for all else, and there is neither a `.` nor a `-` at the end.
    private static func word(_ subject: String) -> String {
        var text: [UInt8] = []
        var isGap = false
        for byte in subject.utf8 {
            let isPoint = byte == UInt8(ascii: ".")
            guard isKept(byte) || isPoint else {
                isGap = !text.isEmpty
                continue
            }
            if isPoint, text.last == byte, !isGap { continue }
            text += isGap ? [UInt8(ascii: "-"), byte] : [byte]
            isGap = false
        }
        while let last = text.last, last == UInt8(ascii: "-") || last == UInt8(ascii: ".") { text.removeLast() }
        return String(decoding: text, as: UTF8.self)
    }

    private static func isKept(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
            || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || byte == UInt8(ascii: "_")
    }

    private static let ending = ".patch"
    /// One byte more than a name has at most (FORMAT_PATCH_NAME_MAX in git's log-tree.h).
    private static let longest = 64
}
