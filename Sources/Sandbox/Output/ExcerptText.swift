/// Error lines as text, each with its number, within a limit.
struct ExcerptText {
    private static let gap = "...\n"

    let text: String
    /// The number of lines in the text.
    let count: Int
    /// The bytes of the stream in the text.
    let sourceBytes: Int

    /// Keeps the first and the last lines if not all of them fit.
    init(_ excerpts: [CapturedOutput.Excerpt], byteLimit: Int) {
        let lines = excerpts.map { "\($0.line): \(String(decoding: $0.text, as: UTF8.self))\n" }
        var first = Self.fitting(lines, byteLimit)
        var last = 0
        if first < lines.count {
            first = Self.fitting(lines, byteLimit / 2)
            let used = lines.prefix(first).reduce(0) { $0 + $1.utf8.count }
            last = Self.fitting(lines.dropFirst(first).reversed(), byteLimit - used - Self.gap.utf8.count)
        }
        let isCut = last > 0 && first + last < lines.count
        text = lines.prefix(first).joined() + (isCut ? Self.gap : "") + lines.suffix(last).joined()
        count = first + last
        sourceBytes = (excerpts.prefix(first) + excerpts.suffix(last)).reduce(0) { $0 + $1.text.count + 1 }
    }

    /// How many lines from the beginning fit.
    private static func fitting(_ lines: [String], _ byteLimit: Int) -> Int {
        var used = 0
        return lines.prefix { line in
            used += line.utf8.count
            return used <= byteLimit
        }.count
    }
}
