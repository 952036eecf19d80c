import Session
import Text

/// Writes the subject of a commit of what commands changed, such as "Update a.py with sed".
enum CommandSubject {
    private static let width = 72

    /// Names one file with the program; for several files, the command and their number.
    static func subject(commands: [String], files: [FileSummary]) -> String {
        let command = commands.first { !ShellLine($0).onlyReads } ?? commands.last ?? ""
        if files.count == 1, let file = files.first {
            let change = "\(file.kind.verb) \(file.path)"
            guard let program = ShellLine(command).workingProgramName else { return change }
            let subject = "\(change) with \(program)"
            return subject.count <= width ? subject : change
        }
        let line = command.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let count = " (\(files.count) files)"
        guard !line.isEmpty else { return "Change files" + count }
        return "Run \(shortened(line, to: width - "Run ".count - count.count))" + count
    }

    /// The line truncated at a word, or anywhere if its first word is too long.
    private static func shortened(_ line: String, to room: Int) -> String {
        guard line.count > room else { return line }
        let start = line.prefix(room - 2)
        guard let space = start.lastIndex(of: " ") else { return start + " …" }
        return start[..<space] + " …"
    }
}
