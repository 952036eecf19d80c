import Foundation
import Responses
import Session
import Testing
import Text

@Suite struct SessionStoreTests {
    private let state = FileManager.default.temporaryDirectory.appending(path: "store-\(UUID().uuidString)").path
    private var environment: [String: String] { ["XDG_STATE_HOME": state] }
    private var store: SessionStore { SessionStore(environment: environment) }

    /// A journal as a run writes it; it stays open if there is no result.
    @discardableResult
    private func session(
        _ name: String, repository: String = "/r", notices: Int = 0, result: RunResult? = nil
    ) throws -> Journal {
        let folder = try SessionFolder(SessionID(name), environment: environment)
        let journal = Journal(listeners: [])
        try journal.open(folder: folder.path)
        journal.record(.threadStarted(ThreadStart(id: SessionID(name), folder: folder.path, base: "b")))
        for number in 0..<notices { journal.record(.notice("notice \(number)")) }
        journal.record(
            .runStarted(
                RunStart(
                    repository: repository, base: "b", start: "s", branch: "graft/\(name)", tree: "/t", task: "Do it",
                    command: "make", model: "m", endpoint: "e", sandbox: "none", policy: "network = \"none\"\n",
                    time: 1_700_000_000)))
        if let result {
            journal.record(.runFinished(result))
            journal.close()
        }
        return journal
    }

    @Test func `a session is summed up from the ends of its journal`() throws {
        var result = RunResult(verdict: .notFixed, message: "no")
        result.commits = [CommitReport(id: "1", subject: "One", files: [FileSummary(path: "a", kind: .delete)])]
        result.summary = String(repeating: "long ", count: 20_000)
        (result.usage.input, result.usage.cached, result.usage.output, result.usage.reasoning) = (10, 2, 3, 1)
        result.turns = 4
        result.duration = .milliseconds(1500)
        result.verification = Verification(
            commit: "c",
            report: CommandReport(
                exitCode: 1, ending: "exit 1", duration: .seconds(2), output: "out", outputByteCount: 3))
        try session("20260101-0000-aaaa", notices: 500, result: result)
        let summary = try store.summary(of: SessionID("20260101-0000-aaaa"))
        #expect(summary.start?.task == "Do it" && summary.start?.start == "s" && summary.start?.time == 1_700_000_000)
        #expect(summary.start?.policy == "network = \"none\"\n")
        let read = try #require(summary.result)
        #expect((read.verdict, read.message, read.turns, read.duration) == (.notFixed, "no", 4, .milliseconds(1500)))
        #expect(read.commits.first?.files == [FileSummary(path: "a", kind: .delete)])
        #expect(read.usage == result.usage && read.summary == result.summary)
        #expect(read.verification?.report.ending == "exit 1" && read.baseline == nil)
        #expect(!summary.isRunning)
    }

    @Test func `a session at work is told from one that was killed`() throws {
        let journal = try session("20260101-0000-aaaa")
        #expect(try store.summary(of: SessionID("20260101-0000-aaaa")).isRunning)
        journal.close()
        let summary = try store.summary(of: SessionID("20260101-0000-aaaa"))
        #expect(!summary.isRunning && summary.result == nil && summary.start != nil)
    }

    @Test func `a torn last line is no end`() throws {
        try session("20260101-0000-aaaa", result: RunResult(verdict: .fixed, message: ""))
        let path = try store.folder(of: SessionID("20260101-0000-aaaa")).journal
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        try whole.dropLast(10).write(to: URL(fileURLWithPath: path))
        #expect(try store.summary(of: SessionID("20260101-0000-aaaa")).result == nil)
    }

    @Test func `the latest session of a repository is meant when none is named`() throws {
        try session("20260101-0000-aaaa", repository: "/a")
        try session("20260102-0000-bbbb", repository: "/b")
        #expect(store.identifiers().map(\.rawValue) == ["20260102-0000-bbbb", "20260101-0000-aaaa"])
        #expect(try store.resolve(nil, repository: "/a").rawValue == "20260101-0000-aaaa")
        #expect(try store.resolve(nil, repository: nil).rawValue == "20260102-0000-bbbb")
        #expect(throws: SessionError.self) { try store.resolve(nil, repository: "/c") }
    }

    @Test func `a repository is another one if only the composition of its path differs`() throws {
        try session("20260101-0000-aaaa", repository: "/r/\u{E9}")
        try session("20260102-0000-bbbb", repository: "/r/e\u{301}")
        #expect(try store.resolve(nil, repository: "/r/\u{E9}").rawValue == "20260101-0000-aaaa")
    }

    @Test(arguments: ["20260101-0000-aaaa", "20260101", "aaaa"]) func `a part of a name is enough`(
        _ text: String
    ) throws {
        try session("20260101-0000-aaaa")
        try session("20260102-0000-bbbb")
        #expect(try store.resolve(text, repository: nil).rawValue == "20260101-0000-aaaa")
    }

    @Test(arguments: ["", "2026", "zzzz", "../x"]) func `what is none or several sessions is refused`(
        _ text: String
    ) throws {
        try session("20260101-0000-aaaa")
        try session("20260102-0000-bbbb")
        #expect(throws: SessionError.self) { try store.resolve(text, repository: nil) }
    }

    @Test func `folders that are no sessions, and links, are not taken for sessions`() throws {
        try session("20260101-0000-aaaa")
        let root = store.root
        try FileManager.default.createDirectory(atPath: root + "/other", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(
            atPath: root + "/20260103-0000-link", withDestinationPath: root + "/20260101-0000-aaaa")
        #expect(store.identifiers().count == 2)
        #expect(throws: SessionError.self) { try store.summary(of: SessionID("20260103-0000-link")) }
    }
}
