import Terminal
import Text

/// Commands that are listed below each other, cut so that what tells them apart is still there.
///
/// Many begin alike, with a folder, variables and a runner, and end alike. Of a command that is too long the program stays,
/// then what no other one has in its place, then as much of the rest as there is room for; "…" stands for a gap.
public struct CommandExcerpts: Sendable {
    private let commands: [[Substring]]

    /// Takes all commands of a list.
    public init(_ commands: [String]) {
        self.commands = commands.map(Self.words)
    }

    private static func words(of command: String) -> [Substring] {
        command.split(whereSeparator: \.isWhitespace)
    }

    /// A command of the list on one line within a width, without anything that a terminal obeys.
    public func excerpt(of command: String, columns: Int) -> String {
        let words = Self.words(of: command)
        let line = words.joined(separator: " ").markedLine
        guard line.cellWidth > columns, words.count > 1 else { return line.cut(toColumns: columns) }
        let others = commands.filter { $0 != words }
        let start = others.map { zip($0, words).prefix { $0 == $1 }.count }.max() ?? 0
        let end = others.map { zip($0.reversed(), words.reversed()).prefix { $0 == $1 }.count }.max() ?? 0
        let program = min(Self.preamble(words), words.count - 1)
        // A difference in the preamble alone is all that there is to show.
        let first = min(end < words.count - program ? max(start, program) : start, words.count - 1)
        let last = max(first + 1, words.count - end)
        let order = [program..<program + 1, first..<last, min(program, first)..<first, last..<words.count]
        var kept: Set<Int> = []
        for index in order.filter({ !$0.isEmpty }).joined() where !kept.contains(index) {
            guard Self.text(words, kept.union([index])).cellWidth <= columns else {
                // What tells it apart is shown in part rather than not at all.
                if index == first { return Self.cut(words, kept, at: first, columns) }
                break
            }
            kept.insert(index)
        }
        guard !kept.isEmpty else { return line.cut(toColumns: columns) }
        let whole = Self.text(words, kept.union(0..<program))
        return whole.cellWidth <= columns ? whole : Self.text(words, kept)
    }

    /// How many words stand before the program: a change of folder, assignments, `env`.
    private static func preamble(_ words: [Substring]) -> Int {
        var index = 0
        while index < words.count {
            if words[index] == "cd" {
                let end = words[index...].firstIndex { $0 == "&&" || $0 == ";" || $0.hasSuffix(";") }
                guard let end, end < index + 4 else { return index }
                index = end + 1
            } else if words[index] == "env" || isAssignment(words[index]) {
                index += 1
            } else {
                return index
            }
        }
        return index
    }

    private static func isAssignment(_ word: Substring) -> Bool {
        guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { return false }
        return word[..<sign].allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }

    /// The words that are kept, with "…" for those between them.
    private static func text(_ words: [Substring], _ kept: Set<Int>) -> String {
        var (text, isGap) = ("", false)
        for (index, word) in words.enumerated() {
            guard kept.contains(index) else {
                isGap = true
                continue
            }
            text += (text.isEmpty ? "" : " ") + (isGap ? "… " : "") + String(word).markedLine
            isGap = false
        }
        return text + (isGap ? " …" : "")
    }

    /// The words that are kept and the end of one that there is no room for: paths and names differ at their ends.
    private static func cut(_ words: [Substring], _ kept: Set<Int>, at index: Int, _ columns: Int) -> String {
        let whole = String(words[index]).markedLine
        let excess = text(words, kept.union([index])).cellWidth - columns
        let room = whole.cellWidth - excess
        guard room >= 4 else { return whole.cut(fromStartToColumns: columns) }
        var words = words
        words[index] = Substring(whole.cut(fromStartToColumns: room))
        return text(words, kept.union([index]))
    }
}
