import JSON
public import Session
import Text

/// What is wrong at the end of a run in the Static Analysis Results Interchange Format (SARIF 2.1.0).
public struct SARIFReport: Sendable {
    private let result: RunResult
    private let start: RunStart?
    private let version: String

    /// Takes a result.
    ///
    /// - Parameters:
    ///   - start: What the run worked on; nil if it did not come to that.
    ///   - version: The number of this version of Graft.
    public init(result: RunResult, start: RunStart?, version: String) {
        self.result = result
        self.start = start
        self.version = version
    }

    /// The file.
    public var bytes: [UInt8] {
        let findings = Finding.all(of: result, start: start)
        let rules = Self.rules(of: findings)
        var writer = JSONWriter()
        writer.object {
            $0.member("$schema", "https://json.schemastore.org/sarif-2.1.0.json")
            $0.member("version", "2.1.0")
            $0.member("runs", array: { $0.object { write(findings, rules, into: &$0) } })
        }
        return writer.bytes + [0x0A]
    }

    private func write(_ findings: [Finding], _ rules: [String], into writer: inout JSONWriter) {
        writer.member("columnKind", "utf16CodeUnits")
        writer.object("tool") {
            $0.object("driver") {
                $0.member("name", "Graft")
                $0.member("version", version)
                $0.member("rules", array: { for rule in rules { $0.object { Self.write(rule: rule, into: &$0) } } })
            }
        }
        writer.member(
            "invocations",
            array: {
                $0.object {
                    // Whether the run came to a verdict at all.
                    $0.member("executionSuccessful", result.verdict.exitCode < 20)
                    $0.member("exitCode", Int(result.verdict.exitCode))
                    $0.member("exitCodeDescription", result.verdict.rawValue)
                }
            })
        writer.member(
            "results",
            array: {
                for finding in findings {
                    $0.object { Self.write(finding, rules.firstIndex(of: finding.rule) ?? 0, into: &$0) }
                }
            })
    }

    private static func write(_ finding: Finding, _ index: Int, into writer: inout JSONWriter) {
        writer.member("ruleId", finding.rule)
        writer.member("ruleIndex", index)
        writer.member("level", finding.level.rawValue)
        writer.object("message") { $0.member("text", finding.text.clipped(to: 1000).withoutSARIFLinks) }
        writer.member(
            "locations",
            array: {
                $0.object {
                    $0.object("physicalLocation") {
                        // A result without a file would be refused by who shows results beside the lines of files.
                        $0.object("artifactLocation") { $0.member("uri", finding.place?.uri ?? ".") }
                        guard let line = finding.place?.line else { return }
                        $0.object("region") {
                            $0.member("startLine", line)
                            guard finding.rule != Finding.testFailure, !finding.excerpt.isEmpty else { return }
                            $0.object("snippet") { $0.member("text", finding.excerpt.clipped(to: 1000)) }
                        }
                    }
                    guard finding.rule == Finding.testFailure else { return }
                    $0.member(
                        "logicalLocations",
                        array: {
                            $0.object { $0.member("fullyQualifiedName", finding.name.clipped(to: 1000)) }
                        })
                }
            })
        writer.object("partialFingerprints") {
            $0.member("graftFinding/v1", finding.fingerprint)
            // Where there is no line of a file from which it could be reckoned, nobody else does.
            if finding.place?.line == nil { $0.member("primaryLocationLineHash", finding.fingerprint) }
        }
        guard finding.rule == Finding.testFailure || finding.rule == Finding.commandFailure, !finding.excerpt.isEmpty
        else { return }
        writer.object("properties") { $0.member("excerpt", finding.excerpt.clipped(to: 4000)) }
    }

    private static func rules(of findings: [Finding]) -> [String] {
        var rules: [String] = []
        for finding in findings where !rules.contains(finding.rule) { rules.append(finding.rule) }
        return rules
    }

    private static func write(rule: String, into writer: inout JSONWriter) {
        writer.member("id", rule)
        writer.object("shortDescription") { $0.member("text", Finding.description(ofRule: rule)) }
        writer.object("defaultConfiguration") {
            let isFailure = rule == Finding.testFailure || rule == Finding.commandFailure
            $0.member("level", (isFailure ? Finding.Level.error : .warning).rawValue)
        }
    }
}

extension Finding {
    /// What a rule is about, in a sentence.
    static func description(ofRule rule: String) -> String {
        switch Doubt.Kind(rawValue: rule) {
        case .protectedPath: "The command passes only with a change to a protected file."
        case .missingTest: "A test that ran before is gone."
        case .skippedTest: "A test that ran before is skipped."
        case .weakenedCheck: "A change makes a check weaker or turns it off."
        case .brokenCommit: "The command fails on a commit of the series before the last one."
        case .shortCut: "Code passes a check without doing what it asks for."
        case nil where rule == testFailure: "A test, a compiler or another check reports a failure."
        case nil: "The command fails."
        }
    }
}

extension String {
    /// Text for a message of SARIF, in which `[text](place)` would be a link.
    fileprivate var withoutSARIFLinks: String { replacing("](", with: "]\u{200B}(") }
}

extension JSONWriter {
    /// Writes a member whose value is an object.
    mutating func object(_ name: String, _ body: (inout JSONWriter) -> Void) { member(name, object: body) }
}
