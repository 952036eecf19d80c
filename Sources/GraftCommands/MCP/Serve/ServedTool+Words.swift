import JSON
import Text

extension ServedTool {
    /// How the answer of a command is to be read.
    enum Reading {
        /// Events, of which the last one is the result.
        case events
        /// Text.
        case text
    }

    /// How to read what the command prints.
    var reading: Reading { self == .ask || self == .review ? .text : .events }

    /// The words of the command that does a call, behind `graft`.
    ///
    /// - Throws: `Refusal` for arguments that do not fit.
    func words(_ arguments: JSON?) throws(Refusal) -> [String] {
        let given = ServedArguments(tool: rawValue, json: arguments)
        var flags: [String] = []
        func add(_ flag: String, _ name: String) throws(Refusal) {
            if let value = try given.text(name) { flags.append("\(flag)=\(value)") }
        }
        try add("--model", "model")
        if self != .codex { try add("--effort", "effort") }
        if let turns = try given.count("max_turns") { flags.append("--max-turns=\(turns)") }
        if [.fix, .run, .resume].contains(self) {
            try add("--max-time", "max_time")
            if self != .resume { try add("--policy", "policy") }
        }
        switch self {
        case .fix:
            return ["fix", "--json"] + flags + ["--", try given.required("command")]
        case .run:
            if let verify = try given.text("verify") { flags.append("--verify=\(verify)") }
            return ["run", "--json"] + flags + ["--", try given.required("prompt")]
        case .ask: return ["ask"] + flags + ["--", try given.required("prompt")]
        case .resume:
            let prompt = try given.text("prompt").map { [$0] } ?? []
            return ["resume", "--json"] + flags + ["--", try given.required("session")] + prompt
        case .review:
            if let session = try given.text("session") { flags.append("--session=\(session)") }
            guard let commit = try given.text("commit") else { return ["review", "list"] + flags }
            return ["review", "show"] + flags + ["--", commit]
        case .codex:
            if try given.text("sandbox") == "read-only" { flags.append("--policy=read-only") }
            if let effort = arguments?["config"]?["model_reasoning_effort"]?.string {
                flags.append("--effort=\(effort)")
            }
            let before = [try given.text("base-instructions"), try given.text("developer-instructions")]
            let prompt = (before.compactMap { $0 } + [try given.required("prompt")]).joined(separator: "\n\n")
            return ["run", "--json"] + flags + ["--", prompt]
        case .codexReply:
            let (new, old) = (try given.text("threadId"), try given.text("conversationId"))
            guard let thread = new ?? old else {
                throw Refusal("codex-reply needs the \"threadId\"")
            }
            return ["resume", "--json", "--", thread, try given.required("prompt")]
        }
    }
}

/// The arguments of a call of the server, with refusals for missing and invalid ones.
struct ServedArguments {
    let tool: String
    let json: JSON?

    /// A text; nil if it is missing or empty.
    func text(_ name: String) throws(Refusal) -> String? {
        guard let value = json?[name], !value.isNull else { return nil }
        guard let text = value.string, !text.utf8.contains(0) else {
            throw Refusal("\(tool): \(name.quoted) must be a string")
        }
        return text.isEmpty ? nil : text
    }

    /// A text that must be there.
    func required(_ name: String) throws(Refusal) -> String {
        guard let text = try text(name) else { throw Refusal("\(tool) needs \(name.quoted)") }
        return text
    }

    /// A number above zero.
    func count(_ name: String) throws(Refusal) -> Int? {
        guard let value = json?[name], !value.isNull else { return nil }
        guard let count = value.int, count > 0 else {
            throw Refusal("\(tool): \(name.quoted) must be a whole number above zero")
        }
        return count
    }
}
