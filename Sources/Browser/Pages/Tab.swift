import JSON

/// A page that is open.
struct Tab: Sendable {
    /// How the browser is told which page is meant.
    let session: String
    /// The browser's name for it.
    let target: String
    /// The target of the page that opened it; nil for one that Graft opened.
    let opener: String?
    /// Where it is.
    var address = "about:blank"
    /// The browser's name for the page's own frame.
    var frame: String
    /// Whether it is being loaded.
    var isLoading = false
    /// Whether the browser has lost it.
    var isCrashed = false
    /// What it is fetching, with the time when that began.
    var requests: [String: ContinuousClock.Instant] = [:]
    /// What it offers to be dragged.
    var dragged: JSON?
    /// The chooser for files that is open: the node it is for.
    var chooser: FileChooser?

    /// A chooser for files that waits for an answer.
    struct FileChooser: Sendable, Equatable {
        let node: Int
        let takesSeveral: Bool
    }

    init(session: String, target: String, opener: String?) {
        (self.session, self.target, self.opener, frame) = (session, target, opener, target)
    }

    /// A request that goes on longer is a conversation, and is not waited for.
    private static let longestFetch: Duration = .seconds(3)

    /// Whether it is fetching something that is likely to change what is seen.
    func isFetching(at now: ContinuousClock.Instant) -> Bool {
        requests.values.contains { now - $0 < Self.longestFetch }
    }
}
