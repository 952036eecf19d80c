import JSON
import Text

/// A question of a server to the person; all of it is the server's text.
public struct ElicitationRequest: Sendable, Equatable {
    /// What is asked for.
    public enum Wish: Sendable, Equatable {
        /// Values, one for each field.
        case form([Field])
        /// That the person opens an address.
        case url(String)
    }

    /// A value that is asked for.
    public struct Field: Sendable, Equatable {
        /// The kinds of value.
        public enum Kind: Sendable, Equatable {
            case text
            case number(isWhole: Bool)
            case flag
            /// One of these, as they are sent.
            case choice([String])
            /// Some of these.
            case choices([String])
        }

        /// The name under which it is sent.
        public let name: String
        /// What it is, for the person.
        public let title: String
        /// The kind of value.
        public let kind: Kind
        /// Whether the form is useless without it.
        public let isRequired: Bool
    }

    /// The name of the server in the configuration.
    public let server: String
    /// What the server says.
    public let message: String
    /// What is asked for.
    public let wish: Wish
}

/// What a person answers to a question of a server.
public enum ElicitationAnswer: Sendable, Equatable {
    /// The values as JSON, by field; none for an address.
    case accept([String: String])
    /// No.
    case decline
    /// The question was closed without an answer.
    case cancel
}

/// Asks the person; must return when the task is cancelled.
public typealias ElicitationQuestion = @Sendable (ElicitationRequest) async -> ElicitationAnswer

extension ElicitationRequest {
    private static let fieldLimit = 20

    /// Reads the parameters of `elicitation/create`; nil for a form that nobody could fill in.
    init?(_ params: JSON, server: String) {
        self.server = server
        message = (params["message"]?.string ?? "").bounded(2000)
        if params["mode"]?.string == "url" || params["requestedSchema"] == nil {
            guard let url = params["url"]?.string, url.hasPrefix("https://") || url.hasPrefix("http://") else {
                return nil
            }
            wish = .url(url.bounded(2000))
            return
        }
        let schema = params["requestedSchema"]
        let required = Set(schema?["required"]?.elements.compactMap(\.string) ?? [])
        var fields: [Field] = []
        for member in schema?["properties"].map({ Array($0.members) }) ?? [] {
            guard let kind = Field.Kind(member.value) else { return nil }
            let words = [member.value["title"]?.string ?? member.key, member.value["description"]?.string]
            fields.append(
                Field(
                    name: member.key, title: words.compactMap { $0 }.joined(separator: ": ").bounded(300), kind: kind,
                    isRequired: required.contains(member.key)))
        }
        guard fields.count <= Self.fieldLimit else { return nil }
        wish = .form(fields)
    }
}

extension ElicitationRequest.Field.Kind {
    fileprivate init?(_ schema: JSON) {
        let values = Self.values(of: schema)
        switch schema["type"]?.string {
        case "string": self = values.isEmpty ? .text : .choice(values)
        case "number": self = .number(isWhole: false)
        case "integer": self = .number(isWhole: true)
        case "boolean": self = .flag
        case "array":
            let values = schema["items"].map(Self.values) ?? []
            guard !values.isEmpty else { return nil }
            self = .choices(values)
        default: return nil
        }
    }

    private static func values(of schema: JSON) -> [String] {
        if let values = schema["enum"] { return values.elements.compactMap(\.string) }
        let titled = schema["oneOf"] ?? schema["anyOf"]
        return titled?.elements.compactMap { $0["const"]?.string } ?? []
    }
}

extension ElicitationAnswer {
    /// The answer as the protocol has it.
    var json: String {
        var writer = JSONWriter()
        writer.object {
            switch self {
            case .accept(let values):
                $0.member("action", "accept")
                $0.member(
                    "content",
                    object: {
                        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
                            $0.key(name)
                            $0.raw(value.utf8)
                        }
                    })
            case .decline: $0.member("action", "decline")
            case .cancel: $0.member("action", "cancel")
            }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
