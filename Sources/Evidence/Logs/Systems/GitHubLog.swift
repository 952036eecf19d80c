/// GitHub Actions: `##[group]Run make test`, the script, `shell: …`, `##[endgroup]`, the output, and
/// `##[error]Process completed with exit code 2.`
///
/// What is copied from the page has `Run make test` and `Error: Process completed …` in their place.
enum GitHubLog: LogStepFinder {
    /// How far the head of a step goes at most.
    private static let headLimit = 500

    static func failedSteps(in lines: [String]) -> [LogStep] {
        var failed: [LogStep] = []
        var current: LogStep?
        var index = 0
        while index < lines.count {
            let line = lines[index]
            let marker = GroupMarker(line)
            if let head = head(lines, at: index, marker) {
                current = LogStep(system: "GitHub Actions", command: head.command, ending: "", output: [])
                current?.doubt = head.doubt
                index = head.end + 1
                continue
            }
            if let ending = ending(marker, line), current != nil {
                current?.ending = ending
                if let step = current { failed.append(step) }
                current = nil
            } else if let marker {
                if case .text(let text) = marker.meaning { current?.output.append(text) }
            } else {
                current?.output.append(line)
            }
            index += 1
        }
        return failed
    }

    /// The head of a step that begins at a line; nil where none does, as a command may print groups of its own.
    private static func head(
        _ lines: [String], at start: Int, _ marker: GroupMarker?
    ) -> (command: String?, doubt: String?, end: Int)? {
        let title = marker?.name == "group" ? marker?.text ?? "" : marker == nil ? lines[start] : ""
        guard title.hasPrefix("Run ") else { return nil }
        var script: [String] = []
        var shell: String?
        for index in (start + 1)..<max(start + 1, min(lines.count, start + headLimit)) {
            let line = lines[index]
            if GroupMarker(line)?.name == "endgroup" {
                return found(title, script, shell, index)
            }
            if GroupMarker(line) != nil { return nil }
            if let rest = line[...].trimmed.after("shell: ") {
                shell = String(rest)
                // What is copied from the page has no end of the group.
                if marker == nil { return found(title, script, shell, endOfPage(lines, behind: index)) }
            } else if shell == nil {
                script.append(line)
            }
        }
        return nil
    }

    private static func found(
        _ title: String, _ script: [String], _ shell: String?, _ end: Int
    ) -> (command: String?, doubt: String?, end: Int)? {
        guard let shell else {
            // An action: `Run actions/checkout@v4`, with what it is given.
            return title.contains("@") || script.first?[...].trimmed == "with:" ? (nil, nil, end) : nil
        }
        let program = shell[...].words.first?.cutLast("/")?.after ?? shell[...].words.first ?? ""
        guard ["bash", "sh", "dash", "zsh"].contains(String(program)) else { return (nil, nil, end) }
        let command = ScriptText.line(of: script.isEmpty ? [String(title.dropFirst(4))] : script)
        let isMasked = command?.contains("***") == true
        return (command, isMasked ? "a secret is masked in it" : nil, end)
    }

    /// The variables of a step stand behind its shell, further in.
    private static func endOfPage(_ lines: [String], behind shell: Int) -> Int {
        guard shell + 1 < lines.count, lines[shell + 1][...].trimmed == "env:" else { return shell }
        let indent = lines[shell + 1][...].indentation
        var end = shell + 1
        while end + 1 < lines.count, lines[end + 1][...].indentation > indent { end += 1 }
        return end
    }

    private static func ending(_ marker: GroupMarker?, _ line: String) -> String? {
        let text = marker?.name == "error" ? marker?.text : line[...].after("Error: ").map(String.init)
        guard let text else { return nil }
        if let code = text.number(after: "Process completed with exit code ") { return "exit code \(code)" }
        if text.contains("The operation was canceled") { return "cancelled" }
        return text.contains("has timed out after") ? "timed out" : nil
    }
}
