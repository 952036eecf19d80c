import Responses
import Session
import Text

/// What happened in a run, and when, as its journal tells it.
struct SessionTimeline {
    /// A stretch of time, or a moment.
    struct Span {
        enum Kind {
            case model, command, edit, commit, check, milestone
        }

        var kind: Kind
        /// Seconds since the beginning.
        var start: Double
        var end: Double
        var label: String
        var isGood = true
    }

    /// One response with what followed from it.
    struct Turn {
        var number: Int
        var start: Double
        var modelSeconds = 0.0
        var commandSeconds = 0.0
        var commands = 0
        var usage = Usage()
        var edits = 0
        var commits = 0
    }

    private(set) var spans: [Span] = []
    private(set) var turns: [Turn] = []
    /// What was reached, in order.
    private(set) var milestones: [ReachedMilestone] = []
    /// What was done in the browser, in order, without pictures.
    private(set) var screens: [PageScreen] = []
    /// What tools of the server did, in order, without pictures.
    private(set) var hosted: [PageHosted] = []
    /// The sources that the model's words name.
    private(set) var citations: [Citation] = []
    /// The time of the last event, in seconds.
    private(set) var end = 0.0

    /// Nothing happened.
    init() {}

    /// Reads a journal; lines of no interest are not parsed.
    init(journal path: String) {
        let kinds: Set<RunEvent.Kind> = [
            .turnStarted, .turnCompleted, .itemCompleted, .commitCreated, .baseline, .verified, .runFinished,
            .milestoneReported,
        ]
        JournalFile(path: path)?.forEach(kinds) { line in
            add(line)
            return true
        }
    }

    mutating func add(_ line: JournalLine) {
        let time = line.time.seconds
        end = max(end, time)
        switch line.event {
        case .turnStarted(let turn):
            turns.append(Turn(number: turn, start: time))
        case .turnCompleted(let report):
            note(.model, time, report.duration.seconds, "turn \(report.turn): the model answered")
            change {
                $0.modelSeconds += report.duration.seconds
                $0.usage += report.usage ?? Usage()
            }
        case .itemCompleted(let item):
            add(item, time)
            citations += item.citations
            if case .hosted(let report) = item.content {
                hosted.append(PageHosted(turn: turns.last?.number ?? 0, time: line.time, report: report))
                note(.command, time, 0, "server: \(report.line)", isGood: report.status == .completed)
            }
            if case .computer(let report) = item.content {
                screens.append(PageScreen(turn: turns.last?.number ?? 0, time: line.time, report: report))
                note(.command, time, 0, "browser: \(report.line())", isGood: report.status == .completed)
            }
        case .commitCreated(let commit):
            note(.commit, time, 0, "commit: \(commit.subject)")
            change { $0.commits += 1 }
        case .milestoneReported(let milestone, let turn):
            milestones.append(ReachedMilestone(milestone: milestone, turn: turn, time: line.time))
            note(.milestone, time, 0, "\(milestone.kind.words): \(milestone.summary)")
        case .baseline(let report, _):
            note(.check, time, report.duration.seconds, "before: \(report.ending)", isGood: report.isSuccess)
        case .verified(let verification):
            let report = verification.report
            note(.check, time, report.duration.seconds, "verification: \(report.ending)", isGood: report.isSuccess)
        default:
            break
        }
    }

    private mutating func add(_ item: RunItem, _ time: Double) {
        if let (command, report) = item.endedCommand {
            let duration = report.duration.seconds
            let line = command.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            note(
                .command, time, duration, "\(line.prefix(200)): \(report.ending)",
                isGood: report.isSuccess || report.wasStopped)
            change {
                $0.commandSeconds += duration
                $0.commands += 1
            }
        } else if case .fileChange(let files, let report?) = item.content {
            let isGood = report.isApplied
            let more = files.count > 3 ? " and \(files.count - 3) more" : ""
            let names = files.prefix(3).map(\.path.description).joined(separator: ", ") + more
            note(.edit, time, 0, "\(isGood ? "edit" : "refused edit"): \(names)", isGood: isGood)
            change { $0.edits += isGood ? 1 : 0 }
        }
    }

    private mutating func note(
        _ kind: Span.Kind, _ end: Double, _ duration: Double, _ label: String, isGood: Bool = true
    ) {
        spans.append(Span(kind: kind, start: max(0, end - duration), end: end, label: label, isGood: isGood))
    }

    private mutating func change(_ body: (inout Turn) -> Void) {
        if !turns.isEmpty { body(&turns[turns.count - 1]) }
    }
}

extension Duration {
    fileprivate var seconds: Double { milliseconds / 1000 }
}
