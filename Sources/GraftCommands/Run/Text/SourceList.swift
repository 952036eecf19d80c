import Session
import Terminal
import Text

/// The sources of an answer, numbered, each once.
struct SourceList {
    private let sources: [(title: String, place: String?)]

    /// What citations name.
    init(_ citations: [Citation]) {
        sources = citations.sources.map { ($0.title, $0.place) }
    }

    /// Pages of which nothing but the address is known.
    init(pages: [String]) {
        sources = pages.map { ($0, nil) }
    }

    /// The list for people; nil for none.
    func text(_ style: TerminalStyle, heading: String = "Sources") -> String? {
        guard !sources.isEmpty else { return nil }
        var text = "\n" + style(.strong, heading) + "\n"
        for (index, source) in sources.enumerated() {
            let number = "[\(index + 1)] "
            text += style.filled(number + source.title.markedLine, indent: number.count) + "\n"
            // A link is taken from the screen whole: it is on a line of its own, and nothing is put into it.
            if let place = source.place {
                text += String(repeating: " ", count: number.count) + style(.faint, place.markedLine) + "\n"
            }
        }
        return text
    }
}
