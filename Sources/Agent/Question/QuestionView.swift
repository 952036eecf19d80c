public import Session
import Synchronization

/// Who is told of a question's answer, and of what happens on the way to it.
public struct QuestionView: Sendable {
    /// A piece of the answer.
    public var answer: @Sendable (String) -> Void
    /// A piece of what the model says before it is done.
    public var commentary: @Sendable (String) -> Void
    /// What happens: commands, and notices in a sentence.
    public var event: @Sendable (RunEvent) -> Void

    /// Takes what to call for each.
    public init(
        answer: @escaping @Sendable (String) -> Void, commentary: @escaping @Sendable (String) -> Void,
        event: @escaping @Sendable (RunEvent) -> Void
    ) {
        self.answer = answer
        self.commentary = commentary
        self.event = event
    }
}

/// The events of a question, which are shown and not kept.
final class QuestionEvents: RunJournal {
    private let view: QuestionView
    private let count = Atomic(0)

    init(_ view: QuestionView) { self.view = view }

    var failure: SessionError? { nil }

    /// Nothing is kept.
    var state: SessionState { SessionState() }

    func record(_ event: RunEvent) { view.event(event) }

    func nextItemID() -> String { "item_\(count.add(1, ordering: .relaxed).oldValue)" }

    func sync() {}
}
