import JSON
import Responses
import Session

/// What happened in a run, and when, as its journal tells it.
struct SessionTimeline {
    /// A stretch of time, or a moment.
    struct Span {
        enum Kind {
            case model, command, edit, commit, check
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
    /// The time of the last event, in seconds.
    private(set) var end = 0.0

    /// Nothing happened.
    init() {}

    /// Reads a journal; lines of no interest are not parsed.
    init(journal path: String) {
        let wanted = [
            "turn.started", "turn.completed", "item.completed", "commit.created", "baseline.completed",
            "verification.completed", "run.finished",
        ].map { Array("{\"type\":\"\($0)\"".utf8) }
        JournalFile(path: path)?.forEachLine { line in
            // A line that cannot be read tells nothing.
            if wanted.contains(where: { line.starts(with: $0) }), let event = try? JSON(line) { add(event) }
            return true
        }
    }

    mutating func add(_ event: JSON) {
        let time = (event["t_ms"]?.double ?? 0) / 1000
        end = max(end, time)
        let duration = (event["duration_ms"]?.double ?? 0) / 1000
        switch event["type"]?.string {
        case "turn.started":
            turns.append(Turn(number: event["turn"]?.int ?? turns.count + 1, start: time))
        case "turn.completed":
            let number = event["turn"]?.int ?? 0
            note(.model, time, duration, "turn \(number): the model answered")
            change {
                $0.modelSeconds += duration
                $0.usage += event["usage"].map(Usage.init(journal:)) ?? Usage()
            }
        case "item.completed":
            if let item = event["item"] { add(item: item, time) }
        case "commit.created":
            note(.commit, time, 0, "commit: \(event["commit"]?["subject"]?.string ?? "")")
            change { $0.commits += 1 }
        case "baseline.completed", "verification.completed":
            let isBaseline = event["type"]?.string == "baseline.completed"
            let ending = event["ending"]?.string ?? ""
            let isGood = event["exit_code"]?.int == 0
            note(.check, time, duration, "\(isBaseline ? "before" : "verification"): \(ending)", isGood: isGood)
        default:
            break
        }
    }

    private mutating func add(item: JSON, _ time: Double) {
        let isGood = item["status"]?.string == "completed"
        switch item["type"]?.string {
        case "command_execution":
            let duration = (item["duration_ms"]?.double ?? 0) / 1000
            let line = item["command"]?.string?.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            note(.command, time, duration, "\(line.prefix(200)): \(item["ending"]?.string ?? "")", isGood: isGood)
            change {
                $0.commandSeconds += duration
                $0.commands += 1
            }
        case "file_change":
            let paths = item["changes"]?.elements.compactMap { $0["path"]?.string } ?? []
            let names =
                paths.prefix(3).joined(separator: ", ") + (paths.count > 3 ? " and \(paths.count - 3) more" : "")
            note(.edit, time, 0, "\(isGood ? "edit" : "refused edit"): \(names)", isGood: isGood)
            change { $0.edits += isGood ? 1 : 0 }
        default:
            break
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
