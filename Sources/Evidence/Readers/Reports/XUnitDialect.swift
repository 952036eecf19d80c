import Session

/// The report of xUnit.net, version 2: `assemblies`, `assembly`, `collection`, `test`.
struct XUnitDialect: ReportDialect {
    static let format = "xunit"

    private(set) var results = ReportResults()
    private var attributes: [String: String]?
    private var assembly = ""
    private var message = ReportText()
    private var stack = ReportText()
    private var path: [String] = []

    static func knows(_ root: String, _ attributes: [String: String]) -> Bool {
        root == "assemblies" || (root == "assembly" && attributes["test-framework"] != nil)
    }

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        path.append(element)
        switch element {
        case "assembly": assembly = attributes["name"] ?? ""
        case "test": self.attributes = attributes
        // One in `errors` of an assembly: what is around the tests has failed.
        case "failure", "error": (message, stack) = (ReportText(), ReportText())
        default: break
        }
        if element == "error" { self.attributes = attributes.merging(["result": "Fail"]) { $1 } }
    }

    mutating func text(_ text: String) {
        if path.last == "message" { message.add(text) }
        if path.last == "stack-trace" { stack.add(text) }
    }

    mutating func end(_ element: String) {
        path.removeLast(path.isEmpty ? 0 : 1)
        guard let attributes, element == "test" || element == "error" else { return }
        let name = attributes["name"] ?? assembly
        let told = FailureText(
            message: message.text, kind: "", lines: stack.lines, owner: attributes["type"] ?? "")
        if element == "error" {
            results.add(unnamed: TestFailure(name: name, told))
        } else {
            switch attributes["result"] {
            case "Fail": results.add(name, .failed, failure: TestFailure(name: name, told))
            case "Skip", "NotRun": results.add(name, .skipped)
            default: results.add(name, .passed)
            }
        }
        self.attributes = nil
        (message, stack) = (ReportText(), ReportText())
    }
}
