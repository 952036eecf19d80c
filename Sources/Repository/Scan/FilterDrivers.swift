import CGit
import Glibc
import OS
import Text

/// The filter drivers of the configuration: programs that git runs, outside any sandbox, on the way of files in and
/// out.
///
/// The model could have written a program in the working tree, so that none is run from there.
struct FilterDrivers {
    /// One command of one driver.
    struct Command: Hashable {
        /// The key in the configuration: `filter.<name>.clean`, `.smudge` or `.process`.
        let key: String
        let text: String
    }

    /// Whether there is a file at a path relative to the tree's root.
    typealias Lookup = (String) -> Bool

    let commands: [Command]
    /// The names in `filter.<name>.clean` and so on.
    let names: Set<String>
    private let root: String
    private let variables: [String: String]

    /// Reads the drivers that the configuration defines.
    ///
    /// - Parameter root: The working tree, in which git starts the programs.
    init(of repository: OpaquePointer, root: String, environment: [String: String]) {
        var commands: [Command] = []
        var names: Set<String> = []
        var (config, iterator): (OpaquePointer?, OpaquePointer?) = (nil, nil)
        defer {
            git_config_iterator_free(iterator)
            git_config_free(config)
        }
        if git_repository_config_snapshot(&config, repository) == 0,
            git_config_iterator_glob_new(&iterator, config, "^filter\\..*\\.(clean|smudge|process)$") == 0
        {
            var entry: UnsafeMutablePointer<git_config_entry>?
            while git_config_next(&entry, iterator) == 0, let name = entry?.pointee.name,
                let value = entry?.pointee.value
            {
                let key = String(cString: name)
                names.insert(key.split(separator: ".").dropFirst().dropLast().joined(separator: "."))
                commands.append(Command(key: key, text: String(cString: value)))
            }
        }
        self.commands = commands
        self.names = names
        self.root = root
        variables = environment.merging(["PWD": root]) { $1 }
    }

    /// Refuses drivers that run a program of the tree; fails with `unsupported`.
    func refuseProgramsOfTree(isFile: Lookup) throws(RepositoryError) {
        for command in commands {
            let words = ShellWords(command.text, variables: variables)
            if words.isOpaque {
                throw RepositoryError(
                    .unsupported,
                    "\(command.key) is \"\(command.text.named)\", of which cannot be told what it runs",
                    nextStep: "set it to a program outside the working tree, by its absolute path")
            }
            var hasScript = false
            for word in words.words {
                if word.isProgram { hasScript = !Self.takesScript(word.text) }
                let isOption = word.text.hasPrefix("-")
                defer { if !word.isProgram, !isOption { hasScript = true } }
                // A subcommand, even if a file of the tree has its name.
                if hasScript, !word.isProgram, Self.subcommands.contains(word.text) { continue }
                guard let found = placeInTree(word, isFile) else { continue }
                throw RepositoryError(
                    .unsupported,
                    "\(command.key) runs \"\(found.named)\" of the working tree, which the model could change",
                    nextStep: "install the program outside the tree and set \(command.key) to its absolute path")
            }
        }
    }

    /// The drivers whose program is not on this machine, with that program; those that git can do without excepted.
    func missing(isRequired: (String) -> Bool) -> [(driver: String, program: String)] {
        commands.compactMap { command in
            let driver = command.key.split(separator: ".").dropFirst().dropLast().joined(separator: ".")
            let words = ShellWords(command.text, variables: variables).words
            guard let first = words.first(where: \.isProgram)?.text, isRequired(driver) else { return nil }
            // What git looks for itself lies beside its other programs, too; this one does not.
            let isLFS = first == "git" && words.dropFirst().first?.text == "lfs"
            let program = isLFS ? "git-lfs" : first
            return isOnMachine(program) ? nil : (driver, program)
        }
    }

    private func isOnMachine(_ program: String) -> Bool {
        if program.contains("/") { return access(program.hasPrefix("/") ? program : "\(root)/\(program)", X_OK) == 0 }
        if Self.builtIn.contains(program) { return true }
        return (variables["PATH"] ?? "").split(separator: ":").contains { access("\($0)/\(program)", X_OK) == 0 }
    }

    /// Words that a shell runs without a program.
    private static let builtIn: Set<String> = [
        "test", "[", "true", "false", "echo", "printf", "exec", "command", "exit", ":", ".", "read", "set",
    ]

    /// Refuses programs in the tree as it is now; to be called right before git may run a driver.
    func refuseProgramsOfTree() throws(RepositoryError) {
        try refuseProgramsOfTree { isFile(in: root, $0) }
    }

    private func isFile(in root: String, _ path: String) -> Bool {
        var state = stat()
        return lstat("\(root)/\(path)", &state) == 0 && (state.type == S_IFREG || state.type == S_IFLNK)
    }

    /// The file of the tree that a word names; nil if there is none.
    private func placeInTree(_ word: ShellWords.Word, _ isFile: Lookup) -> String? {
        if word.isProgram {
            if word.text.utf8.contains(UInt8(ascii: "/")) { return relative(word.text) }
            return programInPath(word.text)
        }
        // The arguments of these are subcommands, and files that they only read.
        let program = BytePath(word.program).name.text
        if program == "git" || program == "git-lfs" { return nil }
        let parts = [word.text] + word.text.split(separator: "=", maxSplits: 1).dropFirst().map(String.init)
        for part in parts {
            if part.utf8.first == UInt8(ascii: "/") {
                if let inside = relative(part) { return inside }
            } else if let inside = relative(part), isFile(inside) || isFile(inside + "/__main__.py") {
                return inside
            }
        }
        return nil
    }

    private static let subcommands: Set<String> = ["clean", "smudge", "process", "filter-process"]

    /// Whether the first argument, without options, is a script to run.
    private static func takesScript(_ program: String) -> Bool {
        let name = program.split(separator: "/").last ?? ""
        return ["sh", "bash", "dash", "zsh", "ksh", "env", "exec", "nice", ".", "source", "busybox"].contains(name)
            || ["python", "perl", "ruby", "node", "lua", "php"].contains { name.hasPrefix($0) }
    }

    /// The path relative to the tree's root; nil for a path outside, or in git's own folder.
    private func relative(_ path: String) -> String? {
        let whole = path.utf8.first == UInt8(ascii: "/") ? path : "\(root)/\(path)"
        var parts: [String] = []
        for part in BytePath(whole).names where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(String(decoding: part.bytes, as: UTF8.self)) }
        }
        var candidates = ["/" + parts.joined(separator: "/")]
        if let real = FilePath.resolved(whole) { candidates.append(real) }
        for rest in candidates.compactMap({ FilePath.rest(of: $0, below: root) }) {
            let inside = Substring(rest.utf8.dropFirst())
            if inside != ".git", !inside.utf8.starts(with: ".git/".utf8) { return String(inside) }
        }
        return nil
    }

    /// The program found in PATH, if it is in the tree.
    private func programInPath(_ name: String) -> String? {
        for folder in (variables["PATH"] ?? "").split(separator: ":", omittingEmptySubsequences: false) {
            let path = folder.isEmpty ? "./\(name)" : "\(folder)/\(name)"
            if let inside = relative(path) { return inside }
            if access(path, X_OK) == 0 { return nil }
        }
        return nil
    }
}
