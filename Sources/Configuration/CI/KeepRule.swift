import Text

/// How many sessions stay when a run has ended.
public enum KeepRule: Sendable, Equatable {
    /// So many of the newest.
    case newest(Int)
    /// Those in which something was done within this time.
    case within(Duration)

    /// Reads `20`, `14d` or `12h`.
    public init?(spelled text: String) {
        if let count = Int(text) {
            guard count > 0 else { return nil }
            self = .newest(count)
        } else if text.contains(where: \.isLetter), let age = Duration(spelledOut: text), age > .zero {
            self = .within(age)
        } else {
            return nil
        }
    }
}
