import Text

/// A line of output that GitHub's runner obeys: `::error file=a.c,line=3,title=t::message`.
struct WorkflowCommand: Sendable, Equatable {
    /// What is to be done, such as `error` or `notice`.
    let name: String
    /// Names and values.
    var properties: [(name: String, value: String)] = []
    var message = ""

    static func == (one: WorkflowCommand, other: WorkflowCommand) -> Bool { one.line == other.line }

    /// The line, with its end. What the runner would take for an end, or for a further property, is escaped.
    var line: String {
        let list = properties.map { "\($0.name)=\(Self.escaped($0.value, "%\r\n:,"))" }.joined(separator: ",")
        return "::\(name)\(list.isEmpty ? "" : " " + list)::\(Self.escaped(message, "%\r\n"))\n"
    }

    private static func escaped(_ text: String, _ marks: String) -> String {
        var result = ""
        // Two characters of a line's end are one to Swift.
        for scalar in text.marked.unicodeScalars {
            guard marks.unicodeScalars.contains(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16, uppercase: true)
            result += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }
        return result
    }
}
