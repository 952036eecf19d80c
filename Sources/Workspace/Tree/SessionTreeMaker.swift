import Glibc
import OS
import Repository
import Sandbox
import Session

/// Makes a session's tree of the chosen kind.
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
    let events: any EventSink

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
                throw WorkspaceError(
                    obstacle.code, "the checkout cannot be overlaid: \(obstacle.reason)",
                    nextStep: "use --tree worktree")
            }
            events.record(
                .notice("the files are written out, because the checkout cannot be overlaid: \(obstacle.reason)"))
            return try await linked()
        }
    }

    private func inPlace() async throws -> SessionTree {
        try repository.createReference(session.steps, at: start)
        do {
            let files = try WorkingTree(inPlace: repository, reference: session.steps, privateFolder: folder.path)
            return try await show(inPlace: files)
        } catch {
            giveUp()
            throw error
        }
    }

    /// Makes a sandbox around the user's own checkout.
    func show(inPlace files: WorkingTree) async throws -> SessionTree {
        let plain = policy(for: files.root)
        let ignored = IgnoredFolders(work, of: repository.workingDirectory, policy: plain)
        var shown = plain
        try view(of: files.root, shownAt: nil, gitDirectory: repository.gitDirectory).install(in: &shown)
        let submodules = try ShownSubmodules(of: start, in: repository, policy: plain).report
        for notice in submodules.notices(isInPlace: true) { events.record(.notice(notice)) }
        return SessionTree(
            kind: .inPlace, files: files, sandbox: try await probe(shown), checkouts: checkouts(plain, ignored),
            submodules: submodules)
    }

    private func linked() async throws -> SessionTree {
        let files = try repository.addWorkingTree(at: folder.tree, reference: session.steps, commit: start)
        do { return try await show(linked: files) } catch {
            // Nothing has run in it yet; the first error is reported.
            try? repository.removeWorkingTree(at: files.root, in: folder.path)
            giveUp()
            throw error
        }
    }

    /// Makes a sandbox around a linked working tree.
    func show(linked files: WorkingTree) async throws -> SessionTree {
        let plain = policy(for: files.root)
        let ignored = IgnoredFolders(work, of: repository.workingDirectory, policy: plain)
        let place = findShownTree()
        let view = try view(
            of: files.root, shownAt: place, gitDirectory: repository.gitDirectory(of: files.root))
        var shown = plain
        shown.shownTree = place
        view.install(in: &shown)
        var submodules = try ShownSubmodules(of: start, in: repository, policy: plain)
        shown.maskedFolders = submodules.lend(to: files.root, store: folder.overlays)
        let sandbox = try await ignored.show(in: shown, store: folder.overlays) { try await probe($0) }
        try view.lead(sandbox)
        for notice in ignored.notices(sandbox, root: files.root) { events.record(.notice(notice)) }
        try submodules.settle(sandbox, files)
        for notice in submodules.report.notices(isInPlace: false) { events.record(.notice(notice)) }
        return SessionTree(
            kind: .worktree, files: files, sandbox: sandbox, checkouts: checkouts(plain, ignored),
            submodules: submodules.report)
    }

    private func overlaid() async throws -> SessionTree {
        let (plain, ignored, submodules) = try planOverlay()
        let place = try prepare(ignored, submodules, reference: session.steps, at: start)
        do { return try await mount(place, plain, ignored, submodules) } catch {
            // As above.
            try? repository.removeOverlaidTree(place, in: folder.path)
            giveUp()
            throw error
        }
    }

    /// What an overlay of the checkout shows; throws the obstacle if there is one.
    func planOverlay() throws -> (SandboxPolicy, IgnoredFolders, ShownSubmodules) {
        guard mode == .auto else {
            throw OverlayObstacle(code: .unsuitable, reason: "--sandbox \(mode.rawValue) has nothing to show it in")
        }
        let plain = policy(for: folder.tree)
        guard plain.lends(repository.workingDirectory) else {
            throw OverlayObstacle(code: .unsuitable, reason: "the policy hides what lies in it or around it")
        }
        if let reason = try repository.obstacleToOverlay(startingAt: start, work) {
            throw OverlayObstacle(code: .unsuitable, reason: reason)
        }
        return (
            plain, IgnoredFolders(work, of: repository.workingDirectory, policy: plain, limit: .max),
            try ShownSubmodules(of: start, in: repository, policy: plain)
        )
    }

    /// Makes the place of an overlay, and a reference at the commit where one is named.
    func prepare(
        _ ignored: IgnoredFolders, _ submodules: ShownSubmodules, reference: String?, at commit: CommitID
    ) throws -> OverlaidPlace {
        do {
            return try repository.prepareOverlaidTree(
                at: folder.tree, store: folder.overlays, reference: reference, commit: commit, work: work,
                shown: ignored.names, hidden: ignored.secretFiles, submodules: submodules.choices)
        } catch  where error.code == .unsupported {
            throw OverlayObstacle(code: .sandbox, reason: error.description)
        }
    }

    func mount(
        _ place: OverlaidPlace, _ plain: SandboxPolicy, _ ignored: IgnoredFolders, _ submodules: ShownSubmodules
    ) async throws -> SessionTree {
        let mounted: MountedOverlay
        var shown = plain
        shown.shownTree = findShownTree()
        try view(of: place.root, shownAt: shown.shownTree, gitDirectory: repository.gitDirectory(of: place.root))
            .install(in: &shown)
        do throws(SandboxError) {
            mounted = try await MountedOverlay(
                place, of: repository, reference: session.steps, commit: start, policy: shown,
                searchPath: commandEnvironment["PATH"] ?? "", isKept: true)
        } catch {
            throw OverlayObstacle(code: .sandbox, reason: error.description)
        }
        if let notice = ignored.noticeOfSecrets { events.record(.notice(notice)) }
        if !ignored.omitted.isEmpty {
            events.record(.notice("not in the working tree: \(ignored.omitted.joined(separator: ", "))"))
        }
        var submodules = submodules
        try submodules.settle(mounted.sandbox, mounted.files)
        for notice in submodules.report.notices(isInPlace: false) { events.record(.notice(notice)) }
        var tree = plain
        tree.workingTree = place.root
        let overlaid = CleanCheckouts.Overlaid(work: work) { [events] notice in
            events.record(.notice(notice))
        }
        return SessionTree(
            kind: .overlay, files: mounted.files, sandbox: mounted.sandbox,
            checkouts: checkouts(tree, ignored, overlaid), submodules: submodules.report, overlaid: place)
    }

    /// Removes what was made for a tree that cannot be used.
    private func giveUp() {
        for made in [folder.overlays, folder.git] where access(made, F_OK) == 0 { try? FolderRemoval.remove(made) }
        try? repository.deleteReference(session.steps, at: start)
    }

    private var commandEnvironment: SandboxEnvironment { rules.variables(from: environment) }

    private func probe(_ policy: SandboxPolicy) async throws -> Sandbox {
        try await Sandbox.probe(mode: mode, policy: policy, searchPath: commandEnvironment["PATH"] ?? "")
    }

    private func policy(for root: String) -> SandboxPolicy {
        rules.policy(
            workingTree: root, of: repository, temporaryFolder: folder.temporary, environment: environment)
    }

    private func view(of root: String, shownAt shown: String?, gitDirectory: String) throws(SandboxError) -> GitView {
        try GitView(
            GitView.Place(
                root: root, gitDirectory: gitDirectory, commonDirectory: repository.commonDirectory, shownRoot: shown),
            of: { repository }, in: folder.git, home: environment["HOME"] ?? "/root")
    }

    /// The path of the checkout if the tree can be shown there; else the user is told why not.
    private func findShownTree() -> String? {
        guard mode == .auto else { return nil }
        let home = environment["HOME"] ?? "/root"
        guard let obstacle = ShownTree.obstacle(repository.workingDirectory, folder: folder.path, home: home) else {
            return repository.workingDirectory
        }
        events.record(
            .notice("commands see the tree at its own path, not at that of your checkout: \(obstacle)"))
        return nil
    }

    private func checkouts(
        _ policy: SandboxPolicy, _ ignored: IgnoredFolders, _ overlaid: CleanCheckouts.Overlaid? = nil
    ) -> CleanCheckouts {
        CleanCheckouts(
            repository: repository, folder: folder.path, mode: mode, policy: policy, ignored: ignored,
            overlaid: overlaid)
    }
}

/// Why a checkout cannot be shown as an overlay.
struct OverlayObstacle: Error {
    /// Whether the repository or the machine is the reason.
    let code: WorkspaceError.Code
    let reason: String
}
