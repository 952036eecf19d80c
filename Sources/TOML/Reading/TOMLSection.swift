/// A table of a file, with its name for messages.
public struct TOMLSection: Sendable {
    /// The table.
    public let table: TOMLTable
    /// The file's name.
    private let file: String
    /// The keys of the tables around it, and its own.
    private let path: [String]

    /// Reads a whole file.
    ///
    /// - Parameter name: The file's name for messages.
    /// - Throws: `.syntax` for the first place that is not TOML.
    public init(parsing bytes: [UInt8], name: String) throws(TOMLError) {
        do { table = try TOMLTable(parsing: bytes) } catch {
            throw error.named(name)
        }
        file = name
        path = []
    }

    init(_ table: TOMLTable, file: String, path: [String]) {
        self.table = table
        self.file = file
        self.path = path
    }

    /// All keys with their values, in the order of the file.
    public var fields: [TOMLField] {
        table.entries.map { TOMLField(entry: $0, file: file, path: path + [$0.key]) }
    }

    /// The error that the table as a whole cannot be used.
    ///
    /// - Parameter problem: What is wrong, to be read behind the table's name.
    public func error(_ problem: String) -> TOMLError {
        guard !path.isEmpty else { return TOMLError(.value, problem, file: file) }
        let name = path.map(\.shownAsKey).joined(separator: ".")
        return TOMLError(.value, "\(name) \(problem)", file: file, line: table.line)
    }
}
