import JSON
import Prompts
import Responses
import Session

/// Notices a model that goes in circles: the same calls with the same answers, again and again.
struct LoopWatch {
    /// What is to be done about a circle.
    enum Finding: Equatable {
        /// The model is told, once for each circle.
        case told(String)
        /// The model has been told and goes on: the run ends.
        case over(String)
    }

    /// The responses that called something, the newest last: what they called, and what came of it.
    private var rounds: [Round] = []
    private var isTold = false

    private struct Round: Equatable {
        var calls: String
        var answers: String
        var name: String
    }

    /// The most responses that a circle may consist of.
    private static let longestCircle = 4
    /// After so many times round the model is told, and after so many the run ends.
    private static let (toldAfter, overAfter) = (4, 10)
    /// Tools with which a model waits for something.
    private static let waiting: Set<String> = ["poll_command", "write_stdin", "stop_command"]

    /// Takes a response and the answers to its calls.
    mutating func note(_ response: [Item], answers: [Item]) -> Finding? {
        let calls = response.compactMap(ToolCall.init)
        guard !calls.isEmpty, !calls.contains(where: { Self.waiting.contains($0.name) }) else {
            rounds = []
            isTold = false
            return nil
        }
        rounds.append(
            Round(
                calls: response.filter(\.isClientCall).map(Self.call).joined(separator: "\n"),
                answers: answers.map(Self.answer).joined(separator: "\n"), name: Self.words(of: calls)))
        rounds = rounds.suffix(Self.longestCircle * Self.overAfter)
        guard let (length, times) = circle else {
            isTold = false
            return nil
        }
        let words = rounds.suffix(length).map(\.name).joined(separator: ", then ")
        if times >= Self.overAfter { return .over("\(words): \(times) times with the same result") }
        guard times >= Self.toldAfter, !isTold else { return nil }
        isTold = true
        return .told("\(words): \(times) times with the same result")
    }

    /// How many responses the circle has that the model is in, and how often it went round; nil for less than twice.
    private var circle: (length: Int, times: Int)? {
        for length in 1...Self.longestCircle where rounds.count >= 2 * length {
            let last = Array(rounds.suffix(length))
            var (times, rest) = (1, rounds.dropLast(length))
            while rest.suffix(length).elementsEqual(last) {
                times += 1
                rest = rest.dropLast(length)
            }
            if times > 1 { return (length, times) }
        }
        return nil
    }

    /// What a call asks for, without its names.
    private static func call(_ item: Item) -> String {
        guard let json = item.json else { return "" }
        return ["name", "namespace", "arguments", "input", "action", "operation", "actions"]
            .compactMap { json[$0]?.rawText }.joined(separator: " ")
    }

    /// What came of a call; times and sizes differ from one time to the next.
    private static func answer(_ item: Item) -> String {
        let text = item.json?["output"]?.rawText ?? ""
        var (result, wasDigit) = ("", false)
        for character in text.unicodeScalars.prefix(4096) {
            let isDigit = ("0"..."9").contains(character)
            if !isDigit { result.unicodeScalars.append(character) } else if !wasDigit { result += "0" }
            wasDigit = isDigit
        }
        return result
    }

    private static func words(of calls: [ToolCall]) -> String {
        calls.map { call in
            switch call.request {
            case .shell(let shell): "shell `\(shell.commands.joined(separator: "; ").prefix(80))`"
            case .patch(let patch): "apply_patch of \(patch.path)"
            case .function, .custom, .computer, .search, .approval, .malformed: call.name
            }
        }.joined(separator: " and ")
    }
}

extension TurnLoop {
    /// Does what is to be done about a model that goes in circles.
    ///
    /// - Throws: `RunEnding` for one that has been told.
    mutating func heed(_ finding: LoopWatch.Finding?) throws {
        switch finding {
        case nil: break
        case .told(let words):
            events.record(.notice("the model repeats itself: \(words)"))
            say("\(Prompt.repeating)\n- \(words)\n")
        case .over(let words):
            throw RunEnding(
                judge == nil ? .unverified : .notFixed,
                "the model goes in circles: \(words); try another model or effort, or say more about the task")
        }
    }
}
