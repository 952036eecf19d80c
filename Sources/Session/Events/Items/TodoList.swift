import JSON

/// The steps that the model means to take, as it last told them.
public struct TodoList: Sendable, Equatable {
    /// One step.
    public struct Step: Sendable, Equatable {
        /// What is to be done, in a line; the model's words.
        public var text: String
        /// How far it has come.
        public var status: Status

        /// Names a step.
        public init(_ text: String, _ status: Status) {
            self.text = text
            self.status = status
        }
    }

    /// How far a step has come.
    public enum Status: String, Sendable, CaseIterable {
        case pending
        case inProgress = "in_progress"
        case completed

        /// The status as people say it: `in progress`.
        public var words: String { rawValue.split(separator: "_").joined(separator: " ") }
    }

    /// The steps, in the order in which they are to be taken.
    public var steps: [Step]
    /// Why the list is as it is, where the model says so.
    public var explanation: String?

    /// Makes a list.
    public init(_ steps: [Step], explanation: String? = nil) {
        self.steps = steps
        self.explanation = explanation
    }

    /// Whether nothing is left to do.
    public var isDone: Bool { steps.allSatisfy { $0.status == .completed } }

    /// How many steps are done.
    public var doneCount: Int { steps.count { $0.status == .completed } }
}

extension TodoList {
    func write(into writer: inout JSONWriter) {
        writer.member(
            "items",
            array: {
                for step in steps {
                    $0.object {
                        $0.member("text", step.text)
                        $0.member("completed", step.status == .completed)
                        $0.member("status", step.status.rawValue)
                    }
                }
            })
        if let explanation { writer.member("explanation", explanation) }
    }

    init?(_ json: JSON) {
        guard let items = json["items"], items.kind == .array else { return nil }
        let steps = items.elements.map { item in
            let known = item["status"]?.string.flatMap(Status.init)
            return Step(item["text"]?.string ?? "", known ?? (item["completed"]?.bool == true ? .completed : .pending))
        }
        self.init(steps, explanation: json["explanation"]?.string)
    }
}
