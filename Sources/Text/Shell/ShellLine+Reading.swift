extension ShellLine {
    /// What a command does, as far as its words tell.
    enum Effect {
        /// It shows what there is, or does nothing: whatever its status, it proves nothing.
        case show
        /// It compares or looks for something, and says with its status whether that is so.
        case check
        /// It does more, or nobody can tell.
        case work
    }

    /// Whether the line only shows what there is, as `sed -n`, `cat` and `git log` do.
    public var onlyShows: Bool { !commands.isEmpty && commands.allSatisfy { $0.effect == .show } }

    /// Whether the line changes no file: it only shows or compares things.
    public var onlyReads: Bool { !commands.isEmpty && commands.allSatisfy { $0.effect != .work } }
}

extension ShellLine.Command {
    private static let showing: Set<String> = [
        "cat", "tac", "nl", "head", "tail", "less", "more", "ls", "tree", "find", "fd", "stat", "file", "du", "df",
        "wc",
        "grep", "egrep", "fgrep", "rg", "ag", "sed", "awk", "gawk", "mawk", "cut", "sort", "uniq", "column", "tr",
        "fold",
        "od", "xxd", "hexdump", "strings", "jq", "pwd", "which", "type", "whereis", "basename", "dirname", "realpath",
        "readlink", "echo", "printf", "date", "uname", "whoami", "id", "ps", "printenv", "cd", "pushd", "popd", "true",
        ":", "sleep", "for", "done", "fi", "}", "git",
    ]
    private static let checking: Set<String> = ["test", "[", "[[", "diff", "cmp", "false"]
    private static let showingOfGit: Set<String> = [
        "log", "show", "diff", "status", "blame", "grep", "ls-files", "ls-tree", "rev-parse", "rev-list", "cat-file",
        "describe", "shortlog", "reflog", "merge-base", "version",
    ]

    /// What it does; what only a shell can tell may be anything.
    var effect: ShellLine.Effect {
        guard !writesFile, let words = literals, let program = words.first else { return .work }
        let name = program.split(separator: "/").last.map(String.init) ?? program
        let arguments = words.dropFirst()
        if Self.checking.contains(name) { return .check }
        guard Self.showing.contains(name) else { return .work }
        func has(letter: Character, _ long: String...) -> Bool {
            arguments.contains { word in
                let isShort = word.hasPrefix("-") && !word.hasPrefix("--")
                return long.contains { word.hasPrefix($0) } || (isShort && word.prefix { $0 != "." }.contains(letter))
            }
        }
        switch name {
        case "sed": return has(letter: "i", "--in-place") ? .work : .show
        case "sort": return has(letter: "o", "--output") ? .work : .show
        case "awk", "gawk", "mawk":
            return arguments.contains { $0.contains(">") || $0.contains("system") || $0.contains("|") } ? .work : .show
        case "find", "fd":
            let acts = ["-delete", "-exec", "-ok", "-fprint", "-fls", "--exec", "-x", "-X"]
            return arguments.contains { word in acts.contains { word.hasPrefix($0) } } ? .work : .show
        case "grep", "egrep", "fgrep", "rg": return has(letter: "q", "--quiet", "--silent") ? .check : .show
        case "git": return Self.effect(ofGit: arguments)
        default: return .show
        }
    }

    private static func effect(ofGit words: ArraySlice<String>) -> ShellLine.Effect {
        var words = words
        while let option = words.first, option.hasPrefix("-") {
            words = words.dropFirst("-C -c".contains(option) ? 2 : 1)
        }
        guard let verb = words.first, showingOfGit.contains(verb) else { return .work }
        let isCheck = words.contains { ["--exit-code", "--quiet", "-q", "--check"].contains($0) }
        return isCheck ? .check : words.contains { $0.hasPrefix("--output") } ? .work : .show
    }

    /// The program and its arguments, with nothing for the values of variables; nil if a shell runs something for them.
    private var literals: [String]? {
        var literals: [String] = []
        for word in programWords {
            var text = ""
            for piece in word.pieces {
                switch piece {
                case .text(let part, _): text += part
                case .variable: continue
                case .unknown: return nil
                }
            }
            literals.append(text)
        }
        return literals
    }

    /// Whether output may go to a file; a stream and `/dev/null` are none.
    private var writesFile: Bool {
        words.contains { word, isRedirection in
            guard isRedirection else { return false }
            guard let target = word.literal else { return true }
            return target != "/dev/null" && target != "-" && !target.allSatisfy(\.isNumber)
        }
    }
}
