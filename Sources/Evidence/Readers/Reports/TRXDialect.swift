import Session

/// The report of Visual Studio and `dotnet test --logger trx`: `TestRun`, `Results`, `UnitTestResult`.
///
/// The classes of the tests come behind their results, so that the names are put together at the end.
struct TRXDialect: ReportDialect {
    static let format = "trx"

    private var found: [(id: String, name: String, outcome: TestCase.Outcome, told: FailureText?)] = []
    private var classes: [String: String] = [:]
    private var result: [String: String]?
    private var definition = ""
    private var message = ReportText()
    private var stack = ReportText()
    private var runErrors: [FailureText] = []
    private var path: [String] = []

    static func knows(_ root: String, _ attributes: [String: String]) -> Bool { root == "TestRun" }

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        path.append(element)
        switch element {
        case "UnitTestResult":
            result = attributes
            (message, stack) = (ReportText(), ReportText())
        case "UnitTest": definition = attributes["id"] ?? ""
        case "TestMethod":
            if classes.count < ReportResults.caseLimit {
                // An assembly may stand behind the class.
                classes[definition] = attributes["className"].map { String($0.prefix { $0 != "," }) } ?? ""
            }
        case "RunInfo": (message, stack) = (ReportText(), ReportText())
        default: break
        }
    }

    mutating func text(_ text: String) {
        switch path.last {
        case "Message": message.add(text)
        case "Text": if path.contains("RunInfo") { message.add(text) }
        case "StackTrace": stack.add(text)
        default: break
        }
    }

    mutating func end(_ element: String) {
        path.removeLast(path.isEmpty ? 0 : 1)
        if element == "RunInfo", result == nil, runErrors.count < Findings.failureLimit {
            runErrors.append(FailureText(message: message.text, kind: "", lines: [], owner: ""))
        }
        guard element == "UnitTestResult", let result, found.count < ReportResults.caseLimit else { return }
        let outcome: TestCase.Outcome =
            switch result["outcome"] {
            case "Passed", "Completed", "Warning", "PassedButRunAborted", nil: .passed
            case "NotExecuted", "NotRunnable", "Inconclusive", "Pending", "Disconnected": .skipped
            default: .failed
            }
        let told =
            outcome == .failed
            ? FailureText(message: message.text, kind: "", lines: stack.lines, owner: "") : nil
        found.append((result["testId"] ?? "", result["testName"] ?? "", outcome, told))
        self.result = nil
    }

    var results: ReportResults {
        var results = ReportResults()
        for (id, test, outcome, told) in found {
            let owner = classes[id] ?? ""
            let name = owner.isEmpty || test.hasPrefix(owner + ".") ? test : "\(owner).\(test)"
            results.add(name, outcome, failure: told.map { TestFailure(name: name, $0) })
        }
        if results.failures.isEmpty {
            for told in runErrors { results.add(unnamed: TestFailure(name: "test run", told)) }
        }
        return results
    }
}
