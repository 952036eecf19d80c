import OS

/// The name of a session: the day and time it began, and four random letters.
///
/// It sorts by age, reads well in a branch name, and fits in a prompt cache key.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
    /// Such as `20261121-035512-k3f9`.
    public let rawValue: String

    /// Wraps a name.
    public init(_ rawValue: String) {
        self.rawValue = rawValue
    }

    /// Takes over a name if it has the form of one that Graft makes.
    public init?(parsing name: String) {
        let parts = name.split(separator: "-", omittingEmptySubsequences: false)
        guard [[8, 6, 4], [8, 4, 4]].contains(parts.map(\.utf8.count)),
            parts[..<2].joined().utf8.allSatisfy({ 0x30...0x39 ~= $0 }),
            parts[2].utf8.allSatisfy({ 0x30...0x39 ~= $0 || 0x61...0x7A ~= $0 })
        else { return nil }
        rawValue = name
    }

    /// Makes a new name from a time, in seconds since 1970, and a source of chance.
    public init(secondsSince1970: Int, using random: inout some RandomNumberGenerator) {
        let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")
        let suffix = String((0..<4).map { _ in letters[Int.random(in: 0..<32, using: &random)] })
        rawValue = "\(UTCTime(secondsSince1970: secondsSince1970).compactText)-\(suffix)"
    }

    /// The branch that holds the session's commits.
    public var branch: String { "graft/\(rawValue)" }

    /// The reference (full name) that keeps the session's raw steps.
    public var steps: String { "refs/graft/\(rawValue)/steps" }

    /// The name itself.
    public var description: String { rawValue }
}
