/// A place in a file, as tools print it at the beginning of a line.
struct Place {
    /// The path as printed.
    let file: Substring
    /// The line, counted from 1.
    let line: Int
    /// The column; nil where none is printed.
    let column: Int?
    /// The place as printed: path, line and column.
    let text: Substring
    /// What follows it and its colon, without spaces around it.
    let rest: Substring

    /// Reads `path:line: rest` or `path:line:column: rest`; the path has no spaces around it, and the drive of a
    /// Windows path belongs to it.
    ///
    /// Nothing needs to follow.
    init?(_ line: Substring) {
        guard let (file, number, afterLine) = Self.cutPlace(line) else { return nil }
        self.file = file
        self.line = number
        if let (column, rest) = afterLine.after(":")?.leadingNumber, rest.isEmpty || rest.starts(with: ":") {
            self.column = column
            text = line[..<rest.startIndex]
            self.rest = (rest.after(":") ?? rest).trimmed
        } else {
            column = nil
            text = line[..<afterLine.startIndex]
            rest = (afterLine.after(":") ?? afterLine).trimmed
        }
    }

    /// Reads `path(line): rest` or `path(line,column): rest`, as tools of Microsoft and TypeScript print it.
    init?(parenthesized line: Substring) {
        guard let (file, inner) = line.cut("("), let (numbers, after) = inner.cut(")"),
            let (number, behind) = numbers.leadingNumber, number > 0, Self.isPath(file)
        else { return nil }
        self.file = file
        self.line = number
        column = behind.after(",")?.leadingNumber?.number
        if !behind.isEmpty, column == nil { return nil }
        text = line[..<after.startIndex]
        rest = (after.after(":") ?? after).trimmed
    }

    private static func cutPlace(_ line: Substring) -> (file: Substring, line: Int, after: Substring)? {
        var searched = line
        // A drive is a letter and a colon, and a path follows.
        if let (drive, path) = line.cut(":"), drive.utf8.count == 1, path.starts(with: "\\") || path.starts(with: "/") {
            searched = path
        }
        guard let (before, after) = searched.cut(":"), let (number, rest) = after.leadingNumber, number > 0,
            rest.isEmpty || rest.starts(with: ":") || rest.starts(with: " ")
        else { return nil }
        let file = line[..<before.endIndex]
        return isPath(file) ? (file, number, rest) : nil
    }

    /// Whether a text can be the path of a file: neither empty nor with a space around it, and no lone word that ends
    /// as a sentence would.
    private static func isPath(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return first != 0x20 && first != 0x09 && last != 0x20 && last != 0x09
    }
}
