/// What a person has said about which paths are protected.
public struct ProtectionChoice: Sendable, Hashable {
    /// Whether tests, CI definitions, configuration and what the command names are protected.
    public var usesDefaults: Bool
    /// Patterns of further paths that are protected.
    public var protecting: [String]
    /// Patterns of paths that may change all the same.
    public var allowing: [String]

    /// The word that stands for the usual paths among patterns.
    public static let defaultsWord = "defaults"

    /// Names the parts.
    ///
    /// - Parameter protecting: Patterns, and ``defaultsWord``.
    public init(usesDefaults: Bool, protecting: [String] = [], allowing: [String] = []) {
        self.usesDefaults = usesDefaults || protecting.contains(Self.defaultsWord)
        self.protecting = protecting.filter { $0 != Self.defaultsWord }
        self.allowing = allowing
    }
}
