import ArgumentParser
import JSON
import Repository
import Responses
import Review
import Sandbox
import Terminal
import Text

/// Tells of a review: a text for a person, or one JSON object.
struct ReviewPrinter {
    let output: StandardOutput
    let style: TerminalStyle
    let isJSON: Bool

    /// Prints one of the two.
    func show(_ text: @autoclosure () -> String, json: (inout JSONWriter) -> Void) {
        guard isJSON else { return output.write(text()) }
        var writer = JSONWriter()
        writer.object(json)
        output.write(writer.bytes + [0x0A])
    }

    /// Says what went wrong, in one line on standard error, and gives the exit code for it.
    func failure(_ error: any Error) -> ExitCode {
        let sandbox = (error as? SandboxError).map { ReviewError(.internal, $0.message) }
        let failure = sandbox ?? ReviewError(error)
        if isJSON {
            show("") { writer in
                writer.member(
                    "error",
                    object: {
                        $0.member("code", sandbox == nil ? failure.code.rawValue : "sandbox")
                        $0.member("message", failure.message)
                        if let conflict = failure.conflict { conflict.write(into: &$0) }
                    })
            }
        } else if let conflict = failure.conflict {
            output.write(ConflictText(conflict, style: style).text)
        }
        StandardError.write("graft: \(failure.message.marked)")
        if sandbox != nil { return ExitCode(22) }
        return switch failure.code {
        case .usage: ExitCode(64)
        case .refused, .conflict: ExitCode(1)
        case .internal: ExitCode(70)
        }
    }
}
