import JSON
import Responses

/// Changes single members of a JSON object and leaves every other byte as it was.
struct ItemSplice {
    /// New values of members that are there.
    var replaced: [String: [UInt8]] = [:]
    /// Members that are taken out.
    var removed: Set<String> = []
    /// Members that go in front.
    var first: [(name: String, value: [UInt8])] = []
    /// Members that go to the end.
    var last: [(name: String, value: [UInt8])] = []

    /// The object's bytes with the changes.
    func bytes(of object: JSON) -> [UInt8] {
        if replaced.isEmpty, removed.isEmpty { return inserted(into: object) }
        var writer = JSONWriter(capacity: object.raw.count + 64)
        writer.object { writer in
            for member in first { write(member, to: &writer) }
            for member in object.members where !removed.contains(member.key) {
                writer.key(member.key)
                writer.raw(replaced[member.key] ?? Array(member.value.raw))
            }
            for member in last { write(member, to: &writer) }
        }
        return writer.bytes
    }

    private func inserted(into object: JSON) -> [UInt8] {
        guard !first.isEmpty || !last.isEmpty else { return Array(object.raw) }
        var writer = JSONWriter(capacity: object.raw.count + 64)
        writer.object { writer in
            for member in first { write(member, to: &writer) }
            let inner = object.raw.dropFirst().dropLast()
            if object.members.first(where: { _ in true }) != nil { writer.raw(inner) }
            for member in last { write(member, to: &writer) }
        }
        return writer.bytes
    }

    private func write(_ member: (name: String, value: [UInt8]), to writer: inout JSONWriter) {
        writer.key(member.name)
        writer.raw(member.value)
    }

    /// A string as a JSON value.
    static func quoted(_ string: some StringProtocol) -> [UInt8] {
        var writer = JSONWriter(capacity: string.utf8.count + 2)
        writer.string(string)
        return writer.bytes
    }
}
