/// Names that a model's server takes: letters, digits, `_` and `-`, 64 at most.
enum ToolNames {
    static let longest = 64

    /// A name made of one that others have chosen; `taken` are those that it must not be.
    static func legal(_ name: String, longest: Int = longest, taken: Set<String> = []) -> String {
        var legal = String(
            decoding: name.utf8.prefix(longest).map { isLegal($0) ? $0 : UInt8(ascii: "_") }, as: UTF8.self)
        if legal.isEmpty { legal = "tool" }
        var number = 2
        var candidate = legal
        while taken.contains(candidate) {
            let suffix = "_\(number)"
            candidate = legal.prefix(longest - suffix.utf8.count) + suffix
            number += 1
        }
        return candidate
    }

    private static func isLegal(_ byte: UInt8) -> Bool {
        0x30...0x39 ~= byte || 0x41...0x5A ~= byte || 0x61...0x7A ~= byte || byte == UInt8(ascii: "-") || byte == 0x5F
    }
}
