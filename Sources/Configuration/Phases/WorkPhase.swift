/// A phase of a run's work, as far as Graft itself can tell.
public enum WorkPhase: String, Sendable, CaseIterable {
    /// From the beginning on.
    case start
    /// Since the root cause has been reported.
    case afterRootCause = "after_root_cause"
    /// Since a fix has been applied.
    case afterFix = "after_fix"
    /// While the steps are ordered into commits.
    case ordering
    /// While the history is summed up.
    case compaction

    /// The phase whose value counts where this one has none of its own; nil for the first. What is done on the side,
    /// between two phases, has the value of the phase that it is done in.
    fileprivate var before: WorkPhase? {
        switch self {
        case .start, .ordering, .compaction: nil
        case .afterRootCause: .start
        case .afterFix: .afterRootCause
        }
    }
}

/// A value of each request that may depend on the phase of the work: effort, verbosity.
///
/// A phase without a value of its own keeps what was in force, because every change costs the prompt cache
/// (Responses API, "What breaks the prefix").
public struct PhasedValue: Sendable, Equatable, ExpressibleByStringLiteral, CustomStringConvertible {
    private var values: [WorkPhase: String]

    /// One value for the whole run.
    public init(_ value: String) { values = [.start: value] }

    /// One value for the whole run.
    public init(stringLiteral value: String) { self.init(value) }

    /// A value for some phases each.
    public init(_ values: [WorkPhase: String]) { self.values = values }

    /// Reads what `description` writes: a value, or phases with theirs, as in `start=high ordering=low`.
    public init(spelled text: String) {
        var values: [WorkPhase: String] = [:]
        for word in text.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2, let phase = WorkPhase(rawValue: String(parts[0])) { values[phase] = String(parts[1]) }
        }
        self.init(values.isEmpty ? [.start: text] : values)
    }

    /// The value, or the phases that have one, with it.
    public var description: String {
        if all.count == 1, let start { return start }
        return all.map { "\($0.phase.rawValue)=\($0.value)" }.joined(separator: " ")
    }

    /// The value from the beginning on; nil where only later phases have one.
    public var start: String? { values[.start] }

    /// The phases that have a value of their own, with it, in order.
    public var all: [(phase: WorkPhase, value: String)] {
        WorkPhase.allCases.compactMap { phase in values[phase].map { (phase, $0) } }
    }

    /// The value in a phase.
    ///
    /// - Parameter reached: The last phase that was not on the side.
    public func value(in phase: WorkPhase, reached: WorkPhase) -> String? {
        if let own = values[phase] { return own }
        var next: WorkPhase? = phase.before ?? (phase == reached ? nil : reached)
        while let phase = next {
            if let value = values[phase] { return value }
            next = phase.before
        }
        return nil
    }

    /// This value; where it says nothing of the beginning, the beginning of `other` counts.
    func over(_ other: PhasedValue?) -> PhasedValue {
        guard start == nil, let start = other?.start else { return self }
        var merged = self
        merged.values[.start] = start
        return merged
    }
}
