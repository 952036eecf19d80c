import Evidence
import Responses
import Session
import Text

/// What the harness itself knows of the work, as the last message of a history that was compacted.
///
/// It is made of the session's state alone, so that the same events make the same bytes. Whatever the short form of the
/// conversation has lost, this says what was asked, what is done, and what is not.
struct StateCard {
    /// The first line of every card.
    static let heading = "# Where the work stands"
    /// The most bytes of all sections together; what people asked for stands outside of that, word for word.
    private static let byteLimit = 8192
    private static let longestLine = 400

    private let state: SessionState
    /// What people have asked for, the newest last.
    private let asked: [String]

    /// - Parameter said: What people have said since the task, in order; empty if the events alone tell.
    init(_ state: SessionState, said: [String] = []) {
        self.state = state
        asked = said.isEmpty ? state.work.instructions : (state.start?.task.map { [$0] } ?? []) + said
    }

    /// Whether an item is a card.
    static func isCard(_ item: Item) -> Bool {
        // Most items are told apart by their kind alone.
        item.type == "message" && item.callID == nil && item.phase == nil
            && item.messageText?.hasPrefix(heading) == true
    }

    /// The card as an item.
    var item: Item { .message(role: "user", text: text) }

    /// The card's text.
    var text: String {
        var text = """
            \(Self.heading)

            The conversation above was shortened; this is the harness's own record of it. The rules at the beginning \
            hold as before. What stands here as done is done: build on it, and do not do it again. Go on from the last \
            step above.

            """
        // The later a section, the sooner it may be cut short.
        var room = Self.byteLimit - text.utf8.count
        for section in [remaining, running, plan, milestones, commits, changedFiles, readFiles] {
            guard let section else { continue }
            let part = section.text(atMost: room)
            room -= part.utf8.count
            text += part
        }
        return text + instructions
    }

    /// What was asked for, the newest last.
    private var instructions: String {
        var task = ""
        if let command = state.start?.command { task = "Make this command pass:\n\n    \(command)\n" }
        guard let newest = asked.last else {
            return "\n## The task (this is what counts)\n\n\(task.isEmpty ? "It stands at the beginning.\n" : task)"
        }
        var text = ""
        if asked.count > 1 {
            text += "\n## Earlier instructions (conditions in them still hold, unless a later one says otherwise)\n"
            for (number, earlier) in asked.dropLast().enumerated() {
                text += "\n\(number + 1). \(earlier)\n"
            }
        }
        text += "\n## The newest instruction (this is what counts)\n\n\(newest)\n"
        return text + (task.isEmpty ? "" : "\n" + task)
    }

    private var remaining: Section? {
        guard let run = state.work.decidingRun else { return nil }
        let place =
            switch run.place {
            case .beginning: "before anything was done"
            case .tree: "in the working tree"
            case .commit(let commit): "on a clean checkout of commit \(commit.prefix(10))"
            }
        var lines = ["The command that decides was last run \(place): \(run.report.ending)."]
        if run.report.isSuccess { return Section("What remains", lines) }
        if let tally = run.report.tests?.tally { lines[0] += " Tests: \(tally.spelled)." }
        let found = (run.report.tests?.failures ?? FailureReader.read(run.report.output).failures).map {
            "- \($0.spelled)"
        }
        let known = run.place == .beginning ? state.failures.map { "- \($0)" } : []
        let failing = found.isEmpty ? known : found
        if !failing.isEmpty { lines += ["It fails on:"] + failing.prefix(20) }
        return Section("What remains", lines)
    }

    private var running: Section? {
        Section("Commands that still run", state.work.runningCommands.map { "- \($0.handle): \($0.command)" })
    }

    private var plan: Section? {
        guard let list = state.work.todoList else { return nil }
        let lines = list.steps.enumerated().map { "\($0 + 1). [\($1.status.words)] \($1.text)" }
        return Section("Your plan (update_plan shows changes of it)", lines)
    }

    private var milestones: Section? {
        let lines = state.work.milestones.map { milestone in
            let by = milestone.reporter == .harness ? " (seen by the harness)" : ""
            let evidence = milestone.evidence.text.map { " [\($0)]" } ?? ""
            return "- \(milestone.kind.words)\(by): \(milestone.summary)\(evidence)"
        }
        return Section("Milestones, the newest last", lines, keepsEnd: true)
    }

    private var commits: Section? {
        let lines = state.result.commits.map { commit in
            "- \(commit.id.prefix(10)) \(commit.subject) (\(commit.files.map(\.path.text).joined(separator: ", ")))"
        }
        return Section("Commits, the newest last", lines, keepsEnd: true)
    }

    private var changedFiles: Section? {
        var seen: Set<String> = []
        let files = state.result.commits.flatMap(\.files).map(\.path.text).filter { seen.insert($0).inserted }
        return Section("Files changed", Self.rows(files))
    }

    private var readFiles: Section? {
        Section("Files read", Self.rows(state.work.readFiles.reversed()))
    }

    /// Names beside each other, as many as a line takes.
    private static func rows(_ names: [String]) -> [String] {
        var rows: [String] = []
        for name in names {
            if let last = rows.last, last.count + name.count < longestLine - 2 {
                rows[rows.count - 1] = "\(last), \(name)"
            } else {
                rows.append(name)
            }
        }
        return rows
    }

    /// A heading and its lines.
    private struct Section {
        private let title: String
        private let lines: [String]
        /// Whether the last lines matter most.
        private let keepsEnd: Bool

        /// Nil without lines.
        init?(_ title: String, _ lines: [String], keepsEnd: Bool = false) {
            guard !lines.isEmpty else { return nil }
            self.title = title
            self.keepsEnd = keepsEnd
            self.lines = lines.map { line in
                let plain = line.split(whereSeparator: \.isNewline).joined(separator: " ")
                return plain.count > StateCard.longestLine ? plain.prefix(StateCard.longestLine) + "…" : plain
            }
        }

        /// The section, shortened to so many bytes; empty where not even its heading fits.
        func text(atMost limit: Int) -> String {
            let head = "\n## \(title)\n\n"
            var room = limit - head.utf8.count - 40
            var shown: [String] = []
            for line in keepsEnd ? lines.reversed() : lines {
                room -= line.utf8.count + 1
                guard room >= 0 else { break }
                shown.append(line)
            }
            guard !shown.isEmpty else { return "" }
            let left = lines.count - shown.count
            let note = left == 0 ? [] : ["(\(left) more)"]
            return head + (keepsEnd ? note + shown.reversed() : shown + note).joined(separator: "\n") + "\n"
        }
    }
}

extension Milestone.Evidence {
    /// What shows a milestone, as the model reads it.
    fileprivate var text: String? {
        let place = file.map { file in line.map { "\(file):\($0)" } ?? file }
        let parts = [place, command.map { "`\($0)`" }, commit.map { "commit \($0.prefix(10))" }].compactMap(\.self)
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
