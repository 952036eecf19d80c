import Glibc
import OS
import Repository
import Sandbox
import Session

extension SessionTreeMaker {
    /// Makes the tree of a session again.
    ///
    /// - Returns: The tree, and whether it is the one that an earlier process has left, with what it did not commit.
    func again(_ kind: TreeKind) async throws -> (tree: SessionTree, isLeft: Bool) {
        switch kind {
        case .inPlace:
            let files = try WorkingTree(inPlace: repository, reference: session.steps, privateFolder: folder.path)
            return (try await show(inPlace: files), true)
        case .overlay where access(folder.tree + "/.git", F_OK) != 0: return try await overlaidAgain()
        case .worktree, .overlay: return try await linkedAgain()
        }
    }

    private func linkedAgain() async throws -> (SessionTree, isLeft: Bool) {
        let hadChanges = access(folder.overlays, F_OK) == 0
        let (files, isLeft) = try repository.reopenWorkingTree(at: folder.tree, reference: session.steps)
        let tree = try await show(linked: files)
        if !hadChanges, tree.sandbox.policy.overlays.contains(where: { $0.store != nil }) {
            events.record(
                .notice("the ignored folders are as in your checkout; what commands had changed there is gone"))
        }
        return (tree, isLeft)
    }

    private func overlaidAgain() async throws -> (SessionTree, isLeft: Bool) {
        let (plain, ignored, submodules) = try planOverlay()
        if try repository.isWhole(folder.tree, isOverlay: true) {
            do {
                let place = try repository.overlaidTree(at: folder.tree, store: folder.overlays)
                do { return (try await mount(place, plain, ignored, submodules), true) } catch let obstacle
                    as OverlayObstacle
                {
                    throw WorkspaceError(
                        obstacle.code, "the session's overlay cannot be mounted again: \(obstacle.reason)",
                        nextStep: "what is in no commit is in \(place.upper)")
                }
            } catch let error as RepositoryError where error.code == .notFound {
                // A clean-up has taken the changes, which were all in commits.
                try repository.removeWorkingTree(at: folder.tree, in: folder.path)
            }
        }
        do {
            guard let head = try repository.target(of: session.steps) else {
                throw OverlayObstacle(code: .unsuitable, reason: "the session has no commit")
            }
            let place = try prepare(ignored, submodules, reference: nil, at: head)
            do {
                let tree = try await mount(place, plain, ignored, submodules)
                // The checkout may have gone on since.
                guard try tree.files.restore() else {
                    _ = tree.keep()
                    throw OverlayObstacle(code: .unsuitable, reason: "your files are changing")
                }
                return (tree, false)
            } catch {
                // Nothing has run in it yet; the first error is reported.
                try? repository.removeOverlaidTree(place, in: folder.path)
                throw error
            }
        } catch let obstacle as OverlayObstacle {
            events.record(
                .notice("the files are written out, because the checkout cannot be overlaid: \(obstacle.reason)"))
            return try await linkedAgain()
        }
    }
}
