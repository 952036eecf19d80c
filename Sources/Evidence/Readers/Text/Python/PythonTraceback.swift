import Session

/// Reads tracebacks of Python, line by line: their frames, and the exception at their end.
///
/// Of several that were caused by one another the last one counts, as it is the one that nobody caught.
struct PythonTraceback {
    /// The last frame of the program's own code, or the last one if there is none.
    private(set) var place: (file: Substring, line: Int)?
    /// The exception and its message, in one line; empty as long as none has come.
    private(set) var exception: Substring = ""
    /// What was read, with the last frames.
    private(set) var excerpt = Excerpt()

    private var isOwnPlace = false
    private var state = State.outside

    private enum State {
        /// No traceback, or the lines after it.
        case outside
        /// Between the first line and the exception.
        case frames
    }

    /// Whether frames come now.
    var isOpen: Bool { state == .frames }

    /// Takes the next line.
    ///
    /// - Returns: Whether it belongs to a traceback.
    mutating func read(_ line: Substring) -> Bool {
        let line = Self.ofGroup(line)
        if line.starts(with: "Traceback (most recent call last):")
            || line.starts(with: "Exception Group Traceback (most recent call last):")
        {
            self = PythonTraceback()
            state = .frames
            return true
        }
        if let frame = Self.frame(line) {
            // A syntax error that the interpreter tells of itself has no first line.
            if state == .outside { self = PythonTraceback() }
            state = .frames
            take(frame)
            excerpt.add(line)
            return true
        }
        guard state == .frames else { return false }
        if line.isEmpty || line.indentation > 0 {
            if !line.isEmpty { excerpt.add(line) }
            return true
        }
        state = .outside
        exception = line
        excerpt.add(line)
        return true
    }

    /// Whether a path is one of Python itself or of an installed package, not of the program.
    static func isLibrary(_ path: Substring) -> Bool {
        path.starts(with: "<") || path.holds("/site-packages/") || path.holds("/dist-packages/")
            || path.holds("/lib/python") || path.starts(with: "/usr/lib/")
    }

    private mutating func take(_ frame: (file: Substring, line: Int)) {
        let isOwn = !Self.isLibrary(frame.file)
        guard isOwn || !isOwnPlace else { return }
        // The excerpt shows what led to the last frames, and there is not room for all of a long one.
        if isOwn { excerpt = Excerpt() }
        (place, isOwnPlace) = (frame, isOwn)
    }

    /// `  File "a.py", line 3, in name`, or without a name for a syntax error.
    private static func frame(_ line: Substring) -> (file: Substring, line: Int)? {
        guard let rest = line.after("  File \""), let (file, after) = rest.cut("\", line "),
            let (number, end) = after.leadingNumber, end.isEmpty || end.starts(with: ", in ")
        else { return nil }
        return (file, number)
    }

    /// A line of an exception group without the bar in front.
    private static func ofGroup(_ line: Substring) -> Substring {
        guard line.starts(with: "  ") else { return line }
        let text = line.trimmed
        if text.starts(with: "+ Exception Group") { return text.after("+ ") ?? line }
        guard text.starts(with: "|") else { return line }
        return text.after("| ") ?? ""
    }
}

extension TestFailure {
    /// A failure that a traceback tells of.
    init(name: some StringProtocol, _ traceback: PythonTraceback) {
        self.init(
            name: String(name), message: String(traceback.exception), file: traceback.place.map { String($0.file) },
            line: traceback.place?.line, excerpt: traceback.excerpt.text)
    }
}
