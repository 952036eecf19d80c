import Configuration
import Evidence

extension ProtectionChoice {
    /// What is protected in a run: the usual paths for `graft fix`, and for `graft run` only what somebody asks for.
    init(_ settings: Settings, for job: RunRequest.Job) {
        let isFix = if case .fix = job { true } else { false }
        self.init(
            usesDefaults: isFix, protecting: settings.protection.protecting,
            allowing: settings.protection.allowing)
    }
}
