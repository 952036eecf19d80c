import JSON
import Responses
import Terminal

/// Shows what a command of a review did: a text for a person, or one JSON object.
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
}
