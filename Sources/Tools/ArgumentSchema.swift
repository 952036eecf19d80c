import JSON
import Text

/// A JSON schema against which the arguments of a call are held: the part that tells a model what it did wrong.
///
/// Types, required members, lists of values, elements, alternatives and references within the schema are checked.
/// Whatever else a schema says is left to whoever answers the call.
struct ArgumentSchema {
    private let root: JSON
    private static let deepest = 24

    init(_ schema: JSON) { root = schema }

    /// The first thing that does not fit, in words; nil if all does.
    func fault(in arguments: JSON) -> String? { fault(in: arguments, root, "", depth: 0) }

    private func fault(in value: JSON, _ schema: JSON, _ path: String, depth: Int) -> String? {
        guard depth < Self.deepest, schema.kind == .object else { return nil }
        if let target = reference(in: schema) { return fault(in: value, target, path, depth: depth + 1) }
        if let types = Self.types(of: schema), !types.contains(where: { Self.fits(value, $0) }) {
            return "\(Self.name(path)) must be \(types.map(Self.word).joined(separator: " or "))"
        }
        let values = schema["enum"].map { Array($0.elements) } ?? []
        if !values.isEmpty, !values.contains(where: { Self.isSame($0, value) }) {
            let list = values.prefix(20).map(\.rawText).joined(separator: ", ")
            return "\(Self.name(path)) must be one of \(list)"
        }
        if let constant = schema["const"], !Self.isSame(constant, value) {
            return "\(Self.name(path)) must be \(constant.rawText)"
        }
        for key in ["anyOf", "oneOf"] {
            guard let list = schema[key], list.kind == .array else { continue }
            let faults = list.elements.map { fault(in: value, $0, path, depth: depth + 1) }
            if !faults.isEmpty, !faults.contains(nil) { return faults.compactMap(\.self).joined(separator: ", or ") }
        }
        if value.kind == .object { return faultInMembers(of: value, schema, path, depth: depth) }
        if value.kind == .array, let items = schema["items"] {
            for (index, element) in value.elements.enumerated() {
                if let fault = fault(in: element, items, "\(path)[\(index)]", depth: depth + 1) { return fault }
            }
        }
        return nil
    }

    private func faultInMembers(of value: JSON, _ schema: JSON, _ path: String, depth: Int) -> String? {
        let required = (schema["required"].map { Array($0.elements) } ?? []).compactMap(\.string)
        for name in required where value[name] == nil { return "\(Self.name(path, name)) is missing" }
        let properties = schema["properties"]
        for member in value.members {
            guard let known = properties?[member.key] else {
                guard schema["additionalProperties"]?.bool == false else { continue }
                let names = properties?.members.map { $0.key } ?? []
                let list = names.isEmpty ? "none" : names.prefix(20).joined(separator: ", ")
                return "there is no \(Self.name(path, member.key)); there are \(list)"
            }
            // Models write null for what they leave out.
            if member.value.isNull, !required.contains(member.key) { continue }
            let place = path.isEmpty ? member.key : "\(path).\(member.key)"
            if let fault = fault(in: member.value, known, place, depth: depth + 1) { return fault }
        }
        return nil
    }

    /// What a reference within the schema refers to (RFC 6901); others are never followed.
    private func reference(in schema: JSON) -> JSON? {
        guard let text = schema["$ref"]?.string, text.hasPrefix("#") else { return nil }
        var place = root
        for part in text.dropFirst().split(separator: "/") {
            let key = part.split(separator: "~1", omittingEmptySubsequences: false).joined(separator: "/")
                .split(separator: "~0", omittingEmptySubsequences: false).joined(separator: "~")
            guard let next = place[key] else { return nil }
            place = next
        }
        return place
    }

    private static func types(of schema: JSON) -> [String]? {
        guard let type = schema["type"] else { return nil }
        if let name = type.string { return [name] }
        let names = type.elements.compactMap(\.string)
        return names.isEmpty ? nil : names
    }

    private static func fits(_ value: JSON, _ type: String) -> Bool {
        switch type {
        case "object": value.kind == .object
        case "array": value.kind == .array
        case "string": value.string != nil
        case "boolean": value.bool != nil
        case "null": value.isNull
        case "integer": value.int != nil || value.double.map { $0 == $0.rounded() } ?? false
        case "number": value.double != nil || value.int != nil
        default: true
        }
    }

    private static func word(_ type: String) -> String {
        switch type {
        case "object": "an object"
        case "array": "an array"
        case "string": "a string"
        case "boolean": "true or false"
        case "integer": "a whole number"
        case "number": "a number"
        default: type
        }
    }

    private static func isSame(_ left: JSON, _ right: JSON) -> Bool {
        if let text = left.string { return right.string == text }
        if let number = left.double { return right.double == number }
        return left.rawText == right.rawText
    }

    private static func name(_ path: String, _ member: String? = nil) -> String {
        guard let member else { return path.isEmpty ? "the arguments" : path.quoted }
        return (path.isEmpty ? member : "\(path).\(member)").quoted
    }
}
