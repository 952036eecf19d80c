/// Reads the elements of one kind of report in their order.
protocol ReportDialect {
    /// The kind, as it stands among the formats of a reading.
    static var format: String { get }
    /// Whether the first element of a document says that it is of this kind.
    static func knows(_ root: String, _ attributes: [String: String]) -> Bool

    /// Makes a reader that has seen nothing.
    init()

    /// Takes the beginning of an element.
    mutating func begin(_ element: String, _ attributes: [String: String])
    /// Takes a piece of text.
    mutating func text(_ text: String)
    /// Takes the end of an element.
    mutating func end(_ element: String)

    /// What was read so far.
    var results: ReportResults { get }
}
