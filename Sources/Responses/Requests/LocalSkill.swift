import JSON

/// A skill that the built-in shell is told of (Responses API, "shell"): the model reads its text through commands.
public struct LocalSkill: Sendable, Equatable {
    /// The name.
    public var name: String
    /// What it does, and when to use it.
    public var description: String
    /// Its folder, as commands see it.
    public var path: String

    /// Names a skill.
    public init(name: String, description: String, path: String) {
        self.name = name
        self.description = description
        self.path = path
    }

    func write(into writer: inout JSONWriter) {
        writer.object {
            $0.member("name", name)
            $0.member("description", description)
            $0.member("path", path)
        }
    }
}
