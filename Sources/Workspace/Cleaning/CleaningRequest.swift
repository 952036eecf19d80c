public import Session

/// Which sessions a clean-up is to take away.
public struct CleaningRequest: Sendable {
    /// The sessions that are named, whatever their age; nil for all that are old enough.
    public var sessions: [SessionID]?
    /// How long nothing may have happened in a session for it to be old enough.
    public var minimumAge: Duration
    /// Whether sessions go whose commits are nowhere else; those that are named always go.
    public var takesUnsharedWork: Bool
    /// A folder in a repository that is also searched for what sessions without a folder have left in it.
    public var repository: String?
    /// Whether only sessions of that repository are looked at.
    public var staysInRepository: Bool
    /// The time, in seconds since 1970.
    public var now: Int

    /// The standard age.
    public static let standardAge = Duration.seconds(30 * 86400)

    /// Names the parts.
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
