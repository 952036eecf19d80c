public import TOMLKit

/// A policy that cannot be used: which file, which key, what is expected.
public struct ProfileError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The line for a person.
    public let description: String
}

extension SandboxProfile {
    /// Reads a policy file.
    ///
    /// - Parameter name: The file's name for messages.
    public init(toml text: String, name: String) throws(ProfileError) {
        let table: TOMLTable
        do { table = try TOMLTable(untrusted: text) } catch {
            throw ProfileError(description: "\(name) is not TOML: \(error)")
        }
        try self.init(table, name: name)
    }

    /// Reads a policy from a table; an unknown key is an error, since what it was to forbid would be allowed.
    public init(_ table: TOMLTable, name: String) throws(ProfileError) {
        for key in table.keys.sorted() {
            guard let value = table[key] else { continue }
            let reader = ValueReader(value: value, place: "\(name): \(key)")
            switch key {
            case "working_tree": isTreeWritable = try reader.choice(["read": false, "write": true])
            case "network":
                network = try reader.choice(
                    Dictionary(uniqueKeysWithValues: Network.allCases.map { ($0.rawValue, $0) }))
            case "hosts":
                hosts = try reader.list("host names such as \"example.org\" or \"*.example.org\"") { HostPattern($0) }
            case "write": writablePaths = try reader.paths()
            case "hide": hiddenPaths = try reader.paths()
            case "variables":
                variables = try reader.list("names of environment variables") { $0.isEmpty ? nil : $0 }
            case "limits":
                guard let table = value.table else { throw reader.wrong("a table") }
                limits = try ResourceLimits(table, name: "\(name): limits")
            default:
                throw ProfileError(description: "\(name): unknown key \(key)")
            }
        }
    }
}

extension ResourceLimits {
    init(_ table: TOMLTable, name: String) throws(ProfileError) {
        self.init()
        for key in table.keys.sorted() {
            guard let value = table[key] else { continue }
            let reader = ValueReader(value: value, place: "\(name).\(key)")
            switch key {
            case "processes": processes = try reader.count()
            case "open_files": openFiles = try reader.count()
            case "address_space": addressSpace = try reader.bytes()
            case "file_size": fileSize = try reader.bytes()
            default: throw ProfileError(description: "\(name): unknown key \(key)")
            }
        }
    }
}

/// Reads one value and says where it stands if it is not what it must be.
private struct ValueReader {
    let value: any TOMLValueConvertible
    let place: String

    func wrong(_ expected: String) -> ProfileError {
        ProfileError(description: "\(place) must be \(expected)")
    }

    func choice<Choice>(_ choices: [String: Choice]) throws(ProfileError) -> Choice {
        guard let text = value.string, let choice = choices[text] else {
            throw wrong(choices.keys.sorted().map { "\"\($0)\"" }.joined(separator: ", "))
        }
        return choice
    }

    func count() throws(ProfileError) -> Int {
        guard let number = value.int, number > 0 else { throw wrong("a positive whole number") }
        return number
    }

    /// A number of bytes, or a text such as `"4GB"`; units are powers of 1024.
    func bytes() throws(ProfileError) -> Int {
        if let number = value.int, number > 0 { return number }
        let text = value.string ?? ""
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["": 0, "B": 0, "KB": 10, "MB": 20, "GB": 30, "TB": 40]
        guard let number = Int(digits), number > 0, let shift = units[String(text.dropFirst(digits.count))],
            number <= Int.max >> shift
        else { throw wrong("a number of bytes such as \"4GB\"") }
        return number << shift
    }

    func paths() throws(ProfileError) -> [String] {
        try list("paths that begin with / or ~/") { $0.hasPrefix("/") || $0.hasPrefix("~/") ? $0 : nil }
    }

    func list<Element>(_ expected: String, _ element: (String) -> Element?) throws(ProfileError) -> [Element] {
        guard let array = value.array else { throw wrong("a list of \(expected)") }
        var elements: [Element] = []
        for item in array {
            guard let text = item.string, let read = element(text) else { throw wrong("a list of \(expected)") }
            elements.append(read)
        }
        return elements
    }
}
