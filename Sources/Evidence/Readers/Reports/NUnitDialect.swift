import Session

/// The report of NUnit 3: `test-run`, `test-suite`, `test-case`.
struct NUnitDialect: ReportDialect {
    static let format = "nunit"

    private(set) var results = ReportResults()
    private var attributes: [String: String]?
    private var message = ReportText()
    private var stack = ReportText()
    private var path: [String] = []

    static func knows(_ root: String, _ attributes: [String: String]) -> Bool { root == "test-run" }

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        path.append(element)
        guard element == "test-case" else { return }
        self.attributes = attributes
        (message, stack) = (ReportText(), ReportText())
    }

    mutating func text(_ text: String) {
        if path.last == "message" { message.add(text) }
        if path.last == "stack-trace" { stack.add(text) }
    }

    mutating func end(_ element: String) {
        path.removeLast(path.isEmpty ? 0 : 1)
        guard element == "test-case", let attributes else { return }
        let name = attributes["fullname"] ?? attributes["name"] ?? ""
        switch attributes["result"] {
        case "Failed":
            let told = FailureText(
                message: message.text, kind: "", lines: stack.lines, owner: attributes["classname"] ?? "")
            results.add(name, .failed, failure: TestFailure(name: name, told))
        case "Skipped", "Inconclusive": results.add(name, .skipped)
        default: results.add(name, .passed)
        }
        self.attributes = nil
    }
}
