import JSON
import Repository
import Text

extension CommandReader {
    /// Reads the recipes that `make` would run.
    mutating func readMake(_ program: ProgramWords, in folder: BytePath, depth: Int) throws(RepositoryError) {
        var (folder, goals) = (folder, [String]())
        var file: String?
        var rest = program.arguments
        while let word = rest.popFirst() {
            switch word {
            case "-C", "--directory": if let next = rest.popFirst() { folder = Self.path(next, in: folder) ?? folder }
            case "-f", "--file", "--makefile": file = rest.popFirst()
            case _ where word.hasPrefix("-C") && word.count > 2:
                folder = Self.path(String(word.dropFirst(2)), in: folder) ?? folder
            case _ where word.hasPrefix("--directory="):
                folder = Self.path(String(word.dropFirst("--directory=".count)), in: folder) ?? folder
            case _ where word.hasPrefix("-") || word.contains("="): break
            default: goals.append(word)
            }
        }
        for name in file.map({ [$0] }) ?? ["GNUmakefile", "makefile", "Makefile"] {
            guard let path = Self.path(name, in: folder), let bytes = try contents(of: path) else { continue }
            if file != nil { try run(name, in: folder, depth: depth, isShell: false) }
            let makefile = Makefile(String(decoding: bytes, as: UTF8.self))
            guard isFirst("\(path.text) \(goals)") else { return }
            for line in makefile.recipes(of: goals) { try read(line, in: folder, depth: depth + 1) }
            return
        }
    }

    /// Reads the entries of `package.json` or `composer.json` that a package manager would run.
    mutating func readPackageManager(
        _ program: ProgramWords, in folder: BytePath, depth: Int
    ) throws(RepositoryError) {
        var (folder, rest) = (folder, program.arguments)
        var words: [String] = []
        while let word = rest.popFirst() {
            if ["--prefix", "-C", "--cwd", "--dir"].contains(word) {
                if let next = rest.popFirst() { folder = Self.path(next, in: folder) ?? folder }
            } else if word == "--" {
                break
            } else if !word.hasPrefix("-") {
                words.append(word)
            }
        }
        let verbs: Set = ["run", "run-script", "rum", "urn", "workspaces", "foreach"]
        let named = words.drop { verbs.contains($0) }.first ?? ""
        let script = ["t", "tst"].contains(named) ? "test" : named
        let manifest = program.name == "composer" ? "composer.json" : "package.json"
        guard let path = Self.path(manifest, in: folder), let bytes = try contents(of: path) else { return }
        // An entry that cannot be read runs nothing.
        guard let scripts = (try? JSON(bytes))?["scripts"] else { return }
        for name in ["pre\(script)", script, "post\(script)"] {
            guard let entry = scripts[name], isFirst("\(path.text) \(name)") else { continue }
            let lines = entry.string.map { [$0] } ?? entry.elements.compactMap(\.string)
            for line in lines {
                try read(line.hasPrefix("@") ? "composer \(line.dropFirst())" : line, in: folder, depth: depth + 1)
            }
        }
        // `yarn jest` runs a program of a dependency.
        if scripts[script] == nil, program.name != "npm", !script.isEmpty {
            try read(words.drop { verbs.contains($0) }.joined(separator: " "), in: folder, depth: depth + 1)
        }
    }
}
