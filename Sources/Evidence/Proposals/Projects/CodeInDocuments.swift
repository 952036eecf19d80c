/// The commands in the code of documents that tell people how to work on a repository.
enum CodeInDocuments {
    private static let paths = [
        "AGENTS.md", "CONTRIBUTING.md", ".github/CONTRIBUTING.md", "docs/CONTRIBUTING.md", "CONTRIBUTING.rst",
        "CLAUDE.md",
        "README.md",
    ]

    static func read(_ files: ProposalFiles, _ list: inout CandidateList) {
        for path in paths {
            guard let text = files.text(path) else { continue }
            for line in code(text) where isWhole(line) {
                // A build is not what a document is asked about.
                guard let kind = CommandKind(line: line), kind != .build else { continue }
                CIScript(text: line, place: "a command in \(path)").add(to: &list)
            }
        }
    }

    /// Whether a line is a command that can be run as it is: no gap to fill, no output.
    private static func isWhole(_ line: String) -> Bool {
        let marks = ["<", "…", "...", "[", "YOUR_", "path/to"]
        return !line.isEmpty && line.utf8.count < 200 && !marks.contains { line.has($0) && !line.has("./...") }
            && !line.has(": ")
    }

    /// The lines of code: in fences of a shell or of nothing, indented blocks, and spans.
    static func code(_ text: String) -> [String] {
        var lines: [String] = []
        var fence: Substring?
        var (isShell, isAfterBlank) = (false, true)
        for raw in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let line = raw.drop { $0 == " " || $0 == "\t" }
            let mark = line.prefix { $0 == "`" || $0 == "~" }
            if let open = fence {
                if mark.count >= open.count, mark.first == open.first,
                    line.dropFirst(mark.count).allSatisfy({ $0 == " " })
                {
                    fence = nil
                } else if isShell {
                    lines.append(withoutPrompt(line))
                }
            } else if mark.count >= 3 {
                fence = mark
                let language = line.dropFirst(mark.count).prefix { $0.isLetter || $0 == "-" }.lowercased()
                isShell = ["", "sh", "bash", "shell", "console", "shell-session", "zsh", "text", "terminal"].contains(
                    language)
            } else if raw.hasPrefix("    ") || raw.hasPrefix("\t"), isAfterBlank {
                lines.append(withoutPrompt(line))
            } else {
                lines += spans(line)
            }
            if fence == nil { isAfterBlank = line.isEmpty || (isAfterBlank && raw.hasPrefix("    ")) }
        }
        return lines
    }

    private static func withoutPrompt(_ line: Substring) -> String {
        var line = line
        for prompt in ["$ ", "% ", "> "] where line.hasPrefix(prompt) { line = line.dropFirst(2) }
        while let last = line.last, last == " " || last == "\t" { line.removeLast() }
        return String(line)
    }

    /// What stands between single backquotes, if it is more than a name.
    private static func spans(_ line: Substring) -> [String] {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        // Every other part is within; an odd mark opens nothing.
        guard parts.count > 2 else { return [] }
        return stride(from: 1, to: parts.count - 1, by: 2).map { withoutPrompt(parts[$0]) }.filter { $0.contains(" ") }
    }
}
