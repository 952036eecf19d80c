/// How many tokens a history has: what the server counted last, and an estimate of what was added since.
public struct WindowSize: Sendable, Equatable {
    /// The definitions of the tools, which go with every history.
    private static let definitions = 1000

    private var counted: Int?
    private var estimateThen = 0
    private var epoch = 0

    /// Nothing was counted.
    public init() {}

    /// Takes note of what the server counted for a history as it is now.
    public mutating func count(_ tokens: Int, of window: Window) {
        (counted, estimateThen, epoch) = (tokens, window.tokenEstimate, window.epoch)
    }

    /// The size of a history.
    public func tokens(of window: Window) -> Int { (known(window) ?? Self.definitions) + estimated(window) }

    /// The part of it that nobody has counted.
    public func estimated(_ window: Window) -> Int {
        known(window) == nil ? window.tokenEstimate : window.tokenEstimate - estimateThen
    }

    private func known(_ window: Window) -> Int? { window.epoch == epoch ? counted : nil }
}
