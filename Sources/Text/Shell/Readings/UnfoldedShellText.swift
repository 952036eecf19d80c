/// A shell line in which what is substituted stands as it is written, as if its text were the result: `$(echo curl)`,
/// `${x:-curl}`; and in which `$'…'` says what bash makes of it.
///
/// Nothing here knows what a shell would substitute. It shows words that a line has hidden, and is for refusal only.
struct UnfoldedShellText {
    /// The line, if anything was unfolded.
    let changed: String?

    private var text = String.UnicodeScalarView()
    private var rest: Substring.UnicodeScalarView

    /// Unfolds a line.
    ///
    /// - Parameter separator: What stands in the place of `$(`, `${x:-` and what ends them.
    init(_ line: String, separator: String) {
        rest = line[...].unicodeScalars
        let gap = separator.unicodeScalars
        var (closers, isChanged): ([Unicode.Scalar], Bool) = ([], false)
        // Without these nothing is to be done.
        guard line.utf8.contains(where: { $0 == UInt8(ascii: "$") || $0 == UInt8(ascii: "`") }) else {
            changed = nil
            return
        }
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\\":
                text.append(scalar)
                if let next = rest.popFirst() { text.append(next) }
            case "`":
                text.append(contentsOf: gap)
                Self.skipPrinter(&rest)
                isChanged = true
            case "$" where rest.first == "(":
                rest.removeFirst()
                closers.append(")")
                text.append(contentsOf: gap)
                Self.skipPrinter(&rest)
                isChanged = true
            case "$" where rest.first == "{":
                rest.removeFirst()
                closers.append("}")
                rest = rest.drop { ShellWord.isNamePart($0) || "!#".unicodeScalars.contains($0) }
                rest = rest.drop { ":-=+?".unicodeScalars.contains($0) }
                text.append(contentsOf: gap)
                isChanged = true
            case "$" where rest.first == "'":
                rest.removeFirst()
                text.append(contentsOf: Self.escaped(&rest).quotedForShell.unicodeScalars)
                isChanged = true
            case "$" where rest.first == "\"": isChanged = true
            case _ where scalar == closers.last:
                closers.removeLast()
                text.append(contentsOf: gap)
            default: text.append(scalar)
            }
        }
        changed = isChanged ? String(text) : nil
    }

    /// Passes over a program that prints its words, with options and a format.
    private static func skipPrinter(_ rest: inout Substring.UnicodeScalarView) {
        let printer = ["echo ", "printf "].first { rest.starts(with: $0.unicodeScalars) }
        guard let printer else { return }
        rest = rest.dropFirst(printer.unicodeScalars.count)
        while let first = rest.first, "-%'\" ".unicodeScalars.contains(first) {
            let word = rest.prefix { $0 != " " }
            guard word.isEmpty || first == "-" || word.contains("%") else { return }
            rest = rest[word.endIndex...].dropFirst()
        }
    }

    /// Reads up to the end of `$'…'` (bash(1), QUOTING).
    private static func escaped(_ rest: inout Substring.UnicodeScalarView) -> String {
        var bytes: [UInt8] = []
        while let scalar = rest.popFirst(), scalar != "'" {
            guard scalar == "\\", let kind = rest.popFirst() else {
                bytes += Array(String(scalar).utf8)
                continue
            }
            switch kind {
            case "a": bytes.append(7)
            case "b": bytes.append(8)
            case "e", "E": bytes.append(27)
            case "f": bytes.append(12)
            case "n": bytes.append(10)
            case "r": bytes.append(13)
            case "t": bytes.append(9)
            case "v": bytes.append(11)
            case "c": bytes.append(UInt8(truncatingIfNeeded: rest.popFirst()?.value ?? 0) & 0x1F)
            case "x": bytes.append(UInt8(truncatingIfNeeded: number(&rest, radix: 16, digits: 2) ?? 0x78))
            case "u", "U":
                let value = number(&rest, radix: 16, digits: kind == "u" ? 4 : 8)
                bytes += Array(String(value.flatMap { Unicode.Scalar(UInt32($0)) } ?? kind).utf8)
            case "0"..."7":
                let first = Int(kind.value) - 0x30
                let more = rest.prefix(2).prefix { ("0"..."7").contains($0) }
                rest = rest[more.endIndex...]
                let value = more.reduce(first) { $0 * 8 + Int($1.value) - 0x30 }
                bytes.append(UInt8(truncatingIfNeeded: value))
            default: bytes += Array(String(kind).utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func number(_ rest: inout Substring.UnicodeScalarView, radix: Int, digits: Int) -> Int? {
        let text = rest.prefix(digits).prefix { Int(String($0), radix: radix) != nil }
        rest = rest[text.endIndex...]
        return Int(String(text), radix: radix)
    }
}
