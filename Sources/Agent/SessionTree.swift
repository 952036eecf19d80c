import Evidence
import Glibc
import OS
import Repository
import Sandbox
import Session

/// The files a session works on, and the sandbox around them.
struct SessionTree {
    let kind: TreeKind
    let files: WorkingTree
    let sandbox: Sandbox
    let verifier: Verifier
    /// What is to be taken away when the session is over; nil unless it is an overlay.
    var overlaid: OverlaidPlace?

    /// Takes the files away, with what only commands have seen of them.
    func remove(from folder: SessionFolder, of repository: GitRepository) throws(RepositoryError) {
        switch kind {
        case .inPlace: return
        case .worktree: try repository.removeWorkingTree(at: files.root, in: folder.path)
        case .overlay:
            // What is still mounted must not lose its layers.
            files.letGo()
            sandbox.endOverlays()
            if let overlaid { try repository.removeOverlaidTree(overlaid, in: folder.path) }
        }
        // What cannot be removed now, a clean-up finds.
        if access(folder.overlays, F_OK) == 0 { try? FolderRemoval.remove(folder.overlays) }
    }
}

/// Why a checkout cannot be shown as an overlay.
struct OverlayObstacle: Error {
    /// What is wrong: with the repository, or with the machine.
    let verdict: Verdict
    let reason: String
}

/// Makes a session's tree of one kind or another.
struct SessionTreeMaker {
    let repository: GitRepository
    let session: SessionID
    let folder: SessionFolder
    /// The commit the session starts from.
    let start: CommitID
    let work: UncommittedWork
    let rules: SessionPolicy
    let mode: SandboxMode
    /// The environment Graft was started with.
    let environment: [String: String]
    let journal: Journal

    func make(_ choice: TreeChoice) async throws -> SessionTree {
        switch choice {
        case .inPlace: return try await inPlace()
        case .worktree: return try await linked()
        case .auto where repository.trackedFileCount ?? 0 < TreeKind.manyFiles: return try await linked()
        case .overlay, .auto: break
        }
        do {
            return try await overlaid()
        } catch let obstacle as OverlayObstacle {
            guard choice == .auto else {
                throw Ending(
                    obstacle.verdict, "the checkout cannot be overlaid: \(obstacle.reason); use --tree worktree")
            }
            journal.record(
                .notice("the files are written out, because the checkout cannot be overlaid: \(obstacle.reason)"))
            return try await linked()
        }
    }

    private func inPlace() async throws -> SessionTree {
        try repository.createReference(session.steps, at: start)
        do {
            let files = try WorkingTree(inPlace: repository, reference: session.steps, privateFolder: folder.path)
            let policy = policy(for: files.root)
            let ignored = IgnoredFolders(work, of: repository.workingDirectory, policy: policy)
            return SessionTree(
                kind: .inPlace, files: files, sandbox: try await probe(policy), verifier: verifier(policy, ignored))
        } catch {
            giveUp()
            throw error
        }
    }

    private func linked() async throws -> SessionTree {
        let files = try repository.addWorkingTree(at: folder.tree, reference: session.steps, commit: start)
        do {
            let plain = policy(for: files.root)
            let ignored = IgnoredFolders(work, of: repository.workingDirectory, policy: plain)
            var policy = plain
            policy.overlays = try ignored.lend(to: files.root, store: folder.overlays)
            let sandbox = try await probe(policy)
            if case .missing = sandbox.overlaySupport { IgnoredFolders.withdraw(policy.overlays) }
            IgnoredFolders.notices(ignored, policy.overlays, sandbox.overlaySupport, root: files.root)
                .forEach { journal.record(.notice($0)) }
            return SessionTree(kind: .worktree, files: files, sandbox: sandbox, verifier: verifier(plain, ignored))
        } catch {
            // Nothing has run in it yet; the first error is the one to tell.
            try? repository.removeWorkingTree(at: files.root, in: folder.path)
            giveUp()
            throw error
        }
    }

    private func overlaid() async throws -> SessionTree {
        guard mode == .auto else {
            throw OverlayObstacle(verdict: .usage, reason: "--sandbox \(mode.rawValue) has nothing to show it in")
        }
        let plain = policy(for: folder.tree)
        guard plain.lends(repository.workingDirectory) else {
            throw OverlayObstacle(verdict: .usage, reason: "the policy hides what lies in it or around it")
        }
        if let reason = try repository.obstacleToOverlay(startingAt: start, work) {
            throw OverlayObstacle(verdict: .usage, reason: reason)
        }
        let ignored = IgnoredFolders(work, of: repository.workingDirectory, policy: plain, limit: .max)
        let place = try prepare(shown: ignored.names)
        do { return try await mount(place, plain, ignored) } catch {
            // As above.
            try? repository.removeOverlaidTree(place, in: folder.path)
            giveUp()
            throw error
        }
    }

    private func prepare(shown: [String]) throws -> OverlaidPlace {
        do {
            return try repository.prepareOverlaidTree(
                at: folder.tree, store: folder.overlays, reference: session.steps, commit: start, work: work,
                shown: shown)
        } catch  where error.code == .unsupported {
            throw OverlayObstacle(verdict: .sandbox, reason: error.message)
        }
    }

    private func mount(
        _ place: OverlaidPlace, _ plain: SandboxPolicy, _ ignored: IgnoredFolders
    ) async throws -> SessionTree {
        var plain = plain
        plain.workingTree = place.root
        var policy = plain
        policy.overlays = [
            Overlay(lower: repository.workingDirectory, path: place.root, store: place.store, isKept: true)
        ]
        let sandbox = try await probeOverlay(policy)
        guard let root = sandbox.openOverlaidTree() else {
            throw OverlayObstacle(verdict: .sandbox, reason: "the sandbox hands out no tree")
        }
        defer { close(root) }
        let files = try WorkingTree(
            overlaid: place, of: repository, reference: session.steps, start: start, root: root)
        if !ignored.omitted.isEmpty {
            journal.record(.notice("not in the working tree: \(ignored.omitted.joined(separator: ", "))"))
        }
        let checkouts = OverlaidCheckouts(work: work, shown: ignored.names) { [journal] notice in
            journal.record(.notice(notice))
        }
        return SessionTree(
            kind: .overlay, files: files, sandbox: sandbox, verifier: verifier(plain, ignored, checkouts),
            overlaid: place)
    }

    /// Takes back what was made for a tree that cannot be had.
    private func giveUp() {
        if access(folder.overlays, F_OK) == 0 { try? FolderRemoval.remove(folder.overlays) }
        try? repository.deleteReference(session.steps, at: start)
    }

    private var commandEnvironment: SandboxEnvironment { rules.variables(from: environment) }

    private func probeOverlay(_ policy: SandboxPolicy) async throws -> Sandbox {
        do { return try await probe(policy) } catch let error as SandboxError {
            throw OverlayObstacle(verdict: .sandbox, reason: error.message)
        }
    }

    private func probe(_ policy: SandboxPolicy) async throws -> Sandbox {
        try await Sandbox.probe(mode: mode, policy: policy, searchPath: commandEnvironment["PATH"] ?? "")
    }

    private func policy(for root: String) -> SandboxPolicy {
        rules.policy(
            workingTree: root, of: repository, temporaryFolder: folder.temporary, environment: environment)
    }

    private func verifier(
        _ policy: SandboxPolicy, _ ignored: IgnoredFolders, _ overlaid: OverlaidCheckouts? = nil
    ) -> Verifier {
        Verifier(
            repository: repository, folder: folder.path, mode: mode, policy: policy, ignored: ignored,
            overlaid: overlaid)
    }
}
