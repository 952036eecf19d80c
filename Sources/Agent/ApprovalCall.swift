import JSON
import Responses
import Sandbox

/// A call of the tool that asks for more rights.
struct ApprovalCall: Sendable, Equatable {
    static let name = "run_with_permission"

    var command: String
    var reason: String
    var wantsAllNetwork = false
    var hosts: [HostPattern] = []
    var paths: [String] = []
    var timeout: Duration?

    /// The tool's definition, always the same bytes.
    static let definition = ToolDefinition.function(
        name: name,
        description:
            "Runs one shell line with rights the sandbox does not give, if a person or a rule allows it: network "
            + "(host names, or \"all\") or writing to existing paths outside the tree. Only when the task needs it; a "
            + "refusal is final.",
        parameters: #"{"type":"object","properties":{"command":{"type":"string"},"reason":{"type":"string"},"#
            + #""network":{"anyOf":[{"type":"array","items":{"type":"string"}},{"type":"string","enum":["all"]}]},"#
            + #""write":{"type":"array","items":{"type":"string"}},"timeout_ms":{"type":"integer"}},"#
            + #""required":["command","reason"]}"#,
        isStrict: false)

    /// Reads a call's arguments.
    static func work(of arguments: JSON) -> Toolset.Work {
        guard let command = arguments["command"]?.string, !command.isEmpty, let reason = arguments["reason"]?.string
        else { return .refuse("\(name) needs a \"command\" and a \"reason\"") }
        guard !command.utf8.contains(0) else { return .refuse("the command holds a NUL character") }
        var call = ApprovalCall(command: command, reason: reason)
        call.timeout = arguments["timeout_ms"]?.int.map { .milliseconds($0) }
        if let network = arguments["network"], network.kind != .null {
            let names = network.string.map { [$0] } ?? network.elements.compactMap(\.string)
            let isList = network.kind == .array && network.elements.allSatisfy { $0.string != nil }
            let hosts = names.compactMap(HostPattern.init)
            if names == ["all"] {
                call.wantsAllNetwork = true
            } else if isList || network.string != nil, hosts.count == names.count {
                call.hosts = hosts
            } else {
                return .refuse("network must be \"all\" or host names such as \"example.org\" or \"example.org:443\"")
            }
        }
        if let write = arguments["write"], write.kind != .null {
            call.paths = write.string.map { [$0] } ?? write.elements.compactMap(\.string)
            let isWhole =
                write.string != nil || (write.kind == .array && write.elements.allSatisfy { $0.string != nil })
            guard isWhole, !call.paths.contains(where: { $0.utf8.contains(0) }) else {
                return .refuse("write must be a list of paths")
            }
        }
        guard call.wantsAllNetwork || !call.hosts.isEmpty || !call.paths.isEmpty else {
            return .refuse("\(name) is for more rights: name network or write, or use shell")
        }
        return .approval(call)
    }
}
