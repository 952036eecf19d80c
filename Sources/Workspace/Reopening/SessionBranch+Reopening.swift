import Repository
import Session

extension SessionBranch {
    /// Takes the branch up again where an earlier process has left it; makes it again where it is gone, and leaves it
    /// alone where somebody else has moved it.
    ///
    /// - Parameter events: Receives what became of it.
    /// - Throws: `RepositoryError` if it cannot be read or made.
    init(
        reopening session: SessionID, in repository: GitRepository, history: StepHistory, events: any EventSink
    ) throws(RepositoryError) {
        guard let target = try repository.target(of: "refs/heads/\(session.branch)") else {
            let tip = history.seriesTip ?? history.head
            try repository.createBranch(session.branch, at: tip)
            self.init(of: session, in: repository, at: tip)
            if !history.steps.isEmpty {
                events.record(.notice("the branch \(session.branch) was gone; it is made again"))
            }
            return
        }
        self.init(of: session, in: repository, at: target)
        guard !history.known.contains(target) else { return }
        // A process that died had ordered the steps and could not record it any more.
        let isSame = try repository.treeID(of: target) == repository.treeID(of: history.head)
        if isSame, try repository.wasMovedLast(session.branch, why: Self.ordering, to: target) { return }
        leaveAlone()
        events.record(
            .notice(
                "the branch \(session.branch) has been moved since; it is left alone, and \(session.steps) has the "
                    + "work"))
        events.record(.branchChanged(name))
    }
}
