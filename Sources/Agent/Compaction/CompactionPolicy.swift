import Configuration
import Session

/// Decides when a history is compacted; pure.
struct CompactionPolicy: Sendable {
    /// When the user wants it, as far as the server takes part in it.
    private(set) var mode: CompactionMode
    /// How many tokens fit; nil as long as nobody knows.
    private(set) var limit: Int?
    private let configuredThreshold: Int?
    /// The size below which it is not tried again.
    private var blockedUntil = 0

    /// The part of the window from which a history is always compacted, and from which it is not left to the server.
    private static let (fullPart, lastPart) = (0.7, 0.95)

    init(mode: CompactionMode, limit: Int?, threshold: Int? = nil) {
        self.mode = mode
        self.limit = limit
        configuredThreshold = threshold
    }

    /// The size from which a history is always compacted; nil as long as the window is not known.
    var threshold: Int? {
        let part = limit.map { Int(Double($0) * Self.fullPart) }
        guard let configuredThreshold else { return part }
        return min(configuredThreshold, part ?? configuredThreshold)
    }

    /// Whether a history of this size is compacted, milestone or not.
    func isFull(_ size: Int) -> Bool {
        guard mode != .off, size >= blockedUntil, let threshold else { return false }
        guard mode == .server else { return size >= threshold }
        return limit.map { size >= Int(Double($0) * Self.lastPart) } ?? false
    }

    /// The server has counted so many tokens of input and compacted nothing: where it should have, it is not relied on
    /// any more.
    mutating func notCompacted(_ input: Int) {
        // Servers may count a little otherwise than they tell.
        if mode == .server, let threshold, input > threshold / 10 * 11 { mode = .threshold }
    }

    /// Whether a history of this size is compacted at a milestone where it pays.
    func takesMilestones(at size: Int) -> Bool { mode == .milestones && size >= blockedUntil }

    /// Whether a compaction of a history of this size can be expected to help.
    func canHelp(_ size: Int) -> Bool { size >= blockedUntil }

    /// The server has refused a history of this size: no more fits.
    mutating func refused(_ size: Int) { limit = min(limit ?? size, size) }

    /// A compaction has come to its end; one that freed too little is not tried again before much has been added.
    mutating func compacted(from before: Int, to after: Int) {
        blockedUntil = after > before / 5 * 4 ? enlarged(after) : 0
    }

    /// A compaction has come to nothing.
    mutating func failed(at size: Int) { blockedUntil = enlarged(size) }

    /// A quarter more, and at least as much as is worth the trouble.
    private func enlarged(_ size: Int) -> Int { size + max(size / 4, 4000) }
}
