public import TOMLKit

extension TOMLTable {
    /// Parses a text that anybody may have written.
    ///
    /// Control characters, and headers whose name begins with what no name can, are refused first: the parser would stop
    /// the program with an assertion.
    ///
    /// - Throws: An error whose description says what is wrong.
    public convenience init(untrusted text: String) throws {
        let isControl: (UInt8) -> Bool = { ($0 < 0x20 && ![0x09, 0x0A, 0x0D].contains($0)) || $0 == 0x7F }
        if let place = text.utf8.firstIndex(where: isControl) {
            let line = text.utf8[..<place].count { $0 == 0x0A } + 1
            throw ProfileError(description: "a control character in line \(line)")
        }
        var number = 0
        for line in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false) {
            number += 1
            // A byte order mark may begin the file.
            var rest = line.drop { Self.isBlank($0) || $0 >= 0x80 }
            guard rest.first == UInt8(ascii: "[") else { continue }
            rest = rest.dropFirst().drop(while: Self.isBlank)
            if rest.first == UInt8(ascii: "[") { rest = rest.dropFirst().drop(while: Self.isBlank) }
            guard let first = rest.first, !Self.canFollowBracket(first) else { continue }
            throw ProfileError(description: "no name behind the bracket in line \(number)")
        }
        try self.init(string: text)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private static func canFollowBracket(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "-_\"']".utf8.contains(byte)
        }
    }
}
