import Text

/// A script of several lines as one shell line.
enum ScriptText {
    /// The line: commands with `&&` between them where each of them stands for itself, and else the script with
    /// `set -e` before it, as CI systems run it. Nil for a script without commands.
    static func line(of script: [String]) -> String? {
        let indent = script.filter { !$0[...].trimmed.isEmpty }.map { $0[...].indentation }.min() ?? 0
        let lines = script.map { String($0.dropFirst(min(indent, $0[...].indentation))) }
        let commands = lines.filter { line in
            let text = line[...].trimmed
            return !text.isEmpty && !text.starts(with: "#")
        }
        guard !commands.isEmpty else { return nil }
        let isPlain = commands.allSatisfy { !$0.hasSuffix("\\") && ShellLine($0).plainWords != nil }
        if commands.count == 1 || isPlain {
            return commands.map { String($0[...].trimmed) }.joined(separator: " && ")
        }
        return "set -e\n" + lines.joined(separator: "\n")
    }
}
