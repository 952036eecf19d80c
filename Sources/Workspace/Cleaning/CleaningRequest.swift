public import Session

/// Which sessions a clean-up removes.
public struct CleaningRequest: Sendable {
    /// The named sessions, whatever their age; nil for all that are old enough.
    public var sessions: [SessionID]?
    /// The time since the last activity after which a session is old enough.
    public var minimumAge: Duration
    /// Whether sessions with unshared commits are removed too; named sessions always are.
    public var takesUnsharedWork: Bool
    /// A folder in a repository that is also searched for references and working trees of sessions without a folder.
    public var repository: String?
    /// Whether only sessions of that repository are considered.
    public var staysInRepository: Bool
    /// The time, in seconds since 1970.
    public var now: Int

    /// The default minimum age.
    public static let standardAge = Duration.seconds(30 * 86400)

    /// Makes a request.
    public init(
        sessions: [SessionID]? = nil, minimumAge: Duration = standardAge, takesUnsharedWork: Bool = false,
        repository: String? = nil, staysInRepository: Bool = false, now: Int
    ) {
        self.sessions = sessions
        self.minimumAge = minimumAge
        self.takesUnsharedWork = takesUnsharedWork
        self.repository = repository
        self.staysInRepository = staysInRepository
        self.now = now
    }

    func isOldEnough(_ time: Int) -> Bool { .seconds(now - time) >= minimumAge }
}
