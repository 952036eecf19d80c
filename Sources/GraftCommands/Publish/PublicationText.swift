import JSON
import Publishing
import Repository
import Terminal
import Text
import Transport

/// What a publication did or would do, for a person and for a program.
struct PublicationText {
    let style: TerminalStyle
    let kind: ForgeKind
    let remote: String

    /// What was done.
    func text(_ outcome: Publication.Outcome) -> String {
        let request = "\(kind.request) \(kind.sign)\(outcome.number)"
        let head =
            switch outcome.action {
            case .opened: style(.good, "✓ opened") + " the \(request)"
            case .updated: style(.good, "✓ brought up to date:") + " the \(request)"
            case .unchanged: style(.good, "✓ nothing to change:") + " the \(request) is up to date"
            case .merged: style(.good, "✓ nothing to do:") + " the \(request) is merged"
            }
        let pushed = outcome.hasPushed ? "pushed to" : "is at"
        return """
            \(head)
              \(outcome.url.markedLine)
              \(style(.warning, outcome.commit.hex.prefix(10))) \(pushed) \(outcome.branch.markedLine) on \
            \(remote.markedLine), to be merged into \(outcome.base.markedLine)

            """
    }

    /// What was done, as a JSON object.
    func json(_ outcome: Publication.Outcome) -> [UInt8] {
        object { writer in
            writer.member("forge", kind.rawValue)
            writer.member("action", outcome.action.rawValue)
            writer.member("number", outcome.number)
            writer.member("url", outcome.url)
            writer.member("branch", outcome.branch)
            writer.member("base", outcome.base)
            writer.member("commit", outcome.commit.hex)
            writer.member("pushed", outcome.hasPushed)
        }
    }

    /// What would be done.
    func text(_ plan: Publication.Plan) -> String {
        var text = heading("The push; the branch must not be there yet, or be at a commit that Graft has pushed:")
        text += "git \(plan.push.map(\.quotedForShell).joined(separator: " "))\n\n"
        text += heading("The questions:") + plan.questions.map(lines).joined() + "\n"
        text += heading("If there is no \(kind.request) of this branch:") + lines(plan.create) + "\n"
        text += heading("If there is one, with its number, for what differs:")
        text += plan.update.map(lines).joined() + "\n"
        return text + heading("The text of the \(kind.request):") + plan.body.marked
    }

    /// What would be done, as a JSON object.
    func json(_ plan: Publication.Plan) -> [UInt8] {
        object { writer in
            writer.member("forge", kind.rawValue)
            writer.member("push", array: { for word in ["git"] + plan.push { $0.string(word) } })
            writer.member("questions", array: { for call in plan.questions { write(call, into: &$0) } })
            writer.member("create", object: { members(of: plan.create, into: &$0) })
            writer.member("update", array: { for call in plan.update { write(call, into: &$0) } })
        }
    }

    private func heading(_ text: String) -> String { style(.faint, "# \(text)") + "\n" }

    private func lines(_ call: ForgeCall) -> String {
        let body = call.body.isEmpty ? "" : String(decoding: call.body, as: UTF8.self) + "\n"
        return "\(call.method) \(call.url)\n\(body)".marked
    }

    private func write(_ call: ForgeCall, into writer: inout JSONWriter) {
        writer.object { members(of: call, into: &$0) }
    }

    private func members(of call: ForgeCall, into writer: inout JSONWriter) {
        writer.member("method", call.method)
        writer.member("url", call.url.description)
        guard !call.body.isEmpty else { return }
        writer.key("body")
        writer.raw(call.body)
    }

    private func object(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        writer.object(members)
        return writer.bytes + [0x0A]
    }
}
