import JSON
import Responses
import Text

extension RunResult {
    /// The result as one JSON object: what the result file holds.
    public func json() -> [UInt8] {
        var writer = JSONWriter()
        writer.object { write(into: &$0) }
        return writer.bytes + [0x0A]
    }

    /// The result as the only event of a run that did not begin.
    public func soleEvent() -> [UInt8] {
        var writer = JSONWriter()
        let event = RunEvent.runFinished(self)
        writer.object {
            $0.member("type", event.name ?? "")
            $0.member("t_ms", 0)
            event.write(into: &$0)
        }
        return writer.bytes + [0x0A]
    }

    func write(into writer: inout JSONWriter) {
        writer.member("verdict", verdict.rawValue)
        writer.member("exit_code", Int(verdict.exitCode))
        writer.member("message", message)
        optional("summary", summary, into: &writer)
        optional("branch", branch, into: &writer)
        optional("commit", commit, into: &writer)
        optional("base", base, into: &writer)
        writer.member("commits", array: { for commit in commits { $0.object { commit.write(into: &$0) } } })
        writer.key("baseline")
        if let baseline { writer.object { baseline.write(into: &$0) } } else { writer.null() }
        writer.key("verification")
        if let verification { writer.object { verification.write(into: &$0) } } else { writer.null() }
        writer.member("usage", object: { usage.write(into: &$0) })
        writer.member("turns", turns)
        writer.member("duration_ms", duration.milliseconds)
        optional("session", sessionFolder, into: &writer)
    }

    private func optional(_ name: String, _ value: String?, into writer: inout JSONWriter) {
        writer.key(name)
        if let value { writer.string(value) } else { writer.null() }
    }
}

extension Verification {
    func write(into writer: inout JSONWriter) {
        writer.member("commit", commit)
        report.write(into: &writer)
    }
}
