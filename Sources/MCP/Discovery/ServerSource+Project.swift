public import Configuration
import Glibc
import JSON
import OS
import Text

extension ServerSource {
    /// The file in which repositories name servers, beside their root's `.git`.
    public static let projectFile = ".mcp.json"
    private static let byteLimit = 1 << 20
    private static let serverLimit = 50

    /// Reads the servers of a checkout's `.mcp.json`; nil if there is no such file, which costs one look.
    public static func project(root: String) -> ServerSource? {
        let path = "\(root)/\(projectFile)"
        guard FilePath.kind(path) == .other else { return nil }
        let bytes: [UInt8]
        do throws(SystemError) { bytes = try FileContent.read(path, limit: byteLimit) } catch {
            let reason =
                error.number == EFBIG ? "is larger than \(byteLimit.spelledAsBytes)" : "cannot be read: \(error.reason)"
            return ServerSource(file: projectFile, path: path, servers: [], notices: [reason])
        }
        let json: JSON
        do throws(JSONError) { json = try JSON(bytes) } catch {
            return ServerSource(file: projectFile, path: path, servers: [], notices: ["is no JSON: \(error)"])
        }
        guard let named = json["mcpServers"], named.kind == .object else {
            return ServerSource(
                file: projectFile, path: path, servers: [], notices: ["has no object \"mcpServers\""])
        }
        var (servers, notices) = ([MCPServer](), [String]())
        for member in named.members.prefix(serverLimit) {
            do throws(MCPError) {
                let server = try server(member.key, member.value)
                guard !servers.contains(where: { $0.name == server.name }) else {
                    throw MCPError(.definition, "is named twice, and the first one counts")
                }
                servers.append(server)
            } catch { notices.append("\(member.key.bounded(60).quotedLine) \(error.message)") }
        }
        return ServerSource(file: projectFile, path: path, servers: servers, notices: notices)
    }

    /// The servers of the repository's own configuration; nil if it names none.
    ///
    /// - Parameters:
    ///   - file: The file, as a person knows it.
    ///   - root: The checkout's root.
    public static func repository(_ servers: [MCPServer], file: String, root: String) -> ServerSource? {
        guard !servers.isEmpty else { return nil }
        let owned = servers.map { server in
            var server = server
            server.origin = .repository(file: file)
            // What a server may do is written down by the user alone.
            (server.policy, server.approvals, server.isRequired) = (nil, nil, false)
            return server
        }
        let notices = servers.filter { $0.policy != nil }.map {
            "\($0.name) asks for a policy, which only your own configuration gives"
        }
        return ServerSource(file: file, path: "\(root)/\(file)", servers: owned, notices: notices)
    }

    private static func server(_ name: String, _ json: JSON) throws(MCPError) -> MCPServer {
        guard MCPServer.isName(name) else {
            throw MCPError(.definition, "is no name of letters, digits, - and _, 40 at most")
        }
        func strings(_ key: String) throws(MCPError) -> [String: String] {
            guard let object = json[key], !object.isNull else { return [:] }
            var strings: [String: String] = [:]
            for member in object.members {
                guard let text = member.value.string else {
                    throw MCPError(.definition, "has \(key) that are no strings")
                }
                strings[member.key] = text
            }
            guard object.kind == .object else { throw MCPError(.definition, "has \(key) that are no object") }
            return strings
        }
        let place: MCPServer.Place
        if let url = json["url"]?.string {
            guard json["type"]?.string != "sse" else {
                throw MCPError(.definition, "speaks the old protocol over SSE, which Graft does not")
            }
            var remote = MCPServer.Remote(url)
            remote.headers = try strings("headers")
            place = .url(remote)
        } else if let command = json["command"]?.string, !command.isEmpty {
            var program = MCPServer.Program(command)
            let arguments = json["args"].map { Array($0.elements) } ?? []
            program.arguments = arguments.compactMap(\.string)
            guard program.arguments.count == arguments.count else {
                throw MCPError(.definition, "has args that are no strings")
            }
            program.variables = try strings("env")
            program.directory = json["cwd"]?.string
            place = .command(program)
        } else {
            throw MCPError(.definition, "has neither a command nor a url")
        }
        var server = MCPServer(name, place)
        server.origin = .repository(file: projectFile)
        server.isEnabled = json["disabled"]?.bool != true
        return server
    }
}
