import JSON
import MCP
import Text

/// Has a person fill in a form of a server, a line a field; an empty line leaves an optional field out.
struct FormReader {
    private static let tries = 3

    private let fields: [ElicitationRequest.Field]

    init(_ fields: [ElicitationRequest.Field]) { self.fields = fields }

    /// Reads the fields; anything but values and a yes at the end is no answer.
    func read(_ lines: inout TerminalQuestion.Lines) -> ElicitationAnswer {
        var values: [String: String] = [:]
        for field in fields {
            switch value(of: field, &lines) {
            case .value(let json): values[field.name] = json
            case .left: continue
            case .declined: return .decline
            case .closed: return .cancel
            }
        }
        StandardError.write("    send this to the server? y or n:")
        let isSent = lines.choice("y or n", fallback: false) { line in
            switch line {
            case "y", "yes": true
            case "", "n", "no": false
            default: nil
            }
        }
        return isSent == true ? .accept(values) : .decline
    }

    private enum Outcome {
        case value(String)
        case left
        case declined
        case closed
    }

    private func value(of field: ElicitationRequest.Field, _ lines: inout TerminalQuestion.Lines) -> Outcome {
        for _ in 0..<Self.tries {
            StandardError.write("    \(field.title.markedLine)\(Self.hint(field)):")
            guard case .line(let line) = lines.next() else { return .closed }
            let text = line.filter { $0 != "\t" }
            if text.allSatisfy({ $0 == " " }) {
                if field.isRequired { return .declined }
                return .left
            }
            if let json = Self.json(text, field.kind) { return .value(json) }
        }
        return .declined
    }

    private static func hint(_ field: ElicitationRequest.Field) -> String {
        let values =
            switch field.kind {
            case .text: ""
            case .number(let isWhole): isWhole ? " (a whole number)" : " (a number)"
            case .flag: " (y or n)"
            case .choice(let values): " (\(values.joined(separator: ", ").markedLine))"
            case .choices(let values): " (some of \(values.joined(separator: ", ").markedLine), with commas)"
            }
        return values + (field.isRequired ? ", empty to decline" : ", empty to leave out")
    }

    /// The value of a line; nil for one that does not fit.
    private static func json(_ text: String, _ kind: ElicitationRequest.Field.Kind) -> String? {
        var writer = JSONWriter()
        switch kind {
        case .text: writer.string(text)
        case .number(let isWhole):
            guard let json = try? JSON(text.filter { $0 != " " }), json.kind == .number, !isWhole || json.int != nil
            else { return nil }
            writer.value(json)
        case .flag:
            guard
                let flag = ["y": true, "yes": true, "true": true, "n": false, "no": false, "false": false][
                    text.filter { $0 != " " }.lowercased()]
            else { return nil }
            writer.bool(flag)
        case .choice(let values):
            guard values.contains(text) else { return nil }
            writer.string(text)
        case .choices(let values):
            let chosen = text.split(separator: ",").map { part in
                String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
            }
            guard chosen.allSatisfy(values.contains) else { return nil }
            writer.array { for value in chosen { $0.string(value) } }
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}
