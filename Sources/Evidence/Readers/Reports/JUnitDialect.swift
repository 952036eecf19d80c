import Session

/// JUnit's report, in the dialects of those who write it: surefire, pytest, GoogleTest, ctest, gotestsum, jest-junit,
/// PHPUnit, node, Swift, nextest, .NET and others.
///
/// There is no schema that all keep to. What they have in common is read, and where they differ the more careful reading
/// counts: a test that has both failed and been skipped was skipped, as node writes one that is yet to be done.
struct JUnitDialect: ReportDialect {
    static let format = "junit"

    private(set) var results = ReportResults()
    /// The suites around, from the outermost one.
    private var suites: [Suite] = []
    private var testCase: Case?
    /// The element whose text is taken.
    private var taken: String?
    private var text = ReportText()
    private var message = ""
    private var kind = ""

    static func knows(_ root: String, _ attributes: [String: String]) -> Bool {
        root == "testsuites" || root == "testsuite"
    }

    mutating func begin(_ element: String, _ attributes: [String: String]) {
        switch element {
        case "testsuites", "testsuite":
            suites.append(Suite(attributes, isRoot: element == "testsuites"))
        case "testcase":
            testCase = Case(attributes)
        case "failure", "error", "skipped":
            (taken, text) = (element, ReportText())
            message = attributes["message"] ?? ""
            kind = attributes["type"] ?? ""
            if element != "skipped", !suites.isEmpty { suites[suites.count - 1].seen += 1 }
        case "rerunFailure", "rerunError", "flakyFailure", "flakyError":
            // Surefire counts each attempt; what came of the test the other elements tell.
            if !suites.isEmpty { suites[suites.count - 1].seen += 1 }
        case "system-out", "system-err":
            (taken, text) = (element, ReportText())
        default: break
        }
    }

    mutating func text(_ piece: String) {
        if taken != nil { text.add(piece) }
    }

    mutating func end(_ element: String) {
        if element == taken {
            take(element)
            taken = nil
        }
        switch element {
        case "testcase":
            if let testCase { add(testCase) }
            testCase = nil
        case "testsuites", "testsuite":
            endSuite()
        default: break
        }
    }

    /// Takes what has come in one of the elements of a test.
    private mutating func take(_ element: String) {
        switch element {
        case "skipped":
            testCase?.isSkipped = true
            testCase?.skipReason = message
        case "failure", "error":
            // A test without assertions is no failure unless PHPUnit is told so.
            if kind == "PHPUnit\\Framework\\RiskyTestError" { return }
            let told = FailureText(message: message, kind: kind, lines: text.lines, owner: testCase?.owner ?? "")
            if testCase != nil {
                testCase?.failures.append(told)
            } else if let suite = suites.last {
                // Of the suite itself: it could not be begun.
                results.add(unnamed: TestFailure(name: suite.name, told))
            }
        default:
            if testCase?.output == nil || element == "system-out" { testCase?.output = text }
        }
    }

    private mutating func add(_ testCase: Case) {
        let name = testCase.fullName(in: suites)
        switch testCase.outcome {
        case .failed:
            // ctest and others put the text beside an empty failure.
            let told =
                testCase.failures.first { !$0.message.isEmpty || !$0.excerpt.isEmpty }
                ?? FailureText(message: "", kind: "", lines: testCase.output?.lines ?? [], owner: testCase.owner)
            var failure = TestFailure(name: name, told)
            if failure.message.isEmpty { failure.message = testCase.skipReason }
            if failure.file == nil { (failure.file, failure.line) = testCase.place }
            results.add(name, .failed, failure: failure)
        case let outcome:
            results.add(name, outcome)
        }
    }

    /// Compares what a suite counts with what was seen in it: gotestsum names no test for a package that does not compile.
    private mutating func endSuite() {
        guard let suite = suites.popLast() else { return }
        let missing = suite.counted - suite.seen
        if missing > 0 {
            results.add(
                unnamed: TestFailure(
                    name: suite.name.isEmpty ? "report" : suite.name,
                    message:
                        "\(missing) \(missing == 1 ? "error is" : "errors are") counted that no test tells of, as of "
                        + "code that does not compile"))
        }
        if !suites.isEmpty { suites[suites.count - 1].seen += max(suite.seen, suite.counted) }
    }

    /// A suite whose end has not come.
    private struct Suite {
        let name: String
        let isRoot: Bool
        /// How many failures and errors it says that it has.
        let counted: Int
        /// How many were seen.
        var seen = 0

        init(_ attributes: [String: String], isRoot: Bool) {
            name = attributes["name"] ?? ""
            self.isRoot = isRoot
            let numbers = ["failures", "errors"].map { Int(attributes[$0] ?? "") ?? 0 }
            // A number that no report can reach is none.
            counted = numbers.reduce(0) { $0.adding(max(0, min($1, 1_000_000))) }
        }
    }

    /// A test whose end has not come.
    private struct Case {
        let attributes: [String: String]
        var failures: [FailureText] = []
        var isSkipped = false
        var skipReason = ""
        var output: ReportText?

        init(_ attributes: [String: String]) { self.attributes = attributes }

        /// The class, by which frames of a stack are told.
        var owner: String { attributes["classname"] ?? "" }

        var outcome: TestCase.Outcome {
            let status = attributes["status"]?.lowercased() ?? ""
            // ctest skips a test whose program is missing, and counts it as failed.
            if status == "notrun", attributes["result"] == nil, isSkipped, !skipReason.hasPrefix("SKIP_"),
                !skipReason.isEmpty, skipReason != "Disabled"
            {
                return .failed
            }
            if isSkipped { return .skipped }
            if !failures.isEmpty { return .failed }
            let result = attributes["result"]?.lowercased() ?? ""
            if ["notrun", "disabled", "skipped", "ignored", "inconclusive"].contains(status)
                || ["suppressed", "skipped"].contains(result)
            {
                return .skipped
            }
            return ["fail", "failed", "failure", "error"].contains(status) ? .failed : .passed
        }

        /// Where the test stands, as far as attributes tell.
        var place: (String?, Int?) {
            guard let file = attributes["file"], !file.isEmpty else { return (nil, nil) }
            // pytest counts from 0.
            let line = attributes["line"].flatMap { Int($0) }.map { file.hasSuffix(".py") ? $0 + 1 : $0 }
            return (file, line.flatMap { $0 > 0 ? $0 : nil })
        }

        /// The name by which the test is found in another run, much as its runner prints it.
        func fullName(in suites: [Suite]) -> String {
            let name = attributes["name"] ?? ""
            let owner = attributes["classname"] ?? ""
            if let file = attributes["file"], file.hasSuffix(".py"), let inner = Self.part(of: owner, behind: file) {
                return ([file] + inner + [name]).joined(separator: "::")
            }
            if let type = attributes["class"], type.utf8.contains(UInt8(ascii: "\\")) { return "\(type)::\(name)" }
            // Node has the word `test` for all of them, and suites in one another.
            if owner.isEmpty || owner == "test" {
                let around = suites.filter { !$0.isRoot && !$0.name.isEmpty }.map(\.name)
                return name.isEmpty
                    ? around.last ?? ""
                    : owner.isEmpty && around.count < 2
                        ? name : (around + [name]).joined(separator: " > ")
            }
            if name.isEmpty || name == owner || name.hasPrefix(owner + ".") { return name.isEmpty ? owner : name }
            return "\(owner).\(name)"
        }

        /// The classes that a dotted name has behind the module of a file.
        private static func part(of owner: String, behind file: String) -> [String]? {
            let module = file.dropLast(3).split(separator: "/").joined(separator: ".")
            if owner == module { return [] }
            guard owner.hasPrefix(module + ".") else { return nil }
            return owner.dropFirst(module.count + 1).split(separator: ".").map(String.init)
        }
    }
}

extension TestFailure {
    init(name: String, _ told: FailureText) {
        self.init(
            name: name, message: told.message, file: told.place?.file, line: told.place?.line, excerpt: told.excerpt)
    }
}
