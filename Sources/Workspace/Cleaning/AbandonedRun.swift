import Dispatch
import OS
import Repository
public import Session
import Synchronization

/// A run that ends without clearing up, since nobody waits for that any more.
public struct AbandonedRun: Sendable {
    private let start: RunStart
    private let folder: SessionFolder
    private let environment: [String: String]

    /// Takes a run.
    ///
    /// - Parameter folder: The session's folder.
    public init(_ start: RunStart, folder: String, environment: [String: String]) {
        self.start = start
        self.folder = SessionFolder(existing: folder)
        self.environment = environment
    }

    /// What to tell of its working tree, as a clause; nil if all that is in it is in a commit, and for the checkout itself.
    ///
    /// - Parameter patience: So long the tree is looked at; one that takes longer may have changes, and is named.
    public func notice(within patience: Duration) -> String? {
        let name = folder.path.split(separator: "/").last.map(String.init) ?? ""
        guard start.treeKind != .inPlace, let session = SessionID(parsing: name) else { return nil }
        let tree = LeftTree(session: session, folder: folder)
        let look = Look()
        CommandThread.start { [start, environment] in
            // Without the repository nothing can be told, and the tree counts as changed.
            let repository = try? GitRepository(discovering: start.repository, environment: environment)
            look.end(tree.placeOfChanges(in: repository))
        }
        guard let place = look.place(within: patience) ?? tree.place else { return nil }
        return Self.notice(of: session, place)
    }

    /// What to tell of a tree with changes that are in no commit, as a clause.
    static func notice(of session: SessionID, _ place: String) -> String {
        "what is in no commit is kept in \(place); go on with it: graft resume \(session); or take what you need, then run: "
            + "graft clean --session \(session)"
    }

    /// A look at a tree that nobody may wait for.
    private final class Look: Sendable {
        private let found = Mutex<String??>(nil)
        private let isOver = DispatchSemaphore(value: 0)

        func end(_ place: String?) {
            found.withLock { $0 = .some(place) }
            isOver.signal()
        }

        /// Where the changes are, nil within if there are none; nil if that is not known yet.
        func place(within patience: Duration) -> String?? {
            let (seconds, attoseconds) = patience.components
            let limit = DispatchTime.now() + .milliseconds(Int(seconds * 1000 + attoseconds / 1_000_000_000_000_000))
            return isOver.wait(timeout: limit) == .success ? found.withLock { $0 } : nil
        }
    }
}
