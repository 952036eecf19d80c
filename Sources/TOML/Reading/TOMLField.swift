import Text

/// A key of a file, with typed access to its value.
///
/// A value of another type is a `TOMLError` that names the file, the key and the line.
public struct TOMLField: Sendable {
    let entry: TOMLTable.Entry
    let file: String
    let path: [String]

    /// The key, without those above it.
    public var key: String { entry.key }
    /// The value.
    public var value: TOMLValue { entry.value }

    /// The error that the value is not what the key takes.
    ///
    /// - Parameter expected: What it must be, to be read behind "must be".
    public func mismatch(_ expected: String) -> TOMLError {
        TOMLError(.value, "\(name) must be \(expected)", file: file, line: entry.line)
    }

    /// The key as one of those that its place may have; they alone are proposed for a typo.
    ///
    /// - Parameter tables: The keys of the tables beside it, since a key is easily written above the header of its table.
    /// - Throws: For a key that is none of them; the error names the one that is most likely meant.
    public func key<Key: CaseIterable & RawRepresentable<String>>(
        tables: [(name: String, keys: [String])] = []
    ) throws(TOMLError) -> Key {
        if let known = Key(rawValue: key) { return known }
        var meant = NearName.of(key, in: Key.allCases.map(\.rawValue)).map { path.dropLast() + [$0] }
        if meant == nil, let table = tables.first(where: { $0.keys.contains(key) }) {
            meant = path.dropLast() + [table.name, key]
        }
        let hint = meant.map { "; did you mean \(Self.spelled($0))?" } ?? ""
        throw TOMLError(.unknownKey, "unknown key \(name)\(hint)", file: file, line: entry.line)
    }

    private var name: String { Self.spelled(path) }

    private static func spelled(_ path: some Sequence<String>) -> String {
        path.map(\.shownAsKey).joined(separator: ".")
    }
}

extension TOMLField {
    /// The value as a string.
    ///
    /// - Throws: A mismatch for any other value.
    public func string() throws(TOMLError) -> String {
        guard let text = value.string else { throw mismatch("a string") }
        return text
    }

    /// The value as a boolean.
    ///
    /// - Throws: A mismatch for any other value.
    public func flag() throws(TOMLError) -> Bool {
        guard let flag = value.boolean else { throw mismatch("true or false") }
        return flag
    }

    /// The value as a whole number above zero.
    ///
    /// - Throws: A mismatch for any other value.
    public func count() throws(TOMLError) -> Int {
        guard let number = value.integer, number > 0 else { throw mismatch("a positive whole number") }
        return number
    }

    /// The value as one of a few words.
    ///
    /// - Throws: A mismatch for any other value.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>() throws(TOMLError) -> Choice {
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }
        let listed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return try text(listed, Choice.init(rawValue:))
    }

    /// The string as `read` understands it.
    ///
    /// - Throws: A mismatch if it is not a string, or `read` returns nil.
    public func text<Meaning>(
        _ expected: String, _ read: (String) -> Meaning?
    ) throws(TOMLError) -> Meaning {
        guard let meaning = value.string.flatMap(read) else { throw mismatch(expected) }
        return meaning
    }

    /// The list of strings as `read` understands them.
    ///
    /// - Throws: A mismatch if it is not such a list, or `read` returns nil for one of them.
    public func list<Meaning>(
        _ expected: String, _ read: (String) -> Meaning?
    ) throws(TOMLError) -> [Meaning] {
        guard let values = value.array else { throw mismatch("a list of \(expected)") }
        let meanings = values.compactMap { $0.string.flatMap(read) }
        guard meanings.count == values.count else { throw mismatch("a list of \(expected)") }
        return meanings
    }

    /// The value as a table.
    ///
    /// - Throws: A mismatch for any other value.
    public func section() throws(TOMLError) -> TOMLSection {
        guard let table = value.table else { throw mismatch("a table") }
        return TOMLSection(table, file: file, path: path)
    }

    /// The tables of `[[key]]`.
    ///
    /// - Throws: A mismatch for any other value.
    public func sections() throws(TOMLError) -> [TOMLSection] {
        let tables = value.array?.compactMap(\.table)
        guard let tables, tables.count == value.array?.count else { throw mismatch("written as [[\(key.shownAsKey)]]") }
        return tables.map { TOMLSection($0, file: file, path: path) }
    }
}
