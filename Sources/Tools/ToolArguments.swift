import JSON
import Responses
import Text

/// The arguments of a function call, with refusals for missing and invalid ones.
struct ToolArguments {
    private let tool: String
    private let json: JSON

    /// The largest number, so that arithmetic does not overflow.
    private static let largest = 1 << 48

    /// Makes arguments; `tool` is the name in messages.
    init(_ json: JSON, tool: String) {
        self.json = json
        self.tool = tool
    }

    /// Reads the arguments of a call of a function.
    init(_ call: ToolCall) throws(ToolRefusal) {
        guard case .function(let name, let arguments) = call.request else {
            throw ToolRefusal("\(call.name) takes a JSON object of arguments")
        }
        self.init(arguments, tool: name)
    }

    /// A member; nil if it is missing or null.
    subscript(_ name: String) -> JSON? {
        json[name].flatMap { $0.isNull ? nil : $0 }
    }

    func text(_ name: String) throws(ToolRefusal) -> String {
        guard let text = json[name]?.string else { throw wrong(name, "a string") }
        return text
    }

    func flag(_ name: String) throws(ToolRefusal) -> Bool {
        guard let value = self[name] else { return false }
        guard let flag = value.bool else { throw wrong(name, "true or false") }
        return flag
    }

    func count(_ name: String) throws(ToolRefusal) -> Int? {
        guard let value = self[name] else { return nil }
        guard let count = value.int, count >= 0, count <= Self.largest else {
            throw wrong(name, "a whole number from 0 on")
        }
        return count
    }

    /// The wait for output that the call asks for.
    func wait() throws(ToolRefusal) -> CommandWait {
        let limit = min(try count("wait_ms") ?? CommandWait.usual, CommandWait.longest)
        let text = self["until"] == nil ? nil : try text("until")
        return CommandWait(limit: .milliseconds(limit), text: text?.isEmpty == true ? nil : text)
    }

    private func wrong(_ name: String, _ expected: String) -> ToolRefusal {
        ToolRefusal("\(tool): \"\(name)\" must be \(expected)")
    }
}

extension ToolDefinition {
    /// Makes a function; `properties` are the members of its JSON schema.
    ///
    /// Not strict, because a server compiles a strict schema at the first request, and the arguments are checked
    /// anyway.
    static func function(
        _ name: String, _ description: String, _ properties: String, required: [String]
    ) -> ToolDefinition {
        let names = required.map { "\"\($0)\"" }.joined(separator: ",")
        return .function(
            name: name, description: description,
            parameters: #"{"type":"object","properties":{\#(properties)},"required":[\#(names)]}"#, isStrict: false)
    }
}
