public import TOML
import Text

extension SandboxProfile {
    /// Reads a policy file.
    ///
    /// - Parameter name: The file's name for messages.
    /// - Throws: `.profile` for the first line that is not TOML, or the first key that is unknown or has an
    ///   invalid value.
    public init(toml bytes: [UInt8], name: String) throws(SandboxError) {
        do { try self.init(TOMLSection(parsing: bytes, name: name)) } catch { throw SandboxError(error) }
    }

    /// The keys that a policy may have; what is not read does not compile.
    private enum Key: String, CaseIterable {
        case workingTree = "working_tree"
        case network, hosts, read, write, hide, variables, limits
    }

    /// The keys that a policy may have.
    public static var keys: [String] { Key.allCases.map(\.rawValue) }

    /// Reads a policy from a table; an unknown key is an error, since it may be meant to forbid something.
    ///
    /// - Throws: For the first key that is unknown or has an invalid value.
    public init(_ section: TOMLSection) throws(TOMLError) {
        for field in section.fields {
            switch try field.key(tables: [("limits", ResourceLimits.keys)]) as Key {
            case .workingTree:
                isTreeWritable = try field.text("\"read\" or \"write\"") { ["read": false, "write": true][$0] }
            case .network: network = try field.choice()
            case .hosts:
                hosts = try field.list("host names such as \"example.org\" or \"*.example.org\"") { HostPattern($0) }
            case .read: readablePaths = try field.paths()
            case .write: writablePaths = try field.paths()
            case .hide: hiddenPaths = try field.paths()
            case .variables:
                variables = try field.list("names of environment variables") { $0.isEmpty ? nil : $0 }
            case .limits: limits = try ResourceLimits(field.section())
            }
        }
    }
}

extension SandboxProfile {
    /// The policy as a file.
    public var toml: String {
        var lines: [(String, TOMLValue)] = []
        func list(_ texts: [String]) -> TOMLValue { .array(texts.map(TOMLValue.string)) }
        if let isTreeWritable { lines.append(("working_tree", .string(isTreeWritable ? "write" : "read"))) }
        if let network { lines.append(("network", .string(network.rawValue))) }
        if let hosts { lines.append(("hosts", list(hosts.map(\.description)))) }
        if let readablePaths { lines.append(("read", list(readablePaths))) }
        if let writablePaths { lines.append(("write", list(writablePaths))) }
        if !hiddenPaths.isEmpty { lines.append(("hide", list(hiddenPaths))) }
        if let variables { lines.append(("variables", list(variables))) }
        for (name, limit) in ResourceLimits.names {
            if let number = limits[keyPath: limit] { lines.append(("limits.\(name)", .integer(number))) }
        }
        return lines.map { "\($0) = \($1)\n" }.joined()
    }
}

extension ResourceLimits {
    fileprivate static var keys: [String] { Key.allCases.map(\.rawValue) }

    init(_ section: TOMLSection) throws(TOMLError) {
        self.init()
        for field in section.fields {
            switch try field.key() as Key {
            case .processes: processes = try field.count()
            case .openFiles: openFiles = try field.count()
            case .addressSpace: addressSpace = try field.bytes()
            case .fileSize: fileSize = try field.bytes()
            }
        }
    }
}

extension TOMLField {
    /// A number of bytes, or a text such as `"4GB"`.
    fileprivate func bytes() throws(TOMLError) -> Int {
        if let number = value.integer, number > 0 { return number }
        return try text("a number of bytes such as \"4GB\"") { text in
            Int(spelledOutBytes: text).flatMap { $0 > 0 ? $0 : nil }
        }
    }

    fileprivate func paths() throws(TOMLError) -> [String] {
        try list("paths that begin with / or ~/") {
            $0.utf8.first == UInt8(ascii: "/") || $0.utf8.starts(with: "~/".utf8) ? $0 : nil
        }
    }
}
