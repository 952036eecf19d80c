import Foundation
import Repository
import Session
import Testing
import Text

@testable import Evidence

/// The folders of repositories whose fixes are looked at, one a line of `GRAFT_GUARD_HISTORY`, each with the command
/// behind a space.
private let histories = (ProcessInfo.processInfo.environment["GRAFT_GUARD_HISTORY"] ?? "").split(separator: "\n")

/// How many honest fixes of real histories would be doubted; prints the figures.
@Suite struct HistoryTests {
    @Test(.enabled(if: !histories.isEmpty)) func `few fixes of real histories are doubted`() throws {
        var all = (looked: 0, source: 0, tests: 0)
        for history in histories {
            let parts = history.split(separator: " ", maxSplits: 1).map(String.init)
            let repository = try GitRepository(discovering: parts[0], environment: ProcessInfo.processInfo.environment)
            var (looked, source, tests) = (0, 0, 0)
            for (tip, parent) in try fixes(in: parts[0]) {
                let rules = try ProtectedPaths(
                    ProtectionChoice(usesDefaults: true), command: parts[1], in: repository, at: parent)
                let inspection = try TamperGuard(repository: repository, start: parent, rules: rules).inspect(tip)
                looked += 1
                let decisive = inspection.doubts.filter(\.isDecisive)
                let held = Set(inspection.protectedChanges.map(\.path.text))
                let loose = decisive.filter { !held.contains($0.path ?? "") }
                if !loose.isEmpty { source += 1 } else if !decisive.isEmpty { tests += 1 }
                for doubt in loose {
                    print(
                        "  \(tip.hex.prefix(8)) \(doubt.path ?? ""):\(doubt.line ?? 0) \(doubt.message): \(doubt.excerpt)"
                    )
                }
            }
            print("\(parts[0]): \(looked) fixes, \(source) doubted outside of protected files, \(tests) in them only")
            all = (all.looked + looked, all.source + source, all.tests + tests)
        }
        print("all: \(all.looked) fixes, \(all.source) doubted outside of protected files, \(all.tests) in them only")
        #expect(all.source * 20 <= all.looked)
    }

    /// The last commits that fix something, with their parents.
    private func fixes(in folder: String) throws -> [(CommitID, CommitID)] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "git", "-C", folder, "log", "--no-merges", "-i", "--grep=^fix", "--grep=bug", "-E", "--max-count=200",
            "--min-parents=1", "--format=%H %P",
        ]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").compactMap { line in
            let ids = line.split(separator: " ").compactMap { CommitID(String($0)) }
            return ids.count == 2 ? (ids[0], ids[1]) : nil
        }
    }
}
