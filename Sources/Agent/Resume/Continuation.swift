import Prompts
import Repository
import Responses
import Session

/// Where in its loop a session goes on, as its events tell.
enum Continuation: Equatable {
    /// The model has not answered yet: the first request is made as it is.
    case request
    /// The model is told something, and asked.
    case told(String, pictures: [Picture] = [], skills: String? = nil)
    /// The model has said that it is done.
    ///
    /// - Parameter orderings: How many responses were to order the steps; nil if it was not asked for that yet.
    case claimed(String, orderings: Int?)
    /// The command has passed on this commit, which stands for the work.
    case proved(CommitID)

    /// Finds the place.
    ///
    /// - Parameters:
    ///   - state: What had happened when the session was stopped.
    ///   - prompt: What a person says to it now.
    ///   - pictures: What goes with it.
    ///   - skills: The message with the skills that it names.
    init(_ state: SessionState, prompt: String?, pictures: [PictureFile] = [], skills: String? = nil) {
        if let prompt {
            self = .told("\(Prompt.newest)\n\(prompt)\n", pictures: pictures.map(\.picture), skills: skills)
            return
        }
        let end = state.phase == .finished ? state.result : nil
        let isVerified = state.result.commit != nil && state.result.verification?.commit == state.result.commit
        if end == nil, isVerified, state.result.verification?.isProof == true,
            let commit = state.result.commit.flatMap({ CommitID($0) })
        {
            self = .proved(commit)
        } else if state.turns.isEmpty {
            self = .request
        } else if end?.verdict != .notFixed, let claim = Self.openClaim(state) {
            self = claim
        } else if state.pending != nil {
            // The answer to the last request is still to be had; nothing may stand before it.
            self = .request
        } else {
            let reason = end?.message ?? "Its process was killed."
            self = .told("\(Prompt.resumed)\n\(reason)\n")
        }
    }

    /// Whether the last thing that the model was told is to order its steps.
    private static func isOrdering(_ state: SessionState) -> Bool {
        state.claim?.replyCount == 1 && state.claim?.reply?.messageText?.hasPrefix(Prompt.order) == true
    }

    /// The claim of which nothing has come yet: the model was not told of a failure.
    private static func openClaim(_ state: SessionState) -> Continuation? {
        if state.claim?.turn != state.turns.count, !isOrdering(state),
            !state.lastResponse.contains(where: { $0.status == "incomplete" }),
            case .claim(let text) = Turn(state.lastResponse, cutOff: nil)
        {
            // Its process was killed before it took the last response for a claim.
            return .claimed(text, orderings: nil)
        }
        guard let claim = state.claim else { return nil }
        let responses = state.turns.count - claim.turn
        if claim.replyCount == 0 { return responses == 0 ? .claimed(claim.text, orderings: nil) : nil }
        guard isOrdering(state) else { return nil }
        if state.series != nil { return .claimed(claim.text, orderings: 0) }
        // One that called nothing has ended the ordering.
        let isOver = responses > state.stepCount - claim.stepCount
        return .claimed(claim.text, orderings: isOver ? TurnLoop.patienceForOrder : responses)
    }
}
