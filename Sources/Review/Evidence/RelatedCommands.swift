import Glibc
import Repository
import Session
import Text

/// Selects the commands that are related to some files, of those that were run around a commit.
///
/// A command is related if its words or its output name one of the files; the session's own command is related to
/// everything.
struct RelatedCommands {
    /// Stems that are too common to identify a file.
    private static let common: Set<String> = [
        "init", "main", "index", "test", "tests", "mod", "lib", "src", "setup", "util", "utils", "common", "types",
        "conftest", "readme", "core", "base", "data",
    ]

    private let names: [[UInt8]]
    private let command: String?

    /// Takes the files of a commit and the session's command.
    init(files: [ChangedFile], command: String?) {
        names = Array(Set(files.flatMap { [$0.path, $0.oldPath].compactMap { $0 } }.flatMap(Self.names)))
        self.command = command
    }

    /// The names of a file: its path, its name, the name without extension, the path as a module is written.
    private static func names(of path: BytePath) -> [[UInt8]] {
        let (dot, line) = (UInt8(ascii: "."), UInt8(ascii: "_"))
        let parts = path.bytes.split(separator: UInt8(ascii: "/"))
        guard let last = parts.last else { return [] }
        let stem = last.lastIndex(of: dot).map { last[..<$0] } ?? last
        let plain = stem.drop { $0 == line || $0 == dot }.reversed().drop { $0 == line }.reversed()
        var names = [path.bytes]
        if parts.count > 1 { names.append(Array((parts.dropLast() + [stem]).joined(separator: [dot]))) }
        guard !common.contains(String(decoding: Array(plain), as: UTF8.self).lowercased()) else { return names }
        names.append(Array(last))
        if plain.count > 3 { names.append(Array(stem)) }
        return names
    }

    /// Whether a command is related to the files.
    func include(_ run: CommitEvidence.Run) -> Bool {
        if let command, !command.isEmpty, run.command.contains(command) { return true }
        return isNamed(in: run.command) || isNamed(in: run.report.output)
    }

    private func isNamed(in text: String) -> Bool {
        let bytes = Array(text.utf8)
        return names.contains { Self.contains(bytes, $0) }
    }

    /// Whether a text contains a name as a whole word.
    private static func contains(_ text: [UInt8], _ name: [UInt8]) -> Bool {
        guard let first = name.first else { return false }
        return text.withUnsafeBytes { text in
            var start = 0
            while start + name.count <= text.count, let base = text.baseAddress,
                let found = memchr(base + start, Int32(first), text.count - name.count - start + 1)
            {
                let position = UnsafeRawPointer(found) - base
                let end = position + name.count
                let isWhole =
                    (position == 0 || !isWord(text[position - 1])) && (end == text.count || !isWord(text[end]))
                if isWhole, memcmp(found, name, name.count) == 0 { return true }
                start = position + 1
            }
            return false
        }
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}
