import CGit
import OS

/// The author or committer of a commit, with the time.
public struct Signature: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The email address.
    public var email: String
    /// Seconds since 1970, UTC.
    public var seconds: Int64
    /// The time zone: minutes east of UTC.
    public var offsetMinutes: Int32

    /// Makes a signature with a time from the caller.
    public init(name: String, email: String, seconds: Int64, offsetMinutes: Int32 = 0) {
        self.name = name
        self.email = email
        self.seconds = seconds
        self.offsetMinutes = offsetMinutes
    }

    /// Makes libgit2's copy; the caller frees it (git_signature_new, which also refuses angle brackets).
    func allocated() throws(RepositoryError) -> UnsafeMutablePointer<git_signature> {
        var pointer: UnsafeMutablePointer<git_signature>?
        try check(
            git_signature_new(&pointer, name, email, seconds, offsetMinutes), "sign as \"\(name) <\(email)>\"",
            next: "set user.name and user.email")
        return try unwrap(pointer, "signature")
    }
}

extension GitRepository {
    /// The two roles in a commit.
    public enum Role: String, Sendable {
        /// The author of the change.
        case author
        /// The committer.
        case committer
    }

    /// The identity for commits: `GIT_AUTHOR_*` or `GIT_COMMITTER_*`, then git's configuration and `EMAIL`, then
    /// "Graft <graft@localhost>" on a machine without a configured user.
    ///
    /// - Parameter offsetMinutes: The time zone; nil for that of the machine or of `TZ` at that time, as git's commits
    ///   have it.
    public func signature(for role: Role = .author, seconds: Int64, offsetMinutes: Int32? = nil) -> Signature {
        let identity = identity(of: role)
        return Signature(
            name: identity.name ?? "Graft", email: identity.email ?? "graft@localhost", seconds: seconds,
            offsetMinutes: offsetMinutes ?? LocalTime.offsetMinutes(at: seconds))
    }

    /// Whether environment and configuration have both name and email address.
    public func knows(_ role: Role) -> Bool {
        let identity = identity(of: role)
        return identity.name != nil && identity.email != nil
    }

    private func identity(of role: Role) -> (name: String?, email: String?) {
        let fields = ["name", "email"]
        let settings = configured(fields.flatMap { ["\(role.rawValue).\($0)", "user.\($0)"] })
        let values = fields.indices.map { index in
            let variable = environment["GIT_\(role.rawValue)_\(fields[index])".uppercased()]
            return [variable, settings[2 * index], settings[2 * index + 1], index == 1 ? environment["EMAIL"] : nil]
                .lazy.compactMap { $0 }.first { !$0.isEmpty }
        }
        return (values[0], values[1])
    }
}
