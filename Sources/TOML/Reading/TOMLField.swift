/// A key of a file with its value, where something certain is expected.
///
/// What is not so is an error that names the file, the key and the line.
public struct TOMLField: Sendable {
    let entry: TOMLTable.Entry
    let file: String
    let path: [String]

    /// The key, without those above it.
    public var key: String { entry.key }
    /// What it stands for.
    public var value: TOMLValue { entry.value }

    /// The error that it should be something else.
    ///
    /// - Parameter expected: What it must be.
    public func mismatch(_ expected: String) -> TOMLError {
        TOMLError(.value, "\(name) must be \(expected)", file: file, line: entry.line)
    }

    /// The error that nobody knows the key.
    public var unknown: TOMLError {
        TOMLError(.unknownKey, "unknown key \(name)", file: file, line: entry.line)
    }

    private var name: String { path.map(\.shownAsKey).joined(separator: ".") }
}

extension TOMLField {
    /// A text.
    public func string() throws(TOMLError) -> String {
        guard let text = value.string else { throw mismatch("a string") }
        return text
    }

    /// A boolean.
    public func flag() throws(TOMLError) -> Bool {
        guard let flag = value.boolean else { throw mismatch("true or false") }
        return flag
    }

    /// A whole number above zero.
    public func count() throws(TOMLError) -> Int {
        guard let number = value.integer, number > 0 else { throw mismatch("a positive whole number") }
        return number
    }

    /// One of a few words.
    public func choice<Choice: CaseIterable & RawRepresentable<String>>() throws(TOMLError) -> Choice {
        let words = Choice.allCases.map { "\"\($0.rawValue)\"" }
        let listed = words.dropLast().joined(separator: ", ") + " or " + (words.last ?? "")
        return try text(listed, Choice.init(rawValue:))
    }

    /// A text that means something; `nil` from `read` is a mismatch.
    public func text<Meaning>(
        _ expected: String, _ read: (String) -> Meaning?
    ) throws(TOMLError) -> Meaning {
        guard let meaning = value.string.flatMap(read) else { throw mismatch(expected) }
        return meaning
    }

    /// A list of texts that all mean something; `nil` from `read` is a mismatch.
    public func list<Meaning>(
        _ expected: String, _ read: (String) -> Meaning?
    ) throws(TOMLError) -> [Meaning] {
        guard let values = value.array else { throw mismatch("a list of \(expected)") }
        let meanings = values.compactMap { $0.string.flatMap(read) }
        guard meanings.count == values.count else { throw mismatch("a list of \(expected)") }
        return meanings
    }

    /// A table.
    public func section() throws(TOMLError) -> TOMLSection {
        guard let table = value.table else { throw mismatch("a table") }
        return TOMLSection(table, file: file, path: path)
    }

    /// The tables of `[[key]]`.
    public func sections() throws(TOMLError) -> [TOMLSection] {
        let tables = value.array?.compactMap(\.table)
        guard let tables, tables.count == value.array?.count else { throw mismatch("written as [[\(key.shownAsKey)]]") }
        return tables.map { TOMLSection($0, file: file, path: path) }
    }
}
