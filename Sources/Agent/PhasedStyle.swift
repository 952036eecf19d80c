import Configuration
import Responses
import Session

/// With which effort and verbosity the model works in each phase.
struct PhasedStyle: Sendable {
    private let effort: PhasedValue?
    private let verbosity: PhasedValue?
    /// The phase that the work has reached, apart from what is done on the side.
    private(set) var reached = WorkPhase.start
    /// What the requests carry at the moment.
    private var current: ResponseStyle

    /// Takes what the settings say.
    init(_ settings: Settings) {
        (effort, verbosity) = (settings.effort, settings.verbosity)
        current = ResponseStyle(effort: settings.effort?.start, verbosity: settings.verbosity?.start)
    }

    /// Whether there is more than one value of any.
    var hasPhases: Bool { [effort, verbosity].contains { ($0?.all.count ?? 0) > 1 } }

    /// Begins a phase; returns how requests look from now on if that is another way than before.
    mutating func enter(_ phase: WorkPhase) -> ResponseStyle? {
        switch phase {
        case .start, .afterRootCause, .afterFix: reached = phase
        case .ordering, .compaction: break
        }
        let style = ResponseStyle(
            effort: effort?.value(in: phase, reached: reached),
            verbosity: verbosity?.value(in: phase, reached: reached))
        guard style != current else { return nil }
        current = style
        return style
    }
}

extension TurnLoop {
    /// Works in the phase that the milestones say has been reached.
    mutating func followMilestones() async {
        guard style?.hasPhases == true else { return }
        let reached = events.state.work.milestones.map(\.kind)
        if reached.contains(.fixApplied) || reached.contains(.verified) {
            await enter(.afterFix)
        } else if reached.contains(.rootCause) {
            await enter(.afterRootCause)
        }
    }

    /// Works in a phase from now on: the model with the effort and the verbosity that are set for it.
    mutating func enter(_ phase: WorkPhase) async {
        guard let style = style?.enter(phase) else { return }
        await model.adopt(style)
    }

    /// Goes back from what was done on the side to the work itself.
    mutating func resumeWork() async {
        guard let style else { return }
        await enter(style.reached)
    }
}
