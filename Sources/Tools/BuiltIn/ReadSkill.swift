public import Responses
import Text

/// The skills that the model is told of, and the way to their texts.
public struct OfferedSkills: Sendable {
    /// None.
    public static let none = OfferedSkills([]) { _ in nil }

    let list: [LocalSkill]
    let text: @Sendable (String) throws -> String?

    /// Names the skills.
    ///
    /// - Parameter text: Reads the instructions of a skill by its name; nil if there is no such skill.
    public init(_ list: [LocalSkill], text: @escaping @Sendable (String) throws -> String?) {
        self.list = list
        self.text = text
    }
}

/// Gives the model the instructions of a skill, for servers whose shell knows no skills.
struct ReadSkill: Tool {
    static let name = "read_skill"

    let skills: OfferedSkills

    var name: String { Self.name }
    let effect = ToolEffect.none

    var definition: ToolDefinition {
        let list = skills.list.map { "\n- \($0.name): \($0.description)" }.joined()
        return .function(
            Self.name,
            "Gives you the instructions of a skill. Read them before you begin with something that a skill is for:"
                + list,
            #""name":{"type":"string"}"#, required: ["name"])
    }

    func title(of call: ToolCall) -> String? {
        (try? ToolArguments(call).text("name")).map { "skill \($0)" }
    }

    func run(_ call: ToolCall, in context: ToolContext) async throws(ToolRefusal) -> ToolAnswer {
        let name = try ToolArguments(call).text("name")
        do {
            if let text = try skills.text(name) { return .text(text) }
        } catch { throw ToolRefusal("the skill \(name.quoted) cannot be read: \(error)") }
        let names = skills.list.map(\.name).joined(separator: ", ")
        throw ToolRefusal("there is no skill \(String(name.prefix(80)).quoted); there are \(names)")
    }
}
