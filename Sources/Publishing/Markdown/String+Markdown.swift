import Text

/// Text of others inside Markdown: it is shown as it is, and nothing in it is obeyed by who renders it.
///
/// Beside Markdown and HTML there is what forges look for in rendered text: people (`@name`), issues (`#1`, `GH-1`,
/// `!1`), which some close when a change is merged, addresses and `:symbols:`. A space of no width behind the first
/// character keeps them from it, as Dependabot and Renovate do; a backslash does not, because it is gone by then.
extension StringProtocol {
    /// The text for a paragraph, a heading, an item of a list or a cell of a table, on one line.
    var inMarkdown: String {
        let line = markedLine.trimmingSpaces
        var text = ""
        var scalars = Array(line.unicodeScalars)[...]
        var previous: Unicode.Scalar?
        text += scalars.escapedListMarker()
        while let scalar = scalars.popFirst() {
            text += scalar.escapedInMarkdown
            if scalar.beginsReference(behind: previous, before: scalars) { text += "&#8203;" }
            previous = scalar
        }
        return text
    }

    /// The text as code within a line; empty text stays empty.
    ///
    /// - Parameters:
    ///   - isInTable: Whether it stands in a cell of a table, which a bar would end even in code.
    ///   - isOwn: Whether Graft has made it, so that it must be right when it is copied.
    func codeInMarkdown(isInTable: Bool = false, isOwn: Bool = false) -> String {
        let line = markedLine
        // White space alone would be taken as it is, and its end cannot be seen.
        guard line.contains(where: { $0 != " " }) else { return "" }
        let text = isOwn ? line : line.withoutReferences
        // In a cell a bar cannot be escaped behind a backslash that is part of the code.
        if isInTable, text.contains("|") { return "<code>\(text.inEntities)</code>" }
        let fence = String(repeating: "`", count: line.longestRun(of: "`") + 1)
        let pad = text.hasPrefix("`") || text.hasSuffix("`") || text.hasPrefix(" ") || text.hasSuffix(" ") ? " " : ""
        return fence + pad + text + pad + fence
    }

    /// The text as a block of code, which nothing in it can end.
    ///
    /// Each line is indented by the space that the fence is indented by, so that none begins with a `/`, which GitLab
    /// takes for an order such as `/merge`.
    var fencedInMarkdown: String {
        var lines = marked.withoutReferences.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        let longest = lines.map { $0.longestRun(of: "`") }.max() ?? 0
        let fence = String(repeating: "`", count: Swift.max(3, longest + 1))
        return (["\(fence)text"] + lines + [fence[...]]).map { " " + $0 }.joined(separator: "\n")
    }

    /// The text with each mark of ASCII as an entity.
    private var inEntities: String {
        unicodeScalars.map { scalar in
            let isPlain = !scalar.isASCII || scalar == " " || scalar.properties.isAlphabetic || scalar.isDigit
            return isPlain ? String(Character(scalar)) : "&#\(scalar.value);"
        }.joined()
    }

    /// Text for code, in which a forge must not find an order such as `fixes #1`: GitLab looks into code, too.
    private var withoutReferences: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let words = line.lowercased()
            guard ["clos", "fix", "resolv", "implement"].contains(where: words.contains) else { return String(line) }
            var text = String.UnicodeScalarView()
            var scalars = Array(line.unicodeScalars)[...]
            var previous: Unicode.Scalar?
            while let scalar = scalars.popFirst() {
                text.append(scalar)
                if scalar != "@", scalar.beginsReference(behind: previous, before: scalars) { text.append("\u{200B}") }
                previous = scalar
            }
            return String(text)
        }.joined(separator: "\n")
    }

    private var trimmingSpaces: Substring {
        let text = String(self)[...].drop { $0 == " " }
        return text[..<(text.lastIndex { $0 != " " }.map(text.index(after:)) ?? text.startIndex)]
    }

    private func longestRun(of character: Character) -> Int {
        var (longest, run) = (0, 0)
        for each in self {
            run = each == character ? run + 1 : 0
            longest = Swift.max(longest, run)
        }
        return longest
    }
}

extension Unicode.Scalar {
    /// The character so that Markdown and HTML show it.
    fileprivate var escapedInMarkdown: String {
        switch self {
        case "<": "&lt;"
        case ">": "&gt;"
        case "&": "&amp;"
        case "$": "&#36;"
        case "\\", "`", "*", "_", "[", "]", "{", "}", "|", "~", "#", "!", "^": "\\" + String(Character(self))
        default: String(Character(self))
        }
    }

    /// Whether a forge may take what begins here for a person, an issue, an address or a symbol.
    ///
    /// - Parameter rest: What follows.
    fileprivate func beginsReference(behind previous: Unicode.Scalar?, before rest: ArraySlice<Unicode.Scalar>) -> Bool
    {
        guard let next = rest.first else { return false }
        switch self {
        case "@": return next.isWord
        case "#", "!", "&", "~", "%", "$": return next.isWord || next == "\""
        // GH-1, and the issues of trackers that a forge knows, such as ABC-1.
        case "-": return next.isDigit && previous.map { ("A"..."Z").contains($0) || $0 == "h" } == true
        // https://…, and mailto:name
        case ":":
            if rest.starts(with: ["/", "/"]) || previous?.isWord == true && next == "/" { return true }
            let name = rest.prefix { $0.isWord || $0 == "+" || $0 == "-" }
            return !name.isEmpty && rest.dropFirst(name.count).first == ":"
        case "w", "W": return previous == "w" && next == "." || previous == "W" && next == "."
        default: return false
        }
    }

    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
    private var isWord: Bool { isDigit || self == "_" || properties.isAlphabetic }
}

extension ArraySlice<Unicode.Scalar> {
    /// Takes what would begin a list, a heading, a rule, or an order to GitLab such as `/merge` off the front, escaped.
    fileprivate mutating func escapedListMarker() -> String {
        if let mark = first, mark == "-" || mark == "+" || mark == "=" || mark == "/" {
            removeFirst()
            return "\\" + String(Character(mark))
        }
        let digits = prefix { ("0"..."9").contains($0) }
        guard !digits.isEmpty, let mark = dropFirst(digits.count).first, mark == "." || mark == ")" else { return "" }
        removeFirst(digits.count + 1)
        return String(String.UnicodeScalarView(digits)) + "\\" + String(Character(mark))
    }
}
