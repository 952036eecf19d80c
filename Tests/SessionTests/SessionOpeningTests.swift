import Foundation
import Responses
import Testing

@testable import Session

@Suite struct SessionOpeningTests {
    private let state = FileManager.default.temporaryDirectory.appending(path: "opening-\(UUID().uuidString)").path
    private let id = SessionID("20261127-091708-876t")
    private var store: SessionStore { SessionStore(environment: ["XDG_STATE_HOME": state]) }

    /// A session whose journal holds these bytes.
    private func session(_ bytes: Data) throws -> SessionFolder {
        let folder = try SessionFolder(id, environment: ["XDG_STATE_HOME": state])
        try bytes.write(to: URL(fileURLWithPath: folder.journal))
        return folder
    }

    private func lines(_ folder: SessionFolder) throws -> [JournalLine] {
        try Data(contentsOf: URL(fileURLWithPath: folder.journal)).split(separator: 0x0A).compactMap {
            JournalLine(Array($0))
        }
    }

    @Test func `a new session has its journal in its folder`() throws {
        let journal = Journal(listeners: [])
        journal.record(.notice("early"))
        let folder = try store.create(id, journal: journal)
        journal.record(.threadStarted(ThreadStart(id: id, folder: folder.path, base: "b")))
        journal.close()
        #expect(try lines(folder).map(\.event.kind) == [.notice, .threadStarted])
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/.reserve"))
    }

    @Test(arguments: SampleJournal.old) func `an old session is opened and goes on`(_ name: String) throws {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: SampleJournal.path(name)))
        let before = try SampleJournal.lines(name)
        let folder = try session(bytes)
        let opened = try store.open(id)
        let (state, journal) = (opened.state, opened.journal)
        #expect(state.phase == .finished && state.result.verdict == (name == "old-fixed" ? .fixed : .notFixed))
        #expect(journal.nextItemID() == "item_\(state.itemCount)" && state.itemCount > 3)
        journal.record(.inputItem(.message(role: "user", text: "and now"), turn: 9))
        #expect(journal.state.window.items.count == state.window.items.count + 1)
        journal.close()
        let after = try lines(folder)
        #expect(after.count == before.count + 1)
        // The clock goes on from the last line.
        let (last, next) = (try #require(before.last).time, try #require(after.last).time)
        #expect(last <= next && next < last + .seconds(60))
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.journal)).starts(with: bytes))
    }

    @Test func `the folder of an old session is known`() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: SampleJournal.path("old-fixed")))
        // Killed before the result.
        let lines = whole.split(separator: 0x0A).dropLast().joined(separator: [0x0A])
        let folder = try session(Data(lines) + [0x0A])
        let opened = try store.open(id)
        let (state, journal) = (opened.state, opened.journal)
        #expect(state.result.sessionFolder == folder.path && state.phase == .running)
        journal.close()
    }

    @Test func `a torn last line is cut off at any place`() throws {
        let whole = try Data(contentsOf: URL(fileURLWithPath: SampleJournal.path("old-not-fixed")))
        let last = try #require(whole.dropLast().lastIndex(of: 0x0A)) + 1
        for cut in [last + 1, last + 40, whole.count - 1] {
            let folder = try session(whole[..<cut])
            let opened = try store.open(id)
            let (state, journal) = (opened.state, opened.journal)
            #expect(state.phase == .running)
            journal.record(.notice("on"))
            journal.close()
            let text = try Data(contentsOf: URL(fileURLWithPath: folder.journal))
            #expect(text.starts(with: whole[..<last]) && text.split(separator: 0x0A).allSatisfy { $0.last == 0x7D })
            #expect(try lines(folder).last?.event == .notice("on"))
        }
    }

    @Test func `lines that are no events are passed over and kept`() throws {
        let garbage = Data("\n\0\0\0\n{\"type\":\n".utf8)
        let folder = try session(garbage + Data(#"{"type":"notice","t_ms":5,"message":"x"}"#.utf8) + [0x0A])
        let opened = try store.open(id)
        let (state, journal) = (opened.state, opened.journal)
        #expect(state.elapsed == .milliseconds(5))
        journal.close()
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.journal)).starts(with: garbage))
    }

    @Test func `a session that runs or is being reviewed is not opened`() throws {
        let folder = try session(Data())
        let journal = try store.open(id).journal
        #expect(throws: SessionError.self) { try store.open(id) }
        #expect(try store.summary(of: id).isRunning)
        journal.close()
        let review = open(folder.path + "/review.lock", O_RDWR | O_CREAT, 0o600)
        #expect(flock(review, LOCK_EX) == 0)
        let error = #expect(throws: SessionError.self) { try store.open(id) }
        #expect(error?.code == .inUse)
        close(review)
        try store.open(id).journal.close()
    }

    @Test func `a session that is not there is not opened`() throws {
        #expect(throws: SessionError.self) { try store.open(id) }
        _ = try SessionFolder(id, environment: ["XDG_STATE_HOME": state])
        #expect(throws: SessionError.self) { try store.open(id) }
    }

    @Test(arguments: SampleJournal.old) func `an old session is summed up`(_ name: String) throws {
        _ = try session(try Data(contentsOf: URL(fileURLWithPath: SampleJournal.path(name))))
        let summary = try store.summary(of: id)
        #expect(summary.state == .finished && summary.result?.turns ?? 0 > 3)
        #expect(summary.start?.treeKind == (name == "old-fixed" ? .worktree : nil))
    }
}
