import Foundation
import Testing

@testable import Sandbox

/// One line of the table of attempts: what it is called, and what each rung answers.
struct Attempt: CustomTestStringConvertible {
    let name: String
    let answers: [Rung: String]
    let reason: String

    var testDescription: String { name }

    /// The answers that are right for a rung, for who we are and for whether there is a control group.
    ///
    /// A cell is one error or more, any of which will do, or `allowed`, or `undone`. Before a word, `root=` and `user=`
    /// keep it to one of the two, `alone=` to where there is no control group, and `bare=` to root without one.
    func expected(_ rung: Rung, hasCgroup: Bool) -> Set<String> {
        let isRoot = geteuid() == 0
        let holds = [
            "root": isRoot, "user": !isRoot, "cgroup": hasCgroup, "alone": !hasCgroup, "bare": isRoot && !hasCgroup,
        ]
        let words = (answers[rung] ?? "").split(separator: " ").compactMap { word -> String? in
            let parts = word.split(separator: "=").map(String.init)
            return parts.count == 1 ? parts[0] : holds[parts[0]] == true ? parts[1] : nil
        }
        // A kernel without the thing is as good as one that refuses it.
        return Set(words.map { $0 == "allowed" || $0 == "undone" ? "allowed" : "denied \($0)" } + ["absent"])
    }

    func mayDamage(_ rung: Rung) -> Bool { answers[rung]?.contains("allowed") == true }

    static let all: [Attempt] = {
        guard let path = Bundle.module.path(forResource: "attempts", ofType: "txt", inDirectory: "Resources"),
            let text = try? String(contentsOfFile: path, encoding: .utf8)
        else { return [] }
        return text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map {
                $0.trimmingCharacters(in: .whitespaces)
            }
            return Attempt(
                name: cells[0], answers: [.namespaces: cells[1], .bubblewrap: cells[2], .landlock: cells[3]],
                reason: cells[4])
        }
    }()
}

/// The program that makes the attempts lies beside the tests.
enum AttemptsProgram {
    static let path: String = {
        let program = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return (program as NSString).deletingLastPathComponent + "/escape-attempts"
    }()
}
