import Session

/// What the sections FAILURES and ERRORS of pytest tell: place, message and a few lines of each failure.
struct PytestSections {
    /// How many tests failed after they had ended.
    private(set) var teardownErrors = 0

    private var open: Section?
    private var done: [Section] = []
    /// The sections that were not given to a failure yet, by what their heading says.
    private var waiting: [Substring: [Int]] = [:]
    private var isTaken: [Bool] = []
    private var collected: [Int] = []
    /// The lines of `--tb=line`, which have no headings.
    private var bare: [Int] = []

    private struct Section {
        var heading: Substring
        var message: Substring = ""
        var place: (file: Substring, line: Int)?
        var firstFile: Substring?
        var isOwnPlace = false
        var marked = Excerpt()
        var all = Excerpt()
        var traceback = PythonTraceback()
        var isCaptured = false
    }

    /// Takes a line of a section.
    mutating func read(_ line: Substring, isError: Bool) {
        if let heading = Self.heading(line) {
            endSection()
            open = Section(heading: heading)
            return
        }
        if open == nil {
            readBare(line)
        } else {
            readBody(line)
        }
    }

    /// Takes a line outside of the sections, which may be about a conftest.py that cannot be loaded.
    mutating func readUntitled(_ line: Substring) {
        if open != nil { readBody(line) }
    }

    /// Begins to read about a conftest.py that cannot be loaded.
    mutating func startConftest(_ path: Substring) {
        endSection()
        open = Section(heading: path)
    }

    /// Ends the section that is open.
    mutating func endSection() {
        guard let ended = open else { return }
        open = nil
        guard done.count < Findings.failureLimit else { return }
        if ended.heading.starts(with: "ERROR at teardown of ") { teardownErrors += 1 }
        if ended.heading.starts(with: "ERROR collecting ") {
            collected.append(done.count)
        } else {
            waiting[ended.heading, default: []].append(done.count)
        }
        append(ended)
    }

    /// What is known of a failure that was told by its node id.
    mutating func failure(_ id: Substring, isError: Bool) -> TestFailure {
        endSection()
        var found: Int?
        if let (_, test) = id.cut("::") {
            let heading = Self.heading(ofTest: test)
            for key in isError ? ["ERROR at setup of ", "ERROR at teardown of ", ""] : ["", "ERROR at teardown of "]
            where found == nil {
                found = nextWaiting("\(key)\(heading)"[...])
            }
        } else {
            found = collected.isEmpty ? nil : collected.removeFirst()
        }
        if found == nil, !isError, !bare.isEmpty { found = bare.removeFirst() }
        guard let found else { return TestFailure(name: String(id)) }
        isTaken[found] = true
        return Self.failure(named: id, done[found])
    }

    /// The failures whose section no node id belongs to; their names are made of file and heading.
    mutating func remaining() -> [TestFailure] {
        endSection()
        return done.indices.filter { !isTaken[$0] }.map { index in
            let section = done[index]
            let (name, isConftest) = Self.name(of: section)
            return Self.failure(named: isConftest ? section.heading : name, section)
        }
    }

    // MARK: Lines

    private mutating func readBody(_ line: Substring) {
        if line.starts(with: "-----"), line.holds("Captured ") {
            open?.isCaptured = true
            return
        }
        guard var section = open, !section.isCaptured else { return }
        defer { open = section }
        section.all.add(line)
        if let text = Self.afterMark("E", line) {
            section.marked.add(line)
            if section.message.isEmpty { section.message = text }
            // A syntax error tells its place in the lines that are marked.
            if let (file, rest) = text.after("File \"")?.cut("\", line "), let number = rest.leadingNumber?.number {
                Self.take((file, number), into: &section)
                section.message = ""
            }
            if text.starts(with: "SyntaxError: ") || text.starts(with: "IndentationError: ") { section.message = text }
        } else if line.starts(with: ">") {
            section.marked.add(line)
        } else if let place = Place(line), Self.isEntry(place) {
            Self.take((place.file, place.line), into: &section)
        } else if section.traceback.read(line) {
            if let place = section.traceback.place { Self.take(place, into: &section) }
            if !section.traceback.isOpen { section.message = section.traceback.exception }
        } else if line == "Expected:" || line == "Got:" {
            // A doctest tells both on lines of their own.
            section.message = section.message.isEmpty ? line : "\(section.message) \(line)"[...]
        } else if section.message.ends(with: "Expected:") || section.message.ends(with: "Got:") {
            section.message = "\(section.message) \(line.trimmed)"[...]
        } else if section.message.isEmpty {
            if line.starts(with: "[XPASS(strict)]") { section.message = line }
            if let exception = line.after("UNEXPECTED EXCEPTION: ") { section.message = exception }
        }
    }

    private mutating func readBare(_ line: Substring) {
        guard !line.trimmed.isEmpty, done.count < Findings.failureLimit else { return }
        var section = Section(heading: "")
        if let place = Place(line) {
            if !PythonTraceback.isLibrary(place.file) { section.place = (place.file, place.line) }
            section.message = place.rest
        } else {
            section.message = line
        }
        bare.append(done.count)
        // Without a node id it is not told: the same line is all there is of it.
        append(section)
    }

    private static func take(_ place: (file: Substring, line: Int), into section: inout Section) {
        if section.firstFile == nil { section.firstFile = place.file }
        let isOwn = !PythonTraceback.isLibrary(place.file)
        guard isOwn || !section.isOwnPlace else { return }
        (section.place, section.isOwnPlace) = (place, isOwn)
    }

    private mutating func append(_ section: Section) {
        done.append(section)
        isTaken.append(false)
    }

    private mutating func nextWaiting(_ heading: Substring) -> Int? {
        guard let first = waiting[heading]?.first else { return nil }
        waiting[heading]?.removeFirst()
        return first
    }

    // MARK: Words

    private static func failure(named name: Substring, _ section: Section) -> TestFailure {
        let excerpt = section.marked.isEmpty ? section.all : section.marked
        return TestFailure(
            name: String(name), message: String(section.message), file: section.place.map { String($0.file) },
            line: section.place?.line, excerpt: String(excerpt.text[...].withoutBlankEnd))
    }

    private static func name(of section: Section) -> (name: Substring, isConftest: Bool) {
        for prefix in ["ERROR at setup of ", "ERROR at teardown of ", "ERROR collecting ", ""] {
            guard let test = section.heading.after(prefix) else { continue }
            if prefix == "ERROR collecting " || test.ends(with: ".py") { return (test, true) }
            if test.isEmpty, let place = section.place { return ("\(place.file):\(place.line)"[...], false) }
            guard let file = section.firstFile else { return (test, false) }
            return ("\(file)::\(test)"[...], false)
        }
        return (section.heading, false)
    }

    /// `____ TestGroup.test_a ____`
    private static func heading(_ line: Substring) -> Substring? {
        guard line.starts(with: "_"), line.ends(with: "_"), !line.starts(with: "_ _ "),
            let first = line.cut(" ")?.after, let heading = first.cutLast(" ")?.before
        else { return nil }
        return (heading.trimmed.after("[doctest] ") ?? heading).trimmed
    }

    /// How a heading names the test `TestGroup::test_a[1.5]`.
    private static func heading(ofTest test: Substring) -> Substring {
        let (name, parameters) = test.cut("[").map { ($0.before, test[$0.before.endIndex...]) } ?? (test, "")
        var heading = ""
        var rest = name
        while let (before, after) = rest.cut("::") {
            heading += before + "."
            rest = after
        }
        return (heading + rest + parameters)[...]
    }

    /// The text after a mark in the first column; the mark alone is an empty one.
    private static func afterMark(_ mark: String, _ line: Substring) -> Substring? {
        guard let rest = line.after(mark) else { return nil }
        if rest.isEmpty { return rest }
        return rest.starts(with: "   ") ? rest.trimmed : nil
    }

    /// `tests/test_a.py:12: AssertionError`, `tests/test_a.py:12: in test_b`, `tests/test_a.py:12: `
    private static func isEntry(_ place: Place) -> Bool {
        place.column == nil && (place.rest.isEmpty || !place.rest.holds(" ") || place.rest.starts(with: "in "))
    }
}
