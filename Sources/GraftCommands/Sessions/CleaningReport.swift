import Agent
import JSON
import Repository
import Responses
import Session
import Terminal
import Text
import Workspace

/// The report of a clean-up: what it does or would do.
struct CleaningReport {
    /// The plans of all sessions.
    private(set) var plans: [CleanupPlan]
    /// Why something could not be done, by the position in `plans`.
    var failures: [Int: String] = [:]
    private let namesAll: Bool
    private let isDryRun: Bool
    private let home: String?
    private let style: TerminalStyle
    private let now: Int

    init(
        _ plans: [CleanupPlan], namesAll: Bool, isDryRun: Bool, home: String?, style: TerminalStyle, now: Int
    ) {
        self.plans = plans
        self.namesAll = namesAll
        self.isDryRun = isDryRun
        self.home = home
        self.style = style
        self.now = now
    }

    /// Keeps the sessions whose commits are nowhere else.
    mutating func keepWhatIsNowhereElse() {
        plans.removeAll(where: \.losesWork)
    }

    /// A row for each session that is cleaned up or has a reason not to be.
    var table: String {
        var table = TextTable([
            .init(title: "SESSION"), .init(title: "WHAT"), .init(title: "AGE", isRight: true, isSpare: true),
            .init(title: "SIZE", isRight: true, isSpare: true),
            .init(title: "REPOSITORY", isPath: true, isSpare: true), .init(title: "NOTE"),
        ])
        let told = plans.enumerated().filter { $1.action != .keep || !$1.reason.isEmpty || namesAll }
        guard !told.isEmpty else { return "" }
        for (position, one) in told {
            table.add([
                one.id.rawValue, failures[position] == nil ? one.action.rawValue : "failed",
                Duration.seconds(now - one.lastActivity).spelledAsAge,
                one.action == .keep ? "-" : one.bytes.spelledAsBytes,
                one.repository?.shortened(from: home) ?? "-", one.reason,
            ])
        }
        return table.lines(width: ScreenSize.columns(of: 1), style: style).joined(separator: "\n") + "\n"
    }

    /// The sum in one line.
    var closing: String {
        let done = plans.indices.filter { failures[$0] == nil }.map { plans[$0] }
        let removed = done.count { $0.action == .remove }
        let tidied = done.count { $0.action == .tidy }
        guard removed + tidied > 0 else { return failures.isEmpty ? "nothing to clean up\n" : "" }
        let bytes = done.reduce(0) { $0 + ($1.action == .keep ? 0 : $1.bytes) }.spelledAsBytes
        let parts = [
            removed > 0 ? "\(removed) \(removed == 1 ? "session" : "sessions") removed" : nil,
            tidied > 0 ? "the working trees of \(tidied) killed \(tidied == 1 ? "run" : "runs") removed" : nil,
        ]
        let what = parts.compactMap { $0 }.joined(separator: ", ")
        return isDryRun ? "would free \(bytes): \(what) (dry run)\n" : "freed \(bytes): \(what)\n"
    }

    /// The same for machines.
    func json() -> [UInt8] {
        var writer = JSONWriter()
        let done = plans.indices.filter { plans[$0].action != .keep && failures[$0] == nil }
        writer.object { writer in
            writer.key("dry_run")
            writer.bool(isDryRun)
            writer.member("freed_bytes", done.reduce(0) { $0 + plans[$1].bytes })
            writer.member(
                "sessions",
                array: { writer in
                    for (position, one) in plans.enumerated() {
                        writer.object { one.write(into: &$0, failure: failures[position]) }
                    }
                })
        }
        return writer.bytes + [0x0A]
    }
}

extension CleanupPlan {
    fileprivate func write(into writer: inout JSONWriter, failure: String?) {
        writer.member("id", id.rawValue)
        writer.member("action", action.rawValue)
        writer.member("reason", reason)
        if let failure { writer.member("error", failure) }
        if let repository { writer.member("repository", repository) }
        writer.member("last_activity_at", lastActivity)
        writer.member("bytes", bytes)
        writer.member("working_trees", array: { for tree in workingTrees { $0.string(tree) } })
        writer.member("references", array: { for reference in references { $0.string(reference.name) } })
        writer.member("commits_nowhere_else", array: { for commit in unsharedCommits { $0.string(commit.id.hex) } })
        writer.member("commits_not_by_graft", foreignCommitCount)
        if let uncommitted { writer.member("uncommitted_changes", uncommitted) }
    }
}
