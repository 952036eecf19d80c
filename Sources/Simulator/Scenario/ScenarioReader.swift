import JSON
import Responses

/// Reads the members of one object of a scenario and names the place of what is wrong.
struct ScenarioReader {
    let value: JSON
    let place: String

    init(_ value: JSON, at place: String, knows names: Set<String>? = nil) throws(ScenarioError) {
        guard value.kind == .object else { throw ScenarioError(place: place, problem: "must be an object") }
        self.value = value
        self.place = place
        guard let names else { return }
        for member in value.members where !names.contains(member.key) {
            throw ScenarioError(
                place: place,
                problem: "unknown member '\(member.key)'; known are \(names.sorted().joined(separator: ", "))")
        }
    }

    func string(_ key: String) throws(ScenarioError) -> String? {
        guard let member = value[key], !member.isNull else { return nil }
        guard let string = member.string else { throw error(key, "must be a string") }
        return string
    }

    func int(_ key: String) throws(ScenarioError) -> Int? {
        guard let member = value[key], !member.isNull else { return nil }
        guard let int = member.int, int >= 0 else { throw error(key, "must be a whole number, not negative") }
        return int
    }

    func array(_ key: String) throws(ScenarioError) -> [JSON] {
        guard let member = value[key], !member.isNull else { return [] }
        guard member.kind == .array else { throw error(key, "must be an array") }
        return Array(member.elements)
    }

    func strings(_ key: String) throws(ScenarioError) -> [String] {
        var strings: [String] = []
        for element in try array(key) {
            guard let string = element.string else { throw error(key, "must be an array of strings") }
            strings.append(string)
        }
        return strings
    }

    func error(_ key: String, _ problem: String) -> ScenarioError {
        ScenarioError(place: "\(place).\(key)", problem: problem)
    }
}

extension JSON {
    /// An empty object.
    static let empty = JSON.constant("{}")

    /// Parses a text that is written in the source; what does not parse becomes a null.
    static func constant(_ text: StaticString) -> JSON {
        let bytes = text.withUTF8Buffer { Array($0) }
        return parsed(bytes)
    }

    /// Parses bytes that this target wrote, which are JSON by construction; what does not parse becomes null.
    static func parsed(_ bytes: [UInt8]) -> JSON {
        if let value = try? JSON(bytes) { return value }  // cannot fail on what JSONWriter wrote
        assertionFailure("not JSON: \(String(decoding: bytes.prefix(200), as: UTF8.self))")
        guard let null = try? JSON("null") else { preconditionFailure("null is JSON") }
        return null
    }
}
