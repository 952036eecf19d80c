import Session

/// A place in a stack of goroutines.
struct GoFrame {
    /// The function, such as `example.com/calc.TestAdds`.
    var function: Substring
    /// The path.
    var file: Substring
    /// The line.
    var line: Int

    /// Whether it is of Go's own packages.
    ///
    /// Their sources lie in `src` of Go's folder, which is named after it; what has a host's name below `src` lies there
    /// too where GOPATH is used.
    var isLibrary: Bool {
        if file.starts(with: "_") { return true }
        for own in ["testing.", "runtime.", "panic("] where function.starts(with: own) { return true }
        guard let (before, after) = file.cut("/src/"), let folder = before.utf8.split(separator: 0x2F).last else {
            return false
        }
        let name = Substring(folder)
        let isGo = name == "go" || name.starts(with: "go1") || name.starts(with: "go-1") || name == "libexec"
        return isGo && !(after.cut("/")?.before ?? "").holds(".")
    }
}

/// Reads panics, fatal errors and data races of Go, with the stacks below them.
struct GoCrash {
    private var message: Substring = ""
    private var frame: GoFrame?
    private var function: Substring = ""
    private var excerpt = Excerpt()
    private var race: GoFrame?
    private var state = State.outside
    /// The test that was running, as the message about a time limit or a frame names it.
    private(set) var testName: Substring?
    /// Whether a stack has followed, which no other tool prints like this.
    private(set) var isCertain = false

    private enum State {
        case outside
        /// After the message; no stack has come yet.
        case message
        case stack, race
    }

    /// Whether its lines come now.
    var isOpen: Bool { state == .stack || state == .race }

    /// Takes the next line.
    ///
    /// - Returns: Whether it belongs to a crash.
    mutating func read(_ line: Substring) -> Bool {
        switch state {
        case .race: return readRace(line)
        case .outside:
            if line == "WARNING: DATA RACE" {
                state = .race
                return true
            }
            return begin(line)
        case .message:
            if line.starts(with: "goroutine "), line.ends(with: ":"), line.holds(" [") {
                state = .stack
                isCertain = true
                return true
            }
            // A panic within a panic, and the list of tests that ran at a time limit.
            if line.isEmpty || line.starts(with: "\t") || line.starts(with: "[signal ") || line == "running tests:" {
                excerpt.add(line)
                if let (name, _) = line.after("\t\t")?.cut(" ("), name.starts(with: "Test") { testName = name }
                return true
            }
            state = .outside
            return begin(line)
        case .stack:
            if line.starts(with: "goroutine "), line.ends(with: ":") { return true }
            readStack(line)
            return true
        }
    }

    /// Where a race was found since the last test that failed.
    mutating func takeRace() -> GoFrame? {
        defer { race = nil }
        return race
    }

    /// The crash as a failure; nil without one.
    mutating func failure(inTest name: String?) -> TestFailure? {
        guard isCertain || race != nil else { return nil }
        let place = isCertain ? frame : race
        let text = isCertain ? message : "data race"
        (isCertain, race) = (false, nil)
        let named = name ?? testName.map(String.init) ?? place.map { "\($0.file):\($0.line)" } ?? String(text)
        return TestFailure(
            name: named, message: String(text), file: place.map { String($0.file) }, line: place?.line,
            excerpt: excerpt.text)
    }

    private mutating func begin(_ line: Substring) -> Bool {
        guard !isCertain, line.starts(with: "panic: ") || line.starts(with: "fatal error: ") else { return false }
        self.message = line
        (excerpt, frame, testName) = (Excerpt(), nil, nil)
        excerpt.add(line)
        state = .message
        return true
    }

    private mutating func readStack(_ line: Substring) {
        if let place = line.after("\t"), let read = Place(place), read.file.ends(with: ".go") {
            take(GoFrame(function: function, file: read.file, line: read.line))
        } else if !line.isEmpty {
            function = line
        }
    }

    private mutating func take(_ found: GoFrame) {
        guard !found.isLibrary else { return }
        if frame == nil {
            frame = found
            excerpt.add("\(found.function)"[...])
            excerpt.add("\t\(found.file):\(found.line)"[...])
        }
        if testName == nil, let (_, name) = found.function.cutLast("."), name.starts(with: "Test"),
            let test = name.cut("(")?.before
        {
            testName = test
        }
    }

    private mutating func readRace(_ line: Substring) -> Bool {
        if line.starts(with: "=====") {
            state = .outside
            return true
        }
        if line.indentation > 4, let place = Place(line.trimmed), place.file.ends(with: ".go") {
            let found = GoFrame(function: function, file: place.file, line: place.line)
            if race == nil, !found.isLibrary { race = found }
        } else if line.indentation > 0 {
            function = line.trimmed
        }
        return true
    }
}
