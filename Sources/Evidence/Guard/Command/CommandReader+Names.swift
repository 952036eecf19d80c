import Text

extension CommandReader {
    /// The path of a word inside the tree; nil if it leads out of it.
    static func path(_ word: String, in folder: BytePath) -> BytePath? {
        guard !word.isEmpty, !word.hasPrefix("/"), !word.hasPrefix("~"), !word.utf8.contains(0) else { return nil }
        var names = folder.names
        for name in BytePath(word).names where name != "." {
            if name == ".." {
                guard names.popLast() != nil else { return nil }
            } else {
                names.append(name)
            }
        }
        let path = names.reduce("" as BytePath) { $0.appending($1) }
        return path.names.contains(".git") ? nil : path
    }

    /// Whether a file is a shell script, by its name or its first line.
    static func isShellScript(_ path: BytePath, _ bytes: [UInt8]) -> Bool {
        let name = path.name.text.lowercased()
        if [".sh", ".bash", ".zsh", ".ksh", ".bats"].contains(where: name.hasSuffix) { return true }
        let first = String(decoding: bytes.prefix(120).prefix { $0 != 0x0A }, as: UTF8.self)
        guard first.hasPrefix("#!") else { return false }
        let words = first.dropFirst(2).split { $0 == "/" || $0 == " " }
        return words.contains { ["sh", "bash", "dash", "zsh", "ksh", "ash"].contains($0) }
    }

    /// Whether a name is one of a script rather than of a program that is built.
    static func isScriptName(_ path: BytePath) -> Bool {
        let name = path.name.text
        return [".sh", ".bash", ".py", ".js", ".mjs", ".cjs", ".rb", ".pl", ".php", ".ts"].contains(
            where: name.hasSuffix)
            || path.parents.contains { ["ci", "scripts", "script", "tools"].contains($0.name.text) }
    }

    /// Whether a script asserts something as soon as it runs.
    static func asserts(_ bytes: [UInt8]) -> Bool {
        bytes.split(separator: 0x0A).contains {
            $0.starts(with: "assert".utf8) || $0.starts(with: "console.assert".utf8)
        }
    }

    /// Whether a path says that what it holds checks something.
    static func isCheckLike(_ path: BytePath) -> Bool {
        path.text.lowercased().split { !$0.isLetter }.contains { word in
            checkWords.contains(String(word)) || checkStems.contains { word.hasPrefix($0) || word.hasSuffix($0) }
        }
    }

    private static let checkWords: Set<String> = [
        "ci", "lint", "linter", "spec", "specs", "smoke", "grade", "grader", "judge", "oracle", "harness", "acceptance",
        "conformance", "assert", "asserts", "expected", "audit", "precommit", "presubmit", "qa",
    ]
    private static let checkStems = ["test", "check", "verif", "validat"]
}
