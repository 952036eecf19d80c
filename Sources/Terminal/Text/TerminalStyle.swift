import Glibc

/// How text looks on an output: in colours where they are wanted, plain elsewhere.
public struct TerminalStyle: Sendable {
    /// Whether colours may be written.
    public let hasColor: Bool
    /// Whether the output is a terminal that obeys escape sequences, so that a line of it can be written anew.
    public let isLive: Bool
    /// The output, where it is a terminal; nil elsewhere.
    private let terminal: Int32?

    /// Reads what the output and the environment say: a terminal without `TERM`, or with `dumb`, obeys no escape
    /// sequence, and `NO_COLOR` means no colours (no-color.org).
    public init(descriptor: Int32, environment: [String: String]) {
        terminal = isatty(descriptor) == 1 ? descriptor : nil
        isLive = terminal != nil && !["", "dumb"].contains(environment["TERM"] ?? "")
        hasColor = isLive && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// How many columns the terminal has now; nil for a file, a pipe, and a terminal that does not say.
    public var columns: Int? { terminal.flatMap(ScreenSize.columns(of:)).map { max($0, 16) } }

    /// How many rows the terminal has now; nil for a file, a pipe, and a terminal that does not say.
    public var rows: Int? { terminal.flatMap(ScreenSize.rows(of:)) }

    /// Wraps text in the colour of a tone.
    public func callAsFunction(_ tone: TextTone, _ text: some StringProtocol) -> String {
        guard hasColor, let rendition = tone.rendition(hasColor: true) else { return String(text) }
        return "\u{1B}[\(rendition)m\(text)\u{1B}[0m"
    }

    /// A line of a unified diff in its colour.
    public func diffLine(_ line: some StringProtocol) -> String {
        switch line.first {
        case "+" where !line.hasPrefix("+++"): self(.added, line)
        case "-" where !line.hasPrefix("---"): self(.removed, line)
        case "@": self(.place, line)
        case "d", "i", "n", "o", "s", "r", "+", "-": self(.faint, line)
        default: String(line)
        }
    }
}
