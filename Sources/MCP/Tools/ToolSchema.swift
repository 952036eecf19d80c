import JSON

/// The JSON schema of a tool's arguments as a model's server takes it: an object, without titles, checked.
///
/// Titles cost tokens and say what the name says. What the model's server refuses at the top, such as `anyOf`, is left
/// out there; the server of the tool checks its arguments anyway.
struct ToolSchema {
    /// The schema as JSON.
    let json: String
    /// Whether what the server has given could not be used, and any object is taken.
    let isReplaced: Bool
    /// The header that a property becomes, by property (`x-mcp-header`).
    let headers: [String: String]

    /// The largest schema, in bytes.
    static let byteLimit = 64 * 1024
    private static let depthLimit = 40
    static let open = #"{"type":"object","properties":{}}"#

    init(_ schema: JSON?) {
        var writer = JSONWriter()
        if let schema, schema.kind == .object, schema.raw.count <= Self.byteLimit,
            Self.copy(schema, isTop: true, depth: 0, into: &writer)
        {
            json = String(decoding: writer.bytes, as: UTF8.self)
            isReplaced = false
            headers = Self.headers(of: schema)
        } else {
            (json, isReplaced, headers) = (Self.open, true, [:])
        }
    }

    private enum Place {
        /// A schema.
        case schema
        /// Schemas by name.
        case named
        /// A list of schemas.
        case list
        /// Anything else that must be of a kind.
        case value(JSON.Kind)
    }

    private static let places: [String: Place] = [
        "properties": .named, "patternProperties": .named, "$defs": .named, "definitions": .named,
        "dependentSchemas": .named, "items": .schema, "additionalProperties": .schema, "unevaluatedProperties": .schema,
        "propertyNames": .schema, "contains": .schema, "not": .schema, "if": .schema, "then": .schema, "else": .schema,
        "anyOf": .list, "allOf": .list, "oneOf": .list, "prefixItems": .list, "required": .value(.array),
        "enum": .value(.array), "description": .value(.string), "minLength": .value(.number),
        "maxLength": .value(.number),
        "pattern": .value(.string), "format": .value(.string),
    ]
    private static let types: Set<String> = ["null", "boolean", "object", "array", "number", "string", "integer"]
    /// What a model's server does not take beside `type` and `properties` of a function.
    private static let illegalAtTop: Set<String> = [
        "anyOf", "allOf", "oneOf", "not", "enum", "if", "then", "else", "const",
    ]
    private static let dropped: Set<String> = ["title", "$schema", "$id", "x-mcp-header"]

    /// Copies a schema; false for what is none.
    private static func copy(_ schema: JSON, isTop: Bool = false, depth: Int, into writer: inout JSONWriter) -> Bool {
        guard depth <= depthLimit else { return false }
        if schema.kind == .bool {
            writer.value(schema)
            return !isTop
        }
        guard schema.kind == .object else { return false }
        var (isSchema, names) = (true, Set<String>())
        writer.object { writer in
            for member in schema.members where isSchema {
                let (name, value) = (member.key, member.value)
                // Of two members with one name the first counts, as everywhere here.
                guard names.insert(name).inserted, !dropped.contains(name), !(isTop && illegalAtTop.contains(name))
                else {
                    continue
                }
                writer.key(name)
                isSchema = copy(name, value, isTop: isTop, depth: depth, into: &writer)
            }
            guard isTop else { return }
            if !names.contains("type") { writer.member("type", "object") }
            if !names.contains("properties") { writer.member("properties", object: { _ in }) }
        }
        return isSchema
    }

    private static func copy(
        _ name: String, _ value: JSON, isTop: Bool, depth: Int, into writer: inout JSONWriter
    ) -> Bool {
        switch name {
        case "type":
            let named = value.kind == .array ? value.elements.map(\.string) : [value.string]
            writer.value(value)
            guard !named.isEmpty, named.allSatisfy({ $0.map(types.contains) ?? false }) else { return false }
            return !isTop || value.string == "object"
        case "$ref", "$dynamicRef":
            writer.value(value)
            // Nothing is fetched for a schema.
            return value.string?.hasPrefix("#") ?? false
        default: break
        }
        switch places[name] {
        case .schema:
            // Before 2020-12 the items of a tuple were a list.
            if name == "items", value.kind == .array { return copyList(value, depth: depth, into: &writer) }
            return copy(value, depth: depth + 1, into: &writer)
        case .list: return copyList(value, depth: depth, into: &writer)
        case .named:
            guard value.kind == .object else { return false }
            var isSchema = true
            writer.object { writer in
                for member in value.members where isSchema {
                    writer.key(member.key)
                    isSchema = copy(member.value, depth: depth + 1, into: &writer)
                }
            }
            return isSchema
        case .value(let kind):
            writer.value(value)
            return value.kind == kind && (name != "required" || value.elements.allSatisfy { $0.kind == .string })
        case nil:
            writer.value(value)
            return true
        }
    }

    private static func copyList(_ value: JSON, depth: Int, into writer: inout JSONWriter) -> Bool {
        guard value.kind == .array else { return false }
        var isSchema = true
        writer.array { writer in
            for element in value.elements where isSchema {
                isSchema = copy(element, depth: depth + 1, into: &writer)
            }
        }
        return isSchema
    }

    private static func headers(of schema: JSON) -> [String: String] {
        var headers: [String: String] = [:]
        for member in schema["properties"].map({ Array($0.members) }) ?? [] {
            guard let name = member.value["x-mcp-header"]?.string, !name.isEmpty, name.utf8.count <= 60,
                name.utf8.allSatisfy({
                    0x30...0x39 ~= $0 || 0x41...0x5A ~= $0 || 0x61...0x7A ~= $0 || $0 == UInt8(ascii: "-")
                })
            else { continue }
            headers[member.key] = "Mcp-Param-\(name)"
        }
        return headers
    }
}
