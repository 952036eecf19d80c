import JSON
import Responses

/// A response that the session remembers.
struct StoredResponse: Sendable {
    let playback: Playback
    /// What a continuation continues from: the request's context and the output.
    var context: RenderedContext
    /// Turns that lie behind a continuation.
    var position: Int
    /// The request's own input items.
    let input: [JSON]
    let isStored: Bool
    let isBackground: Bool
    /// When a background response is finished, in milliseconds of the session's clock.
    let readyAt: Int
    /// Whether the terminal event went out, or the response runs in the background.
    var isAnswered = false
    var isCancelled = false
    /// Whether a background response has been looked at: from then on it is in progress.
    var wasSeen = false
    /// The output items that are known already, and the entry of the last of them.
    var registered = 0
    var lastEntry: Int?

    /// The state of a background response at a time.
    func state(at now: Int) -> ResponseHead.State {
        if isCancelled { return ResponseHead.State(status: "cancelled") }
        if !isBackground || isAnswered { return playback.ending }
        return ResponseHead.State(status: wasSeen ? "in_progress" : "queued")
    }
}

/// A WebSocket connection: its lanes and what they hold in their caches.
struct ConnectionState: Sendable {
    /// One lane; the default lane has no name.
    struct Lane: Sendable {
        /// The latest response, which a continuation may name.
        var latest: String?
        /// The response that is being sent.
        var running: String?
        /// Requests that wait for their turn.
        var waiting: [JSON] = []
    }

    var lanes: [String?: Lane] = [:]

    var runningCount: Int { lanes.values.count { $0.running != nil } }
    var named: Int { lanes.keys.count { $0 != nil } }

    func holds(_ response: String) -> Bool { lanes.values.contains { $0.latest == response } }
}
