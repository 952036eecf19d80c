extension Duration {
    /// The duration as a person says it: `42 ms`, `1.3 s`, `2 min 5 s`, `1 h`. `init(spelledOut:)` reads it back.
    public var spelled: String {
        let milliseconds = self.milliseconds
        if milliseconds.rounded() < 1000 { return "\(Int(milliseconds.rounded())) ms" }
        let tenths = Int((milliseconds / 100).rounded())
        if tenths < 600 { return tenths % 10 == 0 ? "\(tenths / 10) s" : "\(tenths / 10).\(tenths % 10) s" }
        let seconds = Int((milliseconds / 1000).rounded())
        if seconds < 3600 { return seconds % 60 == 0 ? "\(seconds / 60) min" : "\(seconds / 60) min \(seconds % 60) s" }
        let minutes = seconds % 3600 / 60
        return minutes == 0 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(minutes) min"
    }

    /// The duration as an age: `now`, `5 min`, `3 h`, `12 d`.
    public var spelledAsAge: String {
        let seconds = components.seconds
        return switch seconds {
        case ..<60: "now"
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86400) d"
        }
    }

    /// Milliseconds with their fraction, to microseconds.
    public var milliseconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) * 1000 + (Double(attoseconds) / 1e12).rounded() / 1e3
    }
}
