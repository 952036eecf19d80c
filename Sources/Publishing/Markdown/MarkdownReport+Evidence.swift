import Session
import Text

/// What proves the result, what makes that doubtful, and what failed.
extension MarkdownReport {
    /// So many failures are shown one by one.
    private static let failureLimit = 10
    /// So many doubts are shown one by one.
    private static let doubtLimit = 50

    /// The doubts as a table, what decides first.
    var doubts: [String] {
        let doubts = result.doubts
        guard !doubts.isEmpty else { return [] }
        let rows = doubts.prefix(Self.doubtLimit).map { doubt in
            let place = doubt.path.map { Self.place($0, doubt.line) }?.codeInMarkdown(isInTable: true) ?? ""
            let weight = doubt.isDecisive ? "**must be judged**" : "worth a look"
            let found = doubt.message.clipped(to: 300).inMarkdown
            let line = doubt.excerpt.clipped(to: 200).codeInMarkdown(isInTable: true)
            return "| \(weight) | \(doubt.kind.words) | \(place) | \(found)\(line.isEmpty ? "" : "<br>" + line) |"
        }
        let head = ["| | what | where | found |", "| --- | --- | --- | --- |"]
        return ["### What a person has to judge", (head + rows).joined(separator: "\n")]
            + Self.rest(of: doubts.count, beyond: Self.doubtLimit, "doubt")
    }

    /// The runs of the command side by side.
    var proof: String {
        guard result.baseline != nil || result.verification != nil else { return "" }
        let after = result.verification
        var rows: [(String, String, String)] = []
        rows.append(("files", filesBefore, after.map { _ in filesAfter } ?? ""))
        rows.append(("command", ended(result.baseline), ended(after?.report)))
        if result.baseline?.tests?.tally != nil || after?.report.tests?.tally != nil {
            rows.append(("tests", tests(result.baseline), tests(after?.report)))
        }
        if let restoration = after?.restoration {
            let restored = restoration.paths
            let paths = restored.prefix(10).map { $0.codeInMarkdown(isInTable: true) }.joined(separator: ", ")
            let more = restored.count > 10 ? " and \(restored.count - 10) more" : ""
            rows.append(("with these as before", "", "\(ended(restoration.report)): \(paths)\(more)"))
        }
        if let earlier = after?.earlier, !earlier.isEmpty {
            rows.append(
                ("commits before", "", "passes on \(earlier.count(where: \.passed)) of \(earlier.count)"))
        }
        if result.confirmation != nil || after?.repetitions != nil {
            rows.append(("repeated", Self.words(result.confirmation), Self.words(after?.repetitions)))
        }
        guard after != nil else {
            let lines = rows.map { "| \($0.0) | \($0.1) |" }
            return (["### What was run", "", "| | before |", "| --- | --- |"] + lines).joined(separator: "\n")
        }
        let lines = rows.map { "| \($0.0) | \($0.1) | \($0.2) |" }
        return (["### What was run", "", "| | before | after |", "| --- | --- | --- |"] + lines)
            .joined(separator: "\n")
    }

    /// What is broken without the changes to protected files, which a person has to judge.
    var hidden: [String] {
        guard let restoration = result.verification?.restoration, !restoration.report.isSuccess else { return [] }
        return ["### What fails with the protected files as before"] + failures(of: restoration.report)
    }

    /// What is broken now; what was not before is marked.
    var remaining: [String] {
        guard let remaining = result.remaining else { return [] }
        let known = result.baseline.flatMap(Self.names)
        return ["### What remains broken"]
            + failures(of: remaining.report) {
                remaining.commit == nil || known?.contains($0.name) ?? true ? "" : "**new** "
            }
    }

    /// What was broken before anything was done, and is not any more.
    var before: [String] {
        guard let baseline = result.baseline, !baseline.isSuccess, result.verification != nil else { return [] }
        guard let now = (result.remaining?.report).flatMap(Self.names), let names = Self.names(of: baseline) else {
            return result.remaining == nil ? ["### What failed before"] + failures(of: baseline) : []
        }
        guard !names.isSubset(of: now) else { return [] }
        var report = baseline
        report.tests?.failures.removeAll { now.contains($0.name) }
        report.tests?.tally = nil
        return ["### What failed before and does not any more"] + failures(of: report)
    }

    /// The names of all failures of a run; nil if they are not all known.
    private static func names(of report: CommandReport) -> Set<String>? {
        guard let tests = report.tests, !tests.failures.isEmpty, tests.failures.count < TestReport.failureLimit else {
            return nil
        }
        return Set(tests.failures.map(\.name))
    }

    private var filesBefore: String {
        guard result.baseline != nil else { return "" }
        return start.map {
            $0.start == $0.base ? "base commit \(Self.short($0.base))" : "base commit and uncommitted work"
        }
            ?? result.base.map { "base commit \(Self.short($0))" } ?? ""
    }

    private var filesAfter: String {
        guard let after = result.verification else { return "" }
        let commit = "clean checkout of \(Self.short(after.commit))"
        return result.isVerificationOfLast ? commit : commit + ", which is not the last commit"
    }

    private func ended(_ report: CommandReport?) -> String {
        guard let report else { return "not run" }
        let words = report.endingAndTime(" in ").inMarkdown
        return report.isSuccess ? "✅ " + words : "❌ **\(words)**"
    }

    private static func words(_ repetitions: Repetitions?) -> String {
        repetitions.map { "passed \($0.passed) of \($0.total) times" } ?? ""
    }

    private func tests(_ report: CommandReport?) -> String {
        guard let tally = report?.tests?.tally else { return report == nil ? "" : "not told" }
        return "\(tally.run) run, \(tally.failed) failed, \(tally.skipped) skipped"
    }

    private func failures(
        of report: CommandReport, mark: (TestFailure) -> String = { _ in "" }
    ) -> [String] {
        let failures = report.tests?.failures ?? []
        guard !failures.isEmpty else {
            let output = report.output.lastLines(40).clippedAtFront(to: 8000)
            guard output.contains(where: { !$0.isWhitespace }) else { return ["The command printed nothing."] }
            return ["The end of its output:", output.fencedInMarkdown]
        }
        let rows = failures.prefix(Self.failureLimit).map { item($0, mark: mark($0)) }
        return [rows.joined(separator: "\n")]
            + Self.rest(of: max(failures.count, report.tests?.tally?.failed ?? 0), beyond: Self.failureLimit, "failure")
    }

    private func item(_ failure: TestFailure, mark: String) -> String {
        var line = "- " + mark + failure.name.clipped(to: 300).codeInMarkdown()
        if let file = failure.file {
            // A place in the tree is named from its root, wherever the tree stood.
            let path = SourcePlace(file, line: failure.line, roots: Finding.roots(of: start))?.path ?? file
            let place = Self.place(path, failure.line)
            if !failure.name.hasPrefix(place) { line += " at " + place.codeInMarkdown() }
        }
        if !failure.message.isEmpty { line += "  \n  " + failure.message.clipped(to: 500).inMarkdown }
        guard !failure.excerpt.isEmpty else { return line }
        let excerpt = failure.excerpt.clipped(to: 4000).fencedInMarkdown
        let fence = excerpt.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        return line + "\n\n" + fence.joined(separator: "\n") + "\n"
    }

    static func place(_ path: String, _ line: Int?) -> String { line.map { "\(path):\($0)" } ?? path }

    static func short(_ commit: String) -> String { String(commit.prefix(10)).codeInMarkdown(isInTable: true) }

    static func rest(of count: Int, beyond limit: Int, _ what: String) -> [String] {
        let more = count - limit
        return more > 0 ? ["and \(more) \(what)\(more == 1 ? "" : "s") more"] : []
    }
}

extension Doubt.Kind {
    /// The kind in words.
    var words: String {
        switch self {
        case .protectedPath: "change to a protected file"
        case .missingTest: "test that is gone"
        case .skippedTest: "test that is skipped"
        case .weakenedCheck: "weakened check"
        case .brokenCommit: "broken commit"
        case .shortCut: "short cut"
        }
    }
}

extension String {
    fileprivate func clippedAtFront(to limit: Int) -> String {
        self.count > limit ? "…" + suffix(limit) : self
    }
}
