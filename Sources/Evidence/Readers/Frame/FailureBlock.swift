import Session

/// A failure whose reason stands on the lines after its name.
struct FailureBlock {
    private(set) var failure: TestFailure
    private var excerpt = Excerpt()
    /// How many spaces its lines begin with.
    private let indentation: Int

    /// Begins one.
    ///
    /// - Parameters:
    ///   - name: The whole name.
    ///   - indentation: How many spaces the lines about it begin with; these are left out.
    init(name: some StringProtocol, message: Substring = "", indentation: Int = 0) {
        failure = TestFailure(name: String(name), message: String(message))
        self.indentation = indentation
    }

    /// Whether nothing is known of the reason yet.
    var hasMessage: Bool { !failure.message.isEmpty }

    /// Takes a line: the first that is not blank is the message, what follows the excerpt. A message that ends with a
    /// colon goes on, and values that are compared directly below belong to it.
    mutating func add(_ line: Substring) {
        let text = line.trimmed
        if failure.message.isEmpty {
            failure.message = String(text)
        } else if excerpt.isEmpty, !text.isEmpty, goesOn(with: text) {
            failure.message += " \(text)"
        } else {
            excerpt.add(line.unindented(by: indentation))
        }
    }

    private func goesOn(with text: Substring) -> Bool {
        guard failure.message.utf8.count < Self.joinedLimit else { return false }
        if Self.values.contains(where: text.starts(with:)) { return true }
        return failure.message[...].ends(with: ":") && !text.starts(with: "+") && !text.starts(with: "-")
    }

    /// How runners begin the lines that tell what was expected and what was there.
    private static let values = ["Expected: ", "Received: ", "Actual: ", "expected: ", "got: ", "but: "]
    /// The most bytes of a message to which more is joined.
    private static let joinedLimit = 300

    /// Gives it another name.
    mutating func setName(_ name: some StringProtocol) { failure.name = String(name) }

    /// Replaces what was taken for the reason, and forgets what followed it.
    mutating func setMessage(_ message: some StringProtocol) {
        failure.message = String(message)
        excerpt = Excerpt()
    }

    /// Tells the line in the file that is known.
    mutating func setLine(_ line: Int) { failure.line = line }

    /// Tells where it failed, if that is not known yet.
    mutating func setPlace(_ file: some StringProtocol, _ line: Int?) {
        guard failure.file == nil else { return }
        (failure.file, failure.line) = (String(file), line)
    }

    /// The failure with all lines that were taken.
    var whole: TestFailure {
        var excerpt = excerpt
        var whole = failure
        whole.excerpt = excerpt.take()
        return whole
    }
}

/// The failures of one run of a runner, which count unless its summary says that there were none: a test may print
/// what looks like one.
struct UnsettledFailures {
    private var failures: [TestFailure] = []
    private var block: FailureBlock?

    /// The failure whose lines are being read.
    var open: FailureBlock? {
        get { block }
        set { block = newValue }
    }

    /// Begins a failure, and ends the one before.
    mutating func begin(_ new: FailureBlock) {
        end()
        block = new
    }

    /// Ends the failure whose lines are being read.
    mutating func end() {
        if let block { add(block.whole) }
        block = nil
    }

    /// Takes a failure that is known whole.
    mutating func add(_ failure: TestFailure) {
        if failures.count < Findings.failureLimit { failures.append(failure) }
    }

    /// Forgets what was read.
    mutating func drop() {
        failures = []
        block = nil
    }

    /// Takes what was read out, to be looked through.
    mutating func take() -> [TestFailure] {
        end()
        defer { failures = [] }
        return failures
    }

    /// Ends the run: moves what was read to the findings.
    mutating func settle(into findings: inout Findings) {
        end()
        for failure in failures { findings.add(failure) }
        failures = []
    }
}

extension Substring {
    /// The line without some of the spaces at its beginning.
    func unindented(by count: Int) -> Substring {
        Substring(utf8.dropFirst(Swift.min(count, utf8.prefix { $0 == 0x20 }.count)))
    }
}
