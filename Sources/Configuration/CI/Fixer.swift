import TOML

/// A shell line that a repository names for mending what needs no model: a formatter, a generator.
public struct Fixer: Sendable, Equatable {
    /// Its name.
    public let name: String
    /// What is run.
    public let line: String

    /// Names a line.
    public init(name: String, line: String) {
        self.name = name
        self.line = line
    }

    /// Reads the table `[fixers]`, in the order of the file.
    static func all(_ section: TOMLSection) throws(TOMLError) -> [Fixer] {
        var fixers: [Fixer] = []
        for field in section.fields {
            let name = field.key
            // The name stands in the subject of a commit.
            guard name.utf8.count <= 40, name.unicodeScalars.allSatisfy({ isPlain($0) }), !name.isEmpty else {
                throw field.mismatch("named with letters, digits, dashes, dots and underscores, 40 at most")
            }
            let line = try field.text("a shell line such as \"make fmt\"") { line in
                line.contains { !$0.isWhitespace } ? line : nil
            }
            fixers.append(Fixer(name: name, line: line))
        }
        return fixers
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isASCII
            && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || "-._".unicodeScalars.contains(scalar))
    }
}
