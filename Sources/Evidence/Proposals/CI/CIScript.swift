import Text

/// The shell lines of one step of a CI definition, with what surrounds them there.
struct CIScript {
    /// The lines.
    let text: String
    /// Where they stand, as in `.github/workflows/ci.yml, job build, step Test`.
    let place: String
    /// Variables that the definition sets to plain values.
    var variables: [String: String] = [:]
    /// Those that are set for this step alone, so that its command most likely needs them.
    var ownVariables: [String: String] = [:]
    /// The folder that it begins in; nil for the root.
    var folder: String?
    /// Why none of it can be used, as a clause.
    var trouble: String?
    /// Finds what the CI system itself puts into a line; nil where there is nothing.
    var expression: (String) -> String? = { _ in nil }

    /// Every shell has them.
    private static let usual: Set<String> = [
        "HOME", "PATH", "PWD", "USER", "TMPDIR", "SHELL", "LANG", "RANDOM", "UID", "HOSTNAME", "OLDPWD", "IFS",
        "SECONDS",
    ]

    /// Adds the lines that test, check or build.
    func add(to list: inout CandidateList) {
        let lines = Self.logicalLines(text)
        let isOneLine = lines.count == 1
        let isCompound = (!isOneLine && lines.contains { !Self.isBalanced($0) }) || ShellLine(text).isCompound
        // What the lines before do for the later ones.
        var before: [String] = folder.map { ["cd \($0.quotedForShell)"] } ?? []
        for line in lines {
            if let kind = CommandKind(line: line) {
                propose(line, kind, after: before, isCompound: isCompound, to: &list)
            } else if Self.prepares(line), !isCompound {
                before.append(line)
            }
        }
    }

    private func propose(
        _ line: String, _ kind: CommandKind, after before: [String], isCompound: Bool, to list: inout CandidateList
    ) {
        func skip(_ reason: String) { list.skip(line, place, because: reason) }
        if let trouble { return skip(trouble) }
        if let found = expression(line) ?? before.lazy.compactMap(expression).first { return skip("it uses \(found)") }
        if isCompound { return skip("it is a part of a longer script") }
        if ShellLine(line).ignoresFailure { return skip("its failure does not count there") }
        if kind == .build, !before.isEmpty, before.contains(where: { $0.hasPrefix("source ") || $0.hasPrefix(". ") }) {
            return
        }
        let whole = (before + [line]).joined(separator: " && ")
        var sets: [String] = []
        for (name, value) in ownVariables.sorted(by: { $0.key < $1.key }) where Self.isName(name) {
            sets.append("\(name)=\(value.quotedForShell)")
        }
        for name in ShellLine(whole).neededVariables where !Self.usual.contains(name) && ownVariables[name] == nil {
            guard let value = variables[name], Self.isName(name) else {
                return skip("it uses $\(name), which is set there alone")
            }
            sets.append("\(name)=\(value.quotedForShell)")
        }
        if let value = sets.first(where: { expression($0) != nil }) { return skip("it uses \(value)") }
        let prefix = sets.isEmpty ? "" : "export \(sets.joined(separator: " ")) && "
        list.add(prefix + whole, kind, reason: place)
    }

    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.first?.isNumber == false
            && name.unicodeScalars.allSatisfy {
                $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0)
            }
    }

    /// Whether a line is there for those that follow: a folder, variables, an environment.
    private static func prepares(_ line: String) -> Bool {
        let commands = ShellLine(line).knownCommands
        guard commands.count == 1, let words = commands.first else { return false }
        // Nothing but assignments.
        guard let program = words.first else { return !line.isEmpty }
        return ["cd", "export", "source", ".", "pushd"].contains(program) && words.count > 1
    }

    /// The lines of a script, those that go on put together, without comments.
    static func logicalLines(_ text: String) -> [String] {
        var (lines, open) = ([String](), "")
        for raw in text.split(separator: "\n") {
            var line = raw.drop { $0 == " " || $0 == "\t" }
            while let last = line.last, last == " " || last == "\t" { line.removeLast() }
            if line.isEmpty || line.first == "#" { continue }
            let isContinued = line.last == "\\"
            if isContinued { line.removeLast() }
            open += (open.isEmpty || open.last == " " ? "" : " ") + line
            if isContinued || ["&&", "||", "|"].contains(where: { line.hasSuffix($0) }) { continue }
            lines.append(open)
            open = ""
        }
        if !open.isEmpty { lines.append(open) }
        return lines
    }

    /// Whether what a line opens ends in it, as far as characters tell.
    private static func isBalanced(_ line: String) -> Bool {
        let counts = line.reduce(into: [:] as [Character: Int]) { $0[$1, default: 0] += 1 }
        return counts["("] ?? 0 == counts[")"] ?? 0 && (counts["'"] ?? 0) % 2 == 0 && (counts["\""] ?? 0) % 2 == 0
    }

    /// Finds what stands between two marks, with the marks.
    static func enclosed(_ line: String, _ open: String, _ close: String) -> String? {
        guard let start = line.place(of: open) else { return nil }
        let rest = line[start...]
        guard let end = rest.place(of: close) else { return String(rest) }
        return String(rest[..<rest.index(end, offsetBy: close.count)])
    }
}

extension StringProtocol {
    /// Where a text stands first.
    func place(of text: String) -> Index? {
        guard let first = text.first else { return nil }
        var rest = self[...]
        while let place = rest.firstIndex(of: first) {
            if self[place...].hasPrefix(text) { return place }
            rest = self[index(after: place)...]
        }
        return nil
    }

    /// Whether a text stands somewhere in it.
    func has(_ text: String) -> Bool { place(of: text) != nil }
}
