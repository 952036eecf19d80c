import Session

/// Reads what a panic of Rust prints: its place, its message, and the frames below it.
struct RustPanic {
    private var message: Substring = ""
    private var place: (file: Substring, line: Int)?
    private var excerpt = Excerpt()
    private var state = State.outside
    /// Why the test failed, where that is not the panic itself.
    private var reason: Substring = ""

    private enum State {
        case outside, message, values, frames
    }

    /// Whether anything was read.
    var isEmpty: Bool { message.isEmpty && reason.isEmpty && place == nil && excerpt.isEmpty }

    /// Takes the next line.
    ///
    /// - Returns: Whether a panic begins with it.
    mutating func read(_ line: Substring) -> Bool {
        if line.starts(with: "thread '"), let (_, told) = line.cut("' ") {
            // Since 1.91 the number of the thread stands between its name and the word.
            let told = told.starts(with: "(") ? told.cut(") ")?.after ?? told : told
            if let told = told.after("panicked at ") {
                begin(told, line)
                return true
            }
        }
        switch state {
        case .message:
            message = line
            excerpt.add(line)
            state = .values
        case .values:
            if line.starts(with: "stack backtrace:") {
                state = .frames
            } else if line.starts(with: "note: ") || line.isEmpty {
                state = .outside
                readReason(line)
            } else {
                excerpt.add(line)
                var text = line.trimmed
                if place == nil, let (before, old) = text.cutLast("', "), let read = Place(old) {
                    take(read)
                    text = before
                }
                if message.starts(with: "assertion "), text.starts(with: "left:") || text.starts(with: "right:") {
                    message = "\(message), \(text.before(",") ?? text)"[...]
                }
            }
        case .frames:
            if line.starts(with: "note: ") { state = .outside }
            // The place of a panic inside of the library is not that of the mistake.
            guard place == nil, let text = line.trimmed.after("at "), let frame = Place(text),
                !Self.isLibrary(frame.file)
            else { break }
            place = (frame.file.after("./") ?? frame.file, frame.line)
        case .outside: readReason(line)
        }
        return false
    }

    /// What was read as a failure.
    func failure(named name: some StringProtocol) -> TestFailure {
        TestFailure(
            name: String(name), message: String(reason.isEmpty ? message : reason),
            file: place.map { String($0.file) }, line: place?.line, excerpt: excerpt.text)
    }

    /// `src/lib.rs:18:9:`, or before 1.73 `'message', src/lib.rs:18:9`.
    private mutating func begin(_ told: Substring, _ line: Substring) {
        // The first panic is the reason, those of other threads and of clean-up follow from it.
        guard place == nil, message.isEmpty else {
            state = .outside
            return
        }
        if let (text, old) = told.after("'")?.cutLast("', "), let read = Place(old) {
            message = text
            take(read)
            state = .values
        } else if let text = told.after("'") {
            // The message goes on in the next lines, and the place stands at its end.
            message = text
            state = .values
        } else {
            if let read = Place(told) { take(read) }
            state = .message
        }
        excerpt.add(line)
    }

    private mutating func take(_ read: Place) {
        if !Self.isLibrary(read.file) { place = (read.file, read.line) }
    }

    private mutating func readReason(_ line: Substring) {
        if let error = line.after("Error: "), message.isEmpty {
            message = error
            excerpt.add(line)
        } else if line.starts(with: "note: test did not panic as expected") {
            reason = "test did not panic as expected"
            if let (_, text) = line.cut(" at "), let read = Place(text) { take(read) }
        } else if line.starts(with: "note: panic did not contain expected string") {
            reason = "panic did not contain expected string"
            excerpt.add(line)
        } else if !reason.isEmpty, line.starts(with: " ") {
            excerpt.add(line)
        }
    }

    private static func isLibrary(_ path: Substring) -> Bool {
        path.starts(with: "/rustc/") || path.holds("/.cargo/registry/") || path.holds("/rustlib/src/")
    }
}
