/// A shell line, read as far as it takes to know what its exit status is worth.
public struct ShellLine: Sendable {
    /// Whether the status says nothing about a part of the line: it is a pipeline without `pipefail`, goes on with
    /// `|| …`, runs in the background, or ends in a word such as `echo` behind what matters.
    public let hidesStatus: Bool

    /// Reads a line, or several of them.
    public init(_ text: String) {
        var parts = ShellParts(text)
        parts.read()
        hidesStatus = parts.hidesStatus
    }
}

/// The commands of a shell line and what joins them; quotes, substitutions, comments and here-documents are passed over.
private struct ShellParts {
    private enum Joint { case end, and, or, pipe, background }

    private static let endings: Set<Substring> = ["exit", "false", "return"]
    private static let afterthoughts: Set<Substring> = ["echo", "printf", "true", ":", "cat", "ls", "tail", "head"]

    private let text: String
    private var rest: Substring
    private var part = ""
    private var parts: [(joint: Joint, text: String)] = []
    private var joint = Joint.end
    private var marks: [Substring] = []

    init(_ text: String) {
        self.text = text
        rest = text[...]
    }

    var hidesStatus: Bool {
        let isStrict = text.contains("pipefail")
        if !isStrict, parts.contains(where: { $0.joint == .pipe }) { return true }
        for (index, part) in parts.enumerated() where part.joint == .or && !endsLine(from: index) { return true }
        guard parts.count > 1, let last = parts.last else { return joint == .background }
        if last.joint == .background || joint == .background { return true }
        let stopsEarly = text.contains("set -e") || isStrict
        return last.joint == .end && !stopsEarly && Self.afterthoughts.contains(Self.program(last.text))
    }

    /// Whether a part ends the line with a bad status: `exit 1`, or a group with that in it.
    private func endsLine(from index: Int) -> Bool {
        if Self.endings.contains(Self.program(parts[index].text)) { return true }
        guard Self.program(parts[index].text).first == "{" else { return false }
        return parts[index...].contains { Self.endings.contains(Self.program($0.text)) }
    }

    private static func program(_ part: String) -> Substring {
        part.split(whereSeparator: \.isWhitespace).first ?? ""
    }

    mutating func read() {
        while let character = rest.popFirst() { take(character) }
        close(with: joint)
    }

    private mutating func take(_ character: Character) {
        switch character {
        case "'":
            rest = rest.drop { $0 != "'" }.dropFirst()
            part.append("'")
        case "\"": skipQuoted()
        case "\\": if rest.popFirst() != "\n" { part.append("\\") }
        case "`": rest = rest.drop { $0 != "`" }.dropFirst()
        case "$" where rest.first == "(": skipSubstitution()
        case "#" where part.last?.isWhitespace ?? true: rest = rest.drop { !$0.isNewline }
        case "<" where rest.first == "<": readMark()
        case "|" where part.last == ">": part.append("|")
        case "|":
            if rest.first == "|" { join(.or) } else { join(.pipe, takesNext: rest.first == "&") }
        case "&" where rest.first == "&": join(.and)
        case "&" where part.last == ">" || part.last == "<" || rest.first == ">": part.append("&")
        case "&": join(.background, takesNext: false)
        case ";": join(.end, takesNext: rest.first == ";")
        case _ where character.isNewline:
            skipHereDocuments()
            join(.end, takesNext: false)
        default: part.append(character)
        }
    }

    private mutating func join(_ next: Joint, takesNext: Bool = true) {
        if takesNext { rest = rest.dropFirst() }
        close(with: next)
    }

    /// Ends a part; a line end behind an operator, or behind nothing, joins nothing.
    private mutating func close(with next: Joint) {
        if part.allSatisfy(\.isWhitespace) {
            if parts.isEmpty || next != .end { joint = next }
        } else {
            parts.append((joint, part))
            joint = next
        }
        part = ""
    }

    private mutating func skipQuoted() {
        part.append("\"")
        while let inner = rest.popFirst(), inner != "\"" {
            if inner == "\\" { rest = rest.dropFirst() }
            if inner == "$", rest.first == "(" { skipSubstitution() }
        }
    }

    private mutating func skipSubstitution() {
        rest = rest.dropFirst()
        var depth = 1
        while depth > 0, let inner = rest.popFirst() {
            switch inner {
            case "(": depth += 1
            case ")": depth -= 1
            case "'": rest = rest.drop { $0 != "'" }.dropFirst()
            case "\\": rest = rest.dropFirst()
            default: break
            }
        }
        part.append("$")
    }

    /// Takes note of the word that ends a here-document.
    private mutating func readMark() {
        rest = rest.dropFirst()
        guard rest.first != "<" else {
            rest = rest.dropFirst()
            return
        }
        if rest.first == "-" { rest = rest.dropFirst() }
        rest = rest.drop { $0 == " " }
        let word = rest.prefix { !$0.isWhitespace && !";&|)".contains($0) }
        rest = rest.dropFirst(word.count)
        marks.append(word.filter { !"'\"\\".contains($0) }[...])
    }

    private mutating func skipHereDocuments() {
        for mark in marks {
            while !rest.isEmpty {
                let line = rest.prefix { !$0.isNewline }
                rest = rest.dropFirst(line.count + 1)
                if line.drop(while: { $0 == "\t" }) == mark { break }
            }
        }
        marks = []
    }
}
