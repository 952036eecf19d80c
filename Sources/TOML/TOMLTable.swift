/// Keys and their values, in the order of the text.
///
/// Keys are compared by their bytes, as TOML requires: two encodings of one accented letter are two keys.
public struct TOMLTable: Sendable {
    /// A key, its value, and the line where it is first named.
    public struct Entry: Sendable {
        /// The key without quotes.
        public let key: String
        /// The value.
        public let value: TOMLValue
        /// The line, from 1.
        public let line: Int
    }

    /// All keys, in the order of the text.
    public let entries: [Entry]
    /// The line where it starts, from 1: that of its header, of its brace, or of the first key that names it.
    public let line: Int
    private let places: [[UInt8]: Int]

    init(entries: [Entry], line: Int, places: [[UInt8]: Int]) {
        self.entries = entries
        self.line = line
        self.places = places
    }

    /// The value of a key, if there is one.
    public subscript(key: String) -> TOMLValue? { places[Array(key.utf8)].map { entries[$0].value } }
}

extension TOMLTable: Equatable {
    /// Whether both have the same keys with the same values, whatever the order and the lines.
    public static func == (one: TOMLTable, other: TOMLTable) -> Bool {
        one.entries.count == other.entries.count && one.entries.allSatisfy { $0.value == other[$0.key] }
    }
}
