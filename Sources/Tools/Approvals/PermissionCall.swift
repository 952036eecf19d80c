import JSON
import Responses
import Sandbox

/// A call that asks for more rights.
struct PermissionCall: Sendable, Equatable {
    var command: String
    var reason: String
    var wantsAllNetwork = false
    var hosts: [HostPattern] = []
    var paths: [String] = []
    var readablePaths: [String] = []
    var timeout: Duration?

    init(
        command: String, reason: String, wantsAllNetwork: Bool = false, hosts: [HostPattern] = [], paths: [String] = []
    ) {
        self.command = command
        self.reason = reason
        self.wantsAllNetwork = wantsAllNetwork
        self.hosts = hosts
        self.paths = paths
    }

    /// Reads the arguments of a call.
    init(_ arguments: JSON) throws(ToolRefusal) {
        guard let command = arguments["command"]?.string, !command.isEmpty, let reason = arguments["reason"]?.string
        else { throw ToolRefusal("\(RunWithPermission.name) needs a \"command\" and a \"reason\"") }
        guard !command.utf8.contains(0) else { throw ToolRefusal("the command holds a NUL character") }
        self.init(command: command, reason: reason)
        timeout = arguments["timeout_ms"]?.int.map { .milliseconds($0) }
        if let network = arguments["network"], network.kind != .null {
            let names = network.string.map { [$0] } ?? network.elements.compactMap(\.string)
            let isList = network.kind == .array && network.elements.allSatisfy { $0.string != nil }
            let hosts = names.compactMap(HostPattern.init)
            if names == ["all"] {
                wantsAllNetwork = true
            } else if isList || network.string != nil, hosts.count == names.count {
                self.hosts = hosts
            } else {
                throw ToolRefusal(
                    "network must be \"all\" or host names such as \"example.org\" or \"example.org:443\"")
            }
        }
        paths = try Self.paths("write", in: arguments)
        readablePaths = try Self.paths("read", in: arguments)
        guard wantsAllNetwork || !hosts.isEmpty || !paths.isEmpty || !readablePaths.isEmpty else {
            throw ToolRefusal(
                "\(RunWithPermission.name) is for more rights: name network, write or read, or use shell")
        }
    }

    private static func paths(_ name: String, in arguments: JSON) throws(ToolRefusal) -> [String] {
        guard let list = arguments[name], list.kind != .null else { return [] }
        let paths = list.string.map { [$0] } ?? list.elements.compactMap(\.string)
        let isWhole = list.string != nil || (list.kind == .array && list.elements.allSatisfy { $0.string != nil })
        guard isWhole, !paths.contains(where: { $0.utf8.contains(0) }) else {
            throw ToolRefusal("\(name) must be a list of paths")
        }
        return paths
    }
}
