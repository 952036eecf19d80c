import Session

/// Reads what one tool prints: a test runner, a compiler, a linter or a build tool.
///
/// A reader is given the output line by line and keeps what it needs of it, as one failure may be told in several
/// places. Any output is given to it, that of other tools too, so it takes only lines that can be of no other tool, and
/// the lines that follow these. It looks at each line once: no search goes back, and what it keeps is bounded by
/// `Findings`.
protocol OutputReader {
    /// The tool, as it stands among the formats of a reading.
    static var format: String { get }
    /// Which failures count when several readers have found some.
    static var rank: ReaderRank { get }

    /// Makes a reader that has seen nothing.
    init()

    /// Takes the next line.
    ///
    /// - Parameter line: A line without its end, without dressing, and cut at `FailureReader.lineLimit` bytes.
    /// - Returns: Whether the line shows that the tool has run.
    mutating func read(_ line: Substring) -> Bool

    /// Whether the line that was read last belongs to a report of this tool, such as what a failed test has printed: then
    /// readers behind it in `FailureReader.readers` do not get it, except umbrellas.
    var ownsLine: Bool { get }

    /// What was read, when the output has ended; nil if the tool was not seen.
    mutating func finish() -> TestReading?
}

extension OutputReader {
    static var rank: ReaderRank { .tool }
    var ownsLine: Bool { false }
}

/// Which failures count when several readers have found some: those of a later rank only where no earlier one has any.
enum ReaderRank: Int, CaseIterable {
    /// A tool that says what is wrong.
    case tool
    /// A runner whose tests are themselves runners: of its failures those that no inner one tells count.
    case umbrella
    /// A program that broke off without a runner, such as with a traceback.
    case crash
    /// A line that begins as a place in a file.
    case place
    /// A build tool that says which step failed, not why.
    case step

    /// Whether it counts only where nobody knows better.
    var isGuess: Bool { rawValue > ReaderRank.umbrella.rawValue }
}
