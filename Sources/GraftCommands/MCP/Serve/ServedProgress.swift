import JSON
import Text

/// What a client is told of a run's events while it goes on, in a line each.
enum ServedProgress {
    private static let width = 160

    /// The words for an event; nil for one that tells a client nothing.
    static func words(of event: JSON) -> String? {
        let words: String?
        switch event["type"]?.string {
        case "thread.started": words = event["thread_id"]?.string.map { "session \($0)" }
        case "turn.started": words = event["turn"]?.int.map { "turn \($0)" }
        case "item.started": words = event["item"].flatMap(started)
        case "item.completed": words = event["item"].flatMap(completed)
        case "commit.created": words = event["commit"]?["subject"]?.string.map { "commit: \($0)" }
        case "milestone.reported": words = event["summary"]?.string
        case "verification.completed":
            words = event["exit_code"]?.int.map { $0 == 0 ? "verified" : "verification failed: exit \($0)" }
        case "notice": words = event["message"]?.string
        default: words = nil
        }
        guard let line = words?.markedLine, !line.isEmpty else { return nil }
        return line.count > width ? line.prefix(width) + "…" : line
    }

    private static func started(_ item: JSON) -> String? {
        switch item["type"]?.string {
        case "command_execution": item["command"]?.string.map { "$ \($0)" }
        case "tool_call": item["title"]?.string
        default: nil
        }
    }

    private static func completed(_ item: JSON) -> String? {
        switch item["type"]?.string {
        case "agent_message": item["text"]?.string
        case "file_change":
            item["changes"].map { changes in
                "changed " + changes.elements.compactMap { $0["path"]?.string }.joined(separator: ", ")
            }
        default: nil
        }
    }
}
