import Repository
import Session
import Text

/// Looks for what makes a command that passes less than a proof, in all files of a change.
struct DoubtFinder {
    let repository: GitRepository
    let start: CommitID
    let tip: CommitID
    let rules: ProtectedPaths

    /// So many doubts are told, and of so many at most the rest is only counted.
    private static let limit = 100

    /// The doubts of a change: decisive ones first, then in the order of the files.
    func doubts(_ changes: ChangeSorter.Sorted) throws(RepositoryError) -> [Doubt] {
        let files = changes.files
        guard !files.isEmpty else { return [] }
        var doubts: [Doubt] = []
        let shadows = ShadowFinder(repository: repository, tip: tip, tools: rules.scope.tools)
        var texts: [ChangedText] = []
        for (file, role) in files {
            doubts += try shadows.doubts(in: file)
            if let text = try text(file, role, &doubts) { texts.append(text) }
        }
        let signs = SignFinder(matcher: SignMatcher(), tools: rules.scope.tools)
        let removed = RemovedCheckFinder(texts)
        let equality = EqualityFinder()
        let documented = try documentedTests(texts)
        for text in texts {
            doubts += signs.doubts(in: text) + removed.doubts(in: text) + equality.doubts(in: text)
            if text.role == .source { doubts += documented.doubts(in: text) }
        }
        for index in doubts.indices where [.skippedTest, .weakenedCheck].contains(doubts[index].kind) {
            // Somebody wants the checks there to change.
            if let path = doubts[index].path, rules.allows(BytePath(spelled: path)) { doubts[index].isDecisive = false }
        }
        if !rules.usesDefaults {
            // Only these paths were asked about.
            doubts.removeAll { doubt in doubt.path.map { !rules.protects(BytePath(spelled: $0)) } ?? true }
        }
        var seen: Set<Doubt> = []
        let different = doubts.filter { seen.insert($0).inserted }
        return Array((different.filter(\.isDecisive) + different.filter { !$0.isDecisive }).prefix(Self.limit))
    }

    private func text(
        _ file: FileDiff, _ role: ChangedText.Role, _ doubts: inout [Doubt]
    ) throws(RepositoryError) -> ChangedText? {
        guard file.oldMode != 0o160000, file.newMode != 0o160000 else { return nil }
        guard !file.isBinary else {
            let isCode = ![.document, .other].contains(SourceLanguage(file.path, firstLine: []))
            doubts.append(
                Doubt(
                    .shortCut, isDecisive: isCode, message: "the file is too large to be looked into",
                    path: file.path.text))
            return nil
        }
        let (old, new) = (try repository.contents(before: file) ?? [], try repository.contents(after: file) ?? [])
        // Pictures and such have nothing that a check runs.
        if role == .source, SourceLanguage(file.path, firstLine: new.prefix { $0 != 0x0A }) == .document { return nil }
        let text = ChangedText(file, role: role, old: old, new: new)
        if let doubt = Self.shebang(text) { doubts.append(doubt) }
        return text
    }

    /// A script that is started by another program than before.
    private static func shebang(_ text: ChangedText) -> Doubt? {
        guard !text.isNew, let old = text.old.lines.first, let new = text.new.lines.first, text.isAdded(0),
            old.text.starts(with: "#!".utf8), old.trimmed != new.trimmed
        else { return nil }
        let words = new.shown.split { $0 == "/" || $0 == " " || $0 == "!" || $0 == "#" }
        let isNothing = words.contains { ["true", "echo", "cat", ":"].contains($0) }
        return Doubt(
            .shortCut, isDecisive: isNothing, message: "the script is started by another program",
            path: text.path.text, line: 1, excerpt: new.shown.excerpt)
    }

    /// Which examples in comments are tests for the command.
    private func documentedTests(_ texts: [ChangedText]) throws(RepositoryError) -> DocumentedTestFinder {
        let hasPython = texts.contains { $0.language == .python && $0.role == .source }
        return DocumentedTestFinder(
            runsPython: hasPython ? try namesDoctest() : false,
            runsRust: !rules.scope.tools.isDisjoint(with: ["cargo", "rustdoc"]))
    }

    private func namesDoctest() throws(RepositoryError) -> Bool {
        if rules.scope.namesDoctest { return true }
        let word = Array("doctest".utf8)
        for name in ["pytest.ini", "tox.ini", "setup.cfg", "pyproject.toml", "conftest.py"] as [BytePath] {
            do throws(RepositoryError) {
                if let bytes = try repository.contents(of: name, in: start),
                    SignMatcher.place(of: word, in: bytes[...]) != nil
                {
                    return true
                }
            } catch {
                guard error.code == .notARegularFile else { throw error }
            }
        }
        return false
    }
}

extension ChangeSorter.Sorted {
    /// All files that are looked into, with what they are for, in the order of their paths.
    var files: [(file: FileDiff, role: ChangedText.Role)] {
        let known = protected.map { (file: $0.file, role: $0.isTest ? ChangedText.Role.test : .check) }
        let all = known + newTests.map { ($0, .newTest) } + others.map { ($0, .source) }
        return all.sorted { $0.file.path < $1.file.path }
    }
}
