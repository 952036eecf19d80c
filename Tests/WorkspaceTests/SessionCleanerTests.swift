import Foundation
import Session
import Testing
import Workspace

@Suite struct SessionCleanerTests {
    private let state = FileManager.default.temporaryDirectory.appending(path: "cleaner-\(UUID().uuidString)").path
    private var environment: [String: String] { ["XDG_STATE_HOME": state] }
    private var store: SessionStore { SessionStore(environment: environment) }

    /// A session whose run has ended, in a repository that is gone.
    private func session(_ name: String) throws -> SessionFolder {
        let folder = try SessionFolder(SessionID(name), environment: environment)
        let journal = Journal(listeners: [])
        try journal.open(folder: folder.path)
        journal.record(
            .runStarted(
                RunStart(
                    repository: "/nowhere", base: "b", start: "s", branch: "graft/\(name)", tree: "/t", task: "Do it",
                    command: nil, model: "m", endpoint: "e", sandbox: "none", time: 1_700_000_000)))
        journal.record(.runFinished(RunResult(verdict: .fixed, message: "done")))
        journal.close()
        return folder
    }

    @Test func `the age decides, counted from when something last happened`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        _ = try session("20260101-0000-aaaa")
        let cleaner = try SessionCleaner(store: store, environment: environment)
        let now = Int(Date.now.timeIntervalSince1970)
        let young = cleaner.plan(CleaningRequest(now: now + 29 * 86400))
        #expect(young.map(\.action) == [.keep])
        let old = cleaner.plan(CleaningRequest(now: now + 31 * 86400))
        #expect(old.map(\.action) == [.remove] && old[0].bytes > 0)
    }

    @Test func `a session that has begun to run since it was planned stays`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let folder = try session("20260101-0000-aaaa")
        let cleaner = try SessionCleaner(store: store, environment: environment)
        let plan = cleaner.plan(
            CleaningRequest(sessions: [SessionID("20260101-0000-aaaa")], now: Int(Date.now.timeIntervalSince1970)))
        let journal = Journal(listeners: [])
        try journal.open(folder: folder.path)
        #expect(throws: WorkspaceError.self) { try cleaner.perform(plan[0]) }
        journal.close()
        try cleaner.perform(plan[0])
        #expect(store.identifiers().isEmpty)
    }

    @Test func `a session that is being verified stays, and does not look as if it ran`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        let folder = try session("20260101-0000-aaaa")
        try FileManager.default.createDirectory(atPath: folder.tree, withIntermediateDirectories: true)
        let cleaner = try SessionCleaner(store: store, environment: environment)
        let request = CleaningRequest(
            sessions: [SessionID("20260101-0000-aaaa")], now: Int(Date.now.timeIntervalSince1970))
        var lock = SessionLock(sharing: folder.path)
        #expect(lock != nil && cleaner.plan(request).map(\.action) == [.keep])
        #expect(try !store.summary(of: SessionID("20260101-0000-aaaa")).isRunning)
        lock = nil
        #expect(cleaner.plan(request).map(\.action) == [.remove])
    }

    @Test func `a size can be counted up to a limit, the top first`() throws {
        defer { try? FileManager.default.removeItem(atPath: state) }
        try FileManager.default.createDirectory(atPath: state + "/tree/deep", withIntermediateDirectories: true)
        for number in 0..<50 {
            try Data(count: 5000).write(to: URL(fileURLWithPath: "\(state)/tree/deep/\(number)"))
        }
        try FileManager.default.createSymbolicLink(atPath: state + "/link", withDestinationPath: "/usr")
        let all = FolderSize(of: state)
        #expect(all.entryCount == 53 && !all.isPartial && all.bytes >= 50 * 5000)
        let part = FolderSize(of: state, entryLimit: 2)
        #expect(part.isPartial && part.bytes < all.bytes)
        #expect(FolderSize(of: state + "/missing").bytes == 0)
    }

    @Test func `the name of a session tells its time`() {
        #expect(SessionID("20260101-0000-aaaa").time == 1_767_225_600)
    }
}
