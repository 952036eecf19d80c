public import Configuration
public import Responses
import Text

/// The limits of a run, and what has been used of them.
public struct Budget: Sendable {
    /// What is limited.
    enum Resource: CaseIterable {
        case turns, tokens, inputTokens, outputTokens, cost, time, disk
    }

    private let limits: Settings
    /// What the model costs; nil where nobody has said it.
    let price: Price?
    private let start: ContinuousClock.Instant
    private var told: Set<Resource> = []
    /// Responses so far.
    public private(set) var turns = 0
    /// Tokens so far.
    public private(set) var usage = Usage()
    private var cost = 0.0
    /// By how many bytes the session's files have grown, as far as is known.
    var diskGrowth = 0

    /// The share of a limit at which the model is told.
    private static let nearlyAll = 0.8

    /// Starts the clock.
    public init(settings: Settings, start: ContinuousClock.Instant) {
        limits = settings
        price = settings.price
        self.start = start
    }

    /// When the time is up, if there is a limit; an interruption ends the run then, whatever it does.
    public var end: ContinuousClock.Instant? { limits.maxTime.map { start + $0 } }

    /// Takes note of a response.
    public mutating func spend(_ usage: Usage?) {
        turns += 1
        guard let usage else { return }
        self.usage += usage
        if let price { cost += price.cost(of: usage).amount }
    }

    /// Takes note of what was spent beside the turns.
    public mutating func add(_ usage: Usage?) {
        guard let usage else { return }
        self.usage += usage
        if let price { cost += price.cost(of: usage).amount }
    }

    /// The limit that has been reached, in words; nil while there is some left of each. The end of the time is not
    /// among them.
    public var exhausted: String? {
        for case let quota? in Resource.allCases.map({ quota(of: $0) }) where quota.share >= 1 {
            let verb = quota.isOne ? "is" : "are"
            return "\(quota.used) \(verb) used up (\(quota.flag))"
        }
        return nil
    }

    /// The flag with which a resumed run may go on, with as much again; nil while nothing is used up.
    var flagForMore: String? {
        Resource.allCases.lazy.compactMap { quota(of: $0) }.first { $0.share >= 1 }
            .map { "\($0.flag) \($0.argument)" }
    }

    /// A limit that needs the server to say what responses cost; nil where there is none.
    var flagOfUsage: String? {
        [Resource.tokens, .inputTokens, .outputTokens, .cost].lazy.compactMap { quota(of: $0) }.first?.flag
    }

    /// What of the run is nearly used up, a line for each limit; each is said once.
    mutating func takeWarnings(at now: ContinuousClock.Instant) -> [String] {
        var lines: [String] = []
        for resource in Resource.allCases where !told.contains(resource) {
            guard let quota = quota(of: resource, at: now), quota.share >= Self.nearlyAll else { continue }
            told.insert(resource)
            lines.append("\(quota.used) of \(quota.limit)")
        }
        return lines
    }
}

extension Budget {
    /// One limit in words, and how much of it is used.
    private struct Quota {
        var flag: String
        var share: Double
        /// What is used, with its unit.
        var used: String
        /// All there is, with its unit.
        var limit: String
        /// The limit as the flag takes it.
        var argument: String
        var isOne = false
    }

    /// - Parameter now: The time; nil leaves the limit of time out.
    private func quota(of resource: Resource, at now: ContinuousClock.Instant? = nil) -> Quota? {
        switch resource {
        case .turns:
            var quota = counted("--max-turns", turns, of: limits.maxTurns, "turns")
            if turns == 1 {
                quota?.used = "1 turn"
                quota?.isOne = true
            }
            return quota
        case .tokens: return counted("--max-tokens", usage.total, of: limits.maxTokens, "tokens")
        case .inputTokens:
            return counted("--max-input-tokens", usage.input, of: limits.maxInputTokens, "tokens of input")
        case .outputTokens:
            return counted("--max-output-tokens", usage.output, of: limits.maxOutputTokens, "tokens of output")
        case .cost:
            guard let limit = limits.maxCost, let price else { return nil }
            func spelled(_ amount: Double) -> String {
                Cost(amount: amount, currency: price.currency, date: price.date).spelled
            }
            return Quota(
                flag: "--max-cost", share: cost / limit, used: spelled(cost), limit: spelled(limit),
                argument: "\(limit)")
        case .time:
            guard let now, let limit = limits.maxTime, limit > .zero else { return nil }
            let used = now - start
            return Quota(
                flag: "--max-time", share: used / limit, used: used.spelled, limit: limit.spelled,
                argument: limit.spelled.filter { $0 != " " })
        case .disk:
            guard let limit = limits.maxDisk else { return nil }
            return Quota(
                flag: "--max-disk", share: Double(diskGrowth) / Double(limit),
                used: diskGrowth.spelledAsBytes + " on disk", limit: limit.spelledAsBytes,
                argument: limit.spelledAsBytes.filter { $0 != " " })
        }
    }

    private func counted(_ flag: String, _ used: Int, of limit: Int?, _ unit: String) -> Quota? {
        limit.map {
            Quota(
                flag: flag, share: Double(used) / Double($0), used: "\(used) \(unit)", limit: "\($0)",
                argument: "\($0)")
        }
    }
}
