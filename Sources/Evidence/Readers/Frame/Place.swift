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
        var searched = line
        // A folder may have a name in parentheses.
        while let (before, inner) = searched.cut("(") {
            searched = inner
            guard let (numbers, after) = inner.cut(")"), let (number, behind) = numbers.leadingNumber, number > 0 else {
                continue
            }
            let column = behind.after(",")?.leadingNumber?.number
            let file = line[..<before.endIndex]
            guard behind.isEmpty || column != nil, Self.isPath(file) else { return nil }
            self.file = file
            self.line = number
            self.column = column
            text = line[..<after.startIndex]
            rest = (after.after(":") ?? after).trimmed
            return
        }
        return nil
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

    /// Whether a text can be the path of a file: not empty, no space around it, and neither quotes nor several spaces
    /// in it, as text that quotes a place has.
    static func isPath(_ text: Substring) -> Bool {
        var last: UInt8 = 0x20
        for byte in text.utf8 {
            if byte == 0x22 || byte == 0x60 || byte == 0x09 || (byte == 0x20 && last == 0x20) { return false }
            last = byte
        }
        return last != 0x20
    }
}
