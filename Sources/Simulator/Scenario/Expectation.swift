import JSON
import Responses

/// What a scenario expects of the request that leads to a turn.
public struct Expectation: Sendable {
    /// Texts of which each must occur in the request, in its raw text or in a decoded string.
    public var contains: [String]
    /// Texts that must not occur.
    public var excludes: [String]
    /// The types of the new input items, in order.
    public var inputTypes: [String]?
    /// The results of the new outputs in the order of their calls.
    public var outputs: [OutputPattern]?

    /// What one output must say.
    public enum OutputPattern: Sendable, Equatable {
        /// Exit codes of a shell call's commands; nil is a time-out.
        case exits([Int?])
        /// The status of an apply_patch call.
        case status(String)
        /// A text in the output.
        case contains(String)
        /// Any output.
        case any
    }

    init(_ value: JSON, at place: String) throws(ScenarioError) {
        let reader = try ScenarioReader(
            value, at: place, knows: ["contains", "excludes", "input_types", "outputs"])
        contains = try reader.strings("contains")
        excludes = try reader.strings("excludes")
        inputTypes = value["input_types"] == nil ? nil : try reader.strings("input_types")
        guard value["outputs"] != nil else { return }
        var patterns: [OutputPattern] = []
        for pattern in try reader.array("outputs") {
            guard let pattern = OutputPattern(pattern) else {
                throw reader.error(
                    "outputs",
                    "an output is an exit code, an array of them, a status, \"timeout\", \"*\" or {\"contains\"}")
            }
            patterns.append(pattern)
        }
        outputs = patterns
    }
}

extension Expectation.OutputPattern: CustomStringConvertible {
    init?(_ value: JSON) {
        if let code = value.int {
            self = .exits([code])
        } else if let text = value["contains"]?.string {
            self = .contains(text)
        } else if value.kind == .array {
            self = .exits(value.elements.map(\.int))
        } else {
            switch value.string {
            case nil: return nil
            case "*": self = .any
            case "timeout": self = .exits([nil])
            case let status?: self = .status(status)
            }
        }
    }

    /// What an output says in the terms of a pattern.
    init(output: JSON) {
        switch output["type"]?.string {
        case "shell_call_output":
            self = .exits((output["output"] ?? .empty).elements.map { $0["outcome"]?["exit_code"]?.int })
        case "apply_patch_call_output": self = .status(output["status"]?.string ?? "none")
        default: self = .contains(output["output"]?.string ?? output["output"]?.rawText ?? "")
        }
    }

    func matches(_ output: JSON) -> Bool {
        switch self {
        case .any: return true
        case .contains(let text): return RequestText(output).contains(text)
        case .exits, .status: return Self(output: output) == self
        }
    }

    /// The pattern as a scenario writes it.
    public var description: String {
        switch self {
        case .any: "*"
        case .contains(let text): "contains \"\(text.prefix(200))\""
        case .status(let status): status
        case .exits(let codes):
            "exit " + codes.map { $0.map(String.init) ?? "timeout" }.joined(separator: ",")
        }
    }
}
