import Glibc

/// How text looks on a terminal: colours where they are wanted, plain text elsewhere.
struct TerminalStyle: Sendable {
    /// Whether escape sequences may be written.
    let hasColor: Bool
    /// Whether the output is a terminal on which a line can be rewritten.
    let isLive: Bool

    /// Reads what the output and the environment say: `NO_COLOR` and `TERM=dumb` mean plain text.
    init(descriptor: Int32, environment: [String: String]) {
        let isTerminal = isatty(descriptor) == 1 && environment["TERM"] != "dumb" && environment["TERM"] != nil
        isLive = isTerminal
        hasColor = isTerminal && (environment["NO_COLOR"] ?? "").isEmpty
    }

    /// The colours in use, by what they mean.
    enum Tone: String {
        case faint = "2"
        case strong = "1"
        case good = "32"
        case bad = "31"
        case place = "36"
        case warning = "33"
    }

    /// Wraps text in a colour.
    func callAsFunction(_ tone: Tone, _ text: some StringProtocol) -> String {
        hasColor ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : String(text)
    }

    /// A line of a unified diff in its colour.
    func diffLine(_ line: some StringProtocol) -> String {
        switch line.first {
        case "+" where !line.hasPrefix("+++"): self(.good, line)
        case "-" where !line.hasPrefix("---"): self(.bad, line)
        case "@": self(.place, line)
        case "d", "i", "n", "o", "s", "r", "+", "-": self(.faint, line)
        default: String(line)
        }
    }
}
