/// A line such as `not ok 3 - adds # TODO later`, which tells of one test; `TODO` is a directive of TAP for one that may
/// fail.
struct TAPPoint {
    /// Whether it is `ok`.
    let isPassed: Bool
    /// What is behind the number; the number where there is nothing.
    var name: String
    /// The spaces before it, by which subtests are told.
    var indent: Int
    /// The word of its directive, in lower case: `skip` or `todo`.
    let directive: String?

    /// - Parameter isLoose: Whether a point needs no number, as nothing else can stand there.
    init?(_ line: Substring, indent: Int, isLoose: Bool) {
        let isFailed = line.starts(with: "not ok")
        guard let rest = line.after("not ok") ?? line.after("ok"), rest.isEmpty || rest.starts(with: " ") else {
            return nil
        }
        var text = rest.trimmed
        var number = ""
        if let (found, after) = text.leadingNumber, after.isEmpty || after.starts(with: " ") {
            number = "\(found)"
            text = after.trimmed
        } else if !isLoose || (text.isEmpty && !isFailed) {
            // `ok` alone is what prove prints of a whole file.
            return nil
        }
        text = text.after("- ") ?? (text == "-" ? "" : text)
        let (description, directive) = Self.parts(text)
        let name = Self.unescaped(description.trimmed)
        self.isPassed = !isFailed
        self.name = name.isEmpty ? "test \(number)" : name
        self.indent = indent
        self.directive = directive
    }

    /// The description and the word of the directive.
    private static func parts(_ text: Substring) -> (Substring, String?) {
        var searched = text
        while let (before, after) = searched.cutLast("#") {
            let start = text[..<before.endIndex]
            let word = after.trimmed.words.first.map { String($0).lowercased() } ?? ""
            if !start.ends(with: "\\"), start.isEmpty || start.ends(with: " ") {
                // `SKIP:` and `skipped` count too.
                if word.hasPrefix("skip") { return (start, "skip") }
                if word.hasPrefix("todo") { return (start, "todo") }
                // bats and node write the time behind it.
            }
            searched = start
        }
        return (text, nil)
    }

    private static func unescaped(_ text: Substring) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let next = rest.first, next == byte || next == UInt8(ascii: "#") {
                bytes.append(rest.removeFirst())
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
