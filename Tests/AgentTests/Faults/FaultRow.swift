import Agent
import Responses
import Testing

/// A fault, and what must come of it.
struct FaultRow: Sendable, CustomTestStringConvertible {
    /// What a conversation with the fault comes to.
    enum Outcome: Sendable {
        /// The right answer, as if nothing had happened.
        case answer
        /// A failure of a kind, with these words.
        case failure(String, String)
    }

    /// How requests go.
    enum Road: String, Sendable, CaseIterable {
        case socket, http
    }

    let name: String
    /// The members of the turn that has the fault, as JSON without the braces.
    let turn: String
    /// Members of the whole scenario.
    var scenario = ""
    /// The turns that have the fault, one conversation each.
    var positions = [0, 1, 3]
    var roads = Road.allCases
    var outcome = Outcome.answer
    /// Whether something waits for a deadline, which is short then.
    var needsDeadline = false
    /// Whether the client is fooled about ids, so that a parent may be unknown to the server.
    var confusesIDs = false

    var testDescription: String { name }

    /// A row whose fault is in a turn.
    init(
        _ name: String, _ turn: String, scenario: String = "", at positions: [Int] = [0, 1, 3],
        over roads: [Road] = Road.allCases, _ outcome: Outcome = .answer, needsDeadline: Bool = false,
        confusesIDs: Bool = false
    ) {
        self.name = name
        self.turn = turn
        self.scenario = scenario
        self.positions = positions
        self.roads = roads
        self.outcome = outcome
        self.needsDeadline = needsDeadline
        self.confusesIDs = confusesIDs
    }

    /// A row whose fault happens to events on their way.
    static func wire(
        _ name: String, _ faults: String, more: String = "", at positions: [Int] = [0, 1, 3],
        over roads: [Road] = Road.allCases, _ outcome: Outcome = .answer, needsDeadline: Bool = false,
        confusesIDs: Bool = false
    ) -> FaultRow {
        FaultRow(
            name, #""wire":[\#(faults)]\#(more)"#, at: positions, over: roads, outcome, needsDeadline: needsDeadline,
            confusesIDs: confusesIDs)
    }
}
