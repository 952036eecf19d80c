import Agent
import Session
import Synchronization
import Terminal
import Text

/// What stands below an answer: its sources, and the pictures that were made.
final class AnswerNotes: Sendable {
    private struct State {
        var citations: [Citation] = []
        var pages: [String] = []
        var pictures: [String] = []
    }

    /// So many pages are named that were looked at for an answer that names none itself.
    private static let pageLimit = 10

    private let state = Mutex(State())

    /// A view that is told the same, and from which the notes are taken.
    func taking(from view: QuestionView) -> QuestionView {
        var noting = view
        noting.event = { event in
            self.take(event)
            view.event(event)
        }
        return noting
    }

    private func take(_ event: RunEvent) {
        guard case .itemCompleted(let item) = event else { return }
        state.withLock { state in
            state.citations += item.citations
            guard case .hosted(let report) = item.content else { return }
            switch report.work {
            case .webSearch(let search):
                for page in [search.url].compactMap(\.self) + search.sources where !state.pages.contains(page) {
                    state.pages.append(page)
                }
            case .imageGeneration(let image): state.pictures += [image.file].compactMap(\.self)
            case .codeInterpreter(let code): state.pictures += code.images
            default: break
            }
        }
    }

    /// The notes; nil for none.
    func text(_ style: TerminalStyle) -> String? {
        let state = state.withLock { $0 }
        let sources =
            SourceList(state.citations).text(style)
            ?? SourceList(pages: Array(state.pages.prefix(Self.pageLimit))).text(
                style, heading: "Pages that were found")
        let pictures = state.pictures.map { $0.markedLine + "\n" }.joined()
        let text = (sources ?? "") + (pictures.isEmpty ? "" : "\n" + style(.strong, "Pictures") + "\n" + pictures)
        return text.isEmpty ? nil : text
    }
}

extension RunEvent {
    /// What a tool of the server has done, in a line; nil for any other event.
    var hostedLine: String? {
        guard case .itemCompleted(let item) = self, case .hosted(let report) = item.content else { return nil }
        return (report.status == .completed ? "· " : "✗ ") + report.line.markedLine
    }
}
