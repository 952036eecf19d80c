import Foundation

@testable import Session

/// A journal of the tests' resources.
enum SampleJournal {
    /// Of earlier versions: no folder, no claims, no kind of tree.
    static let old = ["old-fixed", "old-not-fixed"]
    static let all = old + ["fixed", "not-fixed"]

    static func path(_ name: String) -> String {
        Bundle.module.path(forResource: name, ofType: "jsonl", inDirectory: "Resources") ?? name
    }

    static func lines(_ name: String) throws -> [JournalLine] {
        let text = try Data(contentsOf: URL(fileURLWithPath: path(name)))
        return text.split(separator: 0x0A).compactMap { JournalLine(Array($0)) }
    }

    static func state(_ lines: some Sequence<JournalLine>) -> SessionState {
        var state = SessionState()
        for line in lines { state.apply(line.event, at: line.time) }
        return state
    }
}
