import Session
import Text

/// Writes the subject of a commit of what commands changed, such as "Update a.py with sed".
enum CommandSubject {
    private static let width = 72
    /// Programs that change no file, unless their output is redirected.
    private static let readers: Set<String> = [
        "cat", "ls", "grep", "rg", "head", "tail", "find", "pwd", "which", "wc", "diff", "true", "test", "cd", "echo",
        "printf", "stat", "file", "git",
    ]

    /// Names one file with the program; for several files, the command and their number.
    static func subject(commands: [String], files: [FileSummary]) -> String {
        let command = commands.first { !isReader($0) } ?? commands.last ?? ""
        if files.count == 1, let file = files.first {
            let change = "\(file.kind.verb) \(file.path)"
            guard let program = ShellLine(command).programName else { return change }
            let subject = "\(change) with \(program)"
            return subject.count <= width ? subject : change
        }
        let line = command.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let count = " (\(files.count) files)"
        guard !line.isEmpty else { return "Change files" + count }
        return "Run \(shortened(line, to: width - "Run ".count - count.count))" + count
    }

    private static func isReader(_ command: String) -> Bool {
        guard !command.contains(">"), let program = ShellLine(command).programName else { return false }
        return readers.contains(program)
    }

    /// The line truncated at a word, or anywhere if its first word is too long.
    private static func shortened(_ line: String, to room: Int) -> String {
        guard line.count > room else { return line }
        let start = line.prefix(room - 2)
        guard let space = start.lastIndex(of: " ") else { return start + " …" }
        return start[..<space] + " …"
    }
}
