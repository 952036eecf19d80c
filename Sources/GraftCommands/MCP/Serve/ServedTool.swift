import JSON

/// The tools that Graft offers as a server.
enum ServedTool: String, CaseIterable {
    case fix, run, ask, resume, review
    /// As the server of Codex had them, for clients that know those.
    case codex
    case codexReply = "codex-reply"

    /// Writes the definition.
    func write(into writer: inout JSONWriter) {
        writer.member("name", rawValue)
        writer.member("description", description)
        writer.key("inputSchema")
        writer.raw(#"{"type":"object","properties":{\#(properties)},"required":[\#(required)]}"#.utf8)
        writer.member(
            "annotations",
            object: {
                let looks = self == .ask || self == .review
                $0.member("readOnlyHint", looks)
                // Commits are on a branch of their own.
                $0.member("destructiveHint", false)
                $0.member("openWorldHint", self != .review)
            })
    }

    private var description: String {
        switch self {
        case .fix: "Makes a failing command pass, and proves it on a clean checkout of the last commit."
        case .run: "Does a task in a repository; with verify a command proves it."
        case .ask: "Answers a question about a repository, or any other; changes nothing."
        case .resume: "Goes on with a session of fix or run, with a further instruction if one is given."
        case .review: "Shows the commits of a session, or one of them with its reason, evidence and diff."
        case .codex: "Does a task in a repository, as the tool of that name of Codex; commits are on a branch."
        case .codexReply: "Goes on with a thread of codex."
        }
    }

    private var properties: String {
        let limits = [
            Self.text("model", "The model's name."), Self.text("effort", "How hard it thinks."), Self.turns, Self.time,
        ]
        switch self {
        case .fix:
            return ([Self.text("command", "The shell line that fails."), Self.place, Self.policy] + limits).joined(
                separator: ",")
        case .run:
            return
                ([
                    Self.text("prompt", "What to do."), Self.text("verify", "A shell line that proves it."), Self.place,
                    Self.policy,
                ] + limits).joined(separator: ",")
        case .ask: return ([Self.text("prompt", "The question."), Self.place] + limits).joined(separator: ",")
        case .resume:
            return
                ([
                    Self.text("session", "The session, as an answer names it."),
                    Self.text("prompt", "What to do now."), Self.place,
                ] + limits).joined(separator: ",")
        case .review:
            return [
                Self.text("session", "The session; the latest one of the repository without it."),
                Self.text("commit", "A commit of it, by number or id."), Self.place,
            ].joined(separator: ",")
        case .codex:
            return [
                Self.text("prompt", "What to do."), Self.place, Self.text("model", "The model's name."),
                #""sandbox":{"type":"string","enum":["read-only","workspace-write","danger-full-access"],"#
                    + #""description":"Commands stay in the sandbox; read-only keeps the tree as it is."}"#,
                #""approval-policy":{"type":"string","enum":["untrusted","on-failure","on-request","never"],"#
                    + #""description":"Nobody can be asked; what the sandbox refuses stays refused."}"#,
                #""config":{"type":"object"}"#, Self.text("profile", "Ignored."),
                Self.text("base-instructions", "Put before the prompt."),
                Self.text("developer-instructions", "Put before the prompt."), Self.text("compact-prompt", "Ignored."),
            ].joined(separator: ",")
        case .codexReply:
            return [
                Self.text("threadId", "The thread."), Self.text("conversationId", "The same under its old name."),
                Self.text("prompt", "What to do now."),
            ].joined(separator: ",")
        }
    }

    private var required: String {
        switch self {
        case .fix: #""command""#
        case .run, .ask, .codex, .codexReply: #""prompt""#
        case .resume: #""session""#
        case .review: ""
        }
    }

    private static func text(_ name: String, _ description: String) -> String {
        #""\#(name)":{"type":"string","description":"\#(description)"}"#
    }

    private static let place = text("cwd", "A folder in the repository; the server's own without it.")
    private static let policy = text("policy", "What commands may do: a built-in policy or a file.")
    private static let turns =
        #""max_turns":{"type":"integer","minimum":1,"description":"How many responses the model may give."}"#
    private static let time = text("max_time", "How long it may take, such as 30m.")
}
