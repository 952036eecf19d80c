import Glibc
import Tools

/// A line that a person types at a command's question, while nothing else goes on.
enum TypedAnswer {
    /// Whether somebody may be there to type: standard input is a terminal, and nothing says that this is automation.
    static func isPossible(_ environment: [String: String]) -> Bool {
        let isAutomation = !["", "0", "false"].contains((environment["CI"] ?? "").lowercased())
        return !isAutomation && isatty(0) == 1
    }

    /// The line; nil at the end of the input, and where nobody types for so long that nobody can be there.
    static func line() -> String? {
        var input = [pollfd(fd: 0, events: Int16(POLLIN), revents: 0)]
        let patience = Int32(ApprovalGate.patience.components.seconds * 1000)
        // A terminal hands over whole lines.
        return poll(&input, 1, patience) > 0 ? readLine() : nil
    }
}
