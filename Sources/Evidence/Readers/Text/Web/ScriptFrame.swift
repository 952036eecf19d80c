/// A line of a JavaScript stack trace, as V8 and JavaScriptCore print it.
struct ScriptFrame {
    /// The path as printed, without `file://`.
    let file: Substring
    /// The line, counted from 1.
    let line: Int

    /// Reads `at call (path:line:column)`, `at path:line:column` and `at async file:///path:line:column`.
    init?(_ line: Substring) {
        guard let call = line.trimmed.after("at ") else { return nil }
        // Properties of the error may be opened behind the last frame.
        let whole = call.before(" {") ?? call
        self.init(place: whole.before(")")?.cutLast("(")?.after ?? whole.after("async ") ?? whole)
    }

    /// Whether a line is of a stack trace, also where no place is told, as in `at async Promise.all (index 0)`.
    static func isFrame(_ line: Substring) -> Bool {
        guard line.indentation > 0, let call = line.trimmed.after("at ") else { return false }
        return call.ends(with: ")") || call.ends(with: ") {") || ScriptFrame(line) != nil
    }

    /// Reads `path:line:column`.
    init?(place: Substring) {
        guard let (before, column) = place.cutLast(":"), Int(column) != nil, let (path, number) = before.cutLast(":"),
            let line = Int(number), line > 0, Place.isPath(path)
        else { return nil }
        file = path.after("file://") ?? path
        self.line = line
    }

    /// Whether it is code of the runtime, the runner or a library.
    var isForeign: Bool {
        file.starts(with: "node:") || file.starts(with: "internal/") || file.starts(with: "ext:")
            || file.starts(with: "bun:") || file.starts(with: "../") || file.starts(with: "<")
            || file.starts(with: "/usr/share/nodejs/") || file.holds("node_modules")
    }
}
