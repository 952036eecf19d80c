import Glibc
import JSON
import OS
import Repository
import Responses
import Session
import Text

extension SessionCleaner {
    /// Plans a clean-up, session by session, the newest first; changes nothing.
    ///
    /// What cannot be examined, such as a link or a folder of another user, is kept with the reason.
    public func plan(_ request: CleaningRequest) -> [CleanupPlan] {
        var repositories = OpenRepositories(environment: environment)
        var plans: [CleanupPlan] = []
        let known = store.identifiers()
        let here = request.repository.flatMap { repositories.open($0).repository }
        for id in known where request.sessions?.contains(id) ?? true {
            if request.staysInRepository, !isSession(id, of: here, &repositories) { continue }
            plans.append(plan(id, request, &repositories))
        }
        // The repository of an interrupted removal is unknown.
        let isEverywhere = !request.staysInRepository
        for name in FolderListing.names(in: store.root) where isEverywhere && name.hasPrefix(Self.goingPrefix) {
            guard let id = SessionID(parsing: String(name.dropFirst(Self.goingPrefix.count))) else { continue }
            plans.append(interruptedRemoval(of: id, at: "\(store.root)/\(name)"))
        }
        if let here {
            let missing = namesIn(here).subtracting(known).filter { request.sessions?.contains($0) ?? true }
            for id in missing {
                var plan = CleanupPlan(
                    id: id, folder: nil, repository: here.workingDirectory, lastActivity: id.time)
                decide(&plan, here, start: nil, request)
                plans.append(plan)
            }
        }
        return plans.sorted { $0.id.rawValue > $1.id.rawValue }
    }

    /// Whether a session was started in any working tree of a repository.
    private func isSession(
        _ id: SessionID, of here: GitRepository?, _ repositories: inout OpenRepositories
    ) -> Bool {
        // An unreadable session belongs to no repository.
        guard let here, let place = (try? store.summary(of: id))?.start?.repository else { return false }
        return repositories.open(place).repository?.isSame(as: here) == true
    }

    private func plan(
        _ id: SessionID, _ request: CleaningRequest, _ repositories: inout OpenRepositories
    ) -> CleanupPlan {
        let path = "\(store.root)/\(id)"
        var plan = CleanupPlan(id: id, folder: path, repository: nil, lastActivity: id.time)
        guard isRealFolder(path), let summary = try? store.summary(of: id) else {
            plan.reason = "\(path) is a link, or not a folder of yours"
            return plan
        }
        // A run that was killed before its first record may have worked here.
        let place = summary.start?.repository ?? request.repository
        let found = place.map { repositories.open($0) } ?? .gone
        plan = CleanupPlan(
            id: id, folder: path, repository: summary.start?.repository ?? found.repository?.workingDirectory,
            lastActivity: summary.lastActivity)
        guard SessionLock(folder: path) != nil else {  // Released at once.
            plan.reason = "it is running"
            return plan
        }
        switch found {
        case .unusable(let reason):
            plan.reason = reason
        case .gone:
            // The commits are gone, too: what lies in the tree may be all that there is of the work, however old it is.
            guard mayLoseChanges(&plan, nil, request) else { break }
            if request.sessions != nil || request.isOldEnough(plan.lastActivity) {
                take(&plan)
            } else {
                tidy(&plan, hasCrashed: summary.state == .crashed)
            }
        case .open(let repository):
            decide(&plan, repository, start: summary.start, request)
            if plan.action == .keep, plan.uncommitted == nil { tidy(&plan, hasCrashed: summary.state == .crashed) }
        }
        return plan
    }

    /// Finds what the repository has of a session, and decides what to do.
    private func decide(
        _ plan: inout CleanupPlan, _ repository: GitRepository, start: RunStart?, _ request: CleaningRequest
    ) {
        do {
            let branch = plan.id.branch
            plan.workingTrees = try repository.ownWorkingTrees().filter { isOf(plan.id, $0) }
            plan.references =
                try repository.references(below: "refs/graft/\(plan.id)/")
                + repository.references(below: "refs/heads/\(branch)/")
            let others = try repository.folders(on: branch).filter { !plan.workingTrees.contains($0) }
            if let place = others.first {
                plan.reason = "its branch is checked out in \(place)"
                return
            }
            guard mayLoseChanges(&plan, repository, request) else { return }
            let isNamed = request.sessions != nil
            guard isNamed || request.isOldEnough(plan.lastActivity) else { return }
            try findUnsharedWork(&plan, repository)
            let work = Self.describe(plan)
            guard plan.unsharedCommits.isEmpty || isNamed || request.takesUnsharedWork else {
                plan.reason = "\(work) nowhere else; --all or --session takes it"
                return
            }
            let losses = [work.isEmpty ? "" : "\(work) nowhere else", plan.reason]
            plan.reason = losses.filter { !$0.isEmpty }.joined(separator: ", and ")
            take(&plan)
        } catch {
            plan.reason = "\(error)"
        }
    }

    /// Whether a session's working tree has no changes that are in no commit, or was asked for.
    private func mayLoseChanges(
        _ plan: inout CleanupPlan, _ repository: GitRepository?, _ request: CleaningRequest
    ) -> Bool {
        plan.uncommitted = plan.folder.flatMap {
            LeftTree(session: plan.id, folder: SessionFolder(existing: $0)).placeOfChanges(in: repository)
        }
        guard let place = plan.uncommitted else { return true }
        let isAsked = request.sessions != nil || request.takesUnsharedWork
        let loss =
            repository == nil
            ? "its repository is gone, so that the files in \(place) may be all that is left"
            : "changes in \(place) are in no commit"
        plan.reason = loss + (isAsked ? "" : "; --session takes them")
        return isAsked
    }

    private func findUnsharedWork(_ plan: inout CleanupPlan, _ repository: GitRepository) throws {
        let name = "refs/heads/\(plan.id.branch)"
        guard let tip = plan.references.first(where: { $0.name == name })?.commit else { return }
        var unshared = try repository.unsharedCommits(at: tip)
        guard !unshared.isEmpty else { return }
        let accepted = plan.folder.map { acceptedCommits(in: $0) } ?? [:]
        unshared = try unshared.filter { commit in
            guard let taken = accepted[commit.id] else { return true }
            // An accepted commit that was undone or rewritten since is on no branch.
            return try repository.unsharedCommits(at: taken).contains { $0.id == taken }
        }
        if !unshared.isEmpty, case .branch = try repository.head {
            let notPicked = try repository.commitsNotPicked(from: plan.id.branch)
            unshared = unshared.filter { notPicked.contains($0.id) || accepted[$0.id] != nil }
        }
        let mark = "Graft-Session: \(plan.id)"
        plan.unsharedCommits = unshared
        plan.foreignCommitCount = unshared.count { !$0.message.split(separator: "\n").contains { $0 == mark } }
    }

    /// The commits that a review has accepted, with their commits on the user's branch.
    private func acceptedCommits(in folder: String) -> [CommitID: CommitID] {
        var accepted: [CommitID: CommitID] = [:]
        JournalFile(path: SessionFolder(existing: folder).reviewLog)?.forEachLine { line in
            // A torn or unknown line is skipped.
            if let record = (try? JSON(line)).flatMap(ReviewRecord.init) {
                accepted.merge(record.accepted) { $1 }
            }
            return true
        }
        return accepted
    }

    private func take(_ plan: inout CleanupPlan) {
        plan.action = .remove
        if let folder = plan.folder { plan.bytes = FolderSize(of: folder).bytes }
    }

    private func tidy(_ plan: inout CleanupPlan, hasCrashed: Bool) {
        let leftovers = plan.folder.map { hasCrashed ? Self.leftovers(in: $0) : [] } ?? []
        let places = Set(leftovers.filter(isRealFolder) + plan.workingTrees.filter(isRealFolder))
        guard !places.isEmpty || !plan.workingTrees.isEmpty else { return }
        plan.action = .tidy
        plan.bytes = places.reduce(0) { $0 + FolderSize(of: $1).bytes }
        if plan.reason.isEmpty { plan.reason = "its run was killed" }
    }

    private func interruptedRemoval(of id: SessionID, at path: String) -> CleanupPlan {
        var plan = CleanupPlan(id: id, folder: path, repository: nil, lastActivity: id.time)
        if isRealFolder(path) {
            take(&plan)
            plan.reason = "its removal was interrupted"
        } else {
            plan.reason = "\(path) is a link, or not a folder of yours"
        }
        return plan
    }

    private static func describe(_ plan: CleanupPlan) -> String {
        let count = plan.unsharedCommits.count
        guard count > 0 else { return "" }
        let foreign = plan.foreignCommitCount
        let note = foreign > 0 ? " (\(foreign) not by Graft)" : ""
        return "\(count) \(count == 1 ? "commit" : "commits")\(note) that \(count == 1 ? "is" : "are")"
    }

    /// The sessions of which a repository has references, or registered working trees that are missing.
    private func namesIn(_ repository: GitRepository) -> Set<SessionID> {
        var names: [Substring] = []
        for prefix in ["refs/graft/", "refs/heads/graft/"] {
            // An unreadable repository has nothing to clean.
            for reference in (try? repository.references(below: prefix)) ?? [] {
                names.append(reference.name.dropFirst(prefix.count).prefix { $0 != "/" })
            }
        }
        for root in (try? repository.ownWorkingTrees()) ?? [] where access(root, F_OK) != 0 {
            names += root.split(separator: "/").suffix(2).prefix(1)
        }
        return Set(names.compactMap { SessionID(parsing: String($0)) })
    }

    /// Whether a working tree, which may be missing, is in the session's folder.
    private func isOf(_ id: SessionID, _ tree: String) -> Bool {
        FilePath.resolved(store.root).map { FilePath.rest(of: tree, below: "\($0)/\(id)") != nil } ?? false
    }
}

/// A cache of opened repositories.
private struct OpenRepositories {
    enum Found {
        case open(GitRepository)
        case gone
        case unusable(String)

        var repository: GitRepository? {
            if case .open(let repository) = self { repository } else { nil }
        }
    }

    let environment: [String: String]
    private var found: [BytePath: Found] = [:]

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func open(_ path: String) -> Found {
        if let found = found[BytePath(path)] { return found }
        let result: Found
        do throws(RepositoryError) {
            result = .open(try GitRepository(discovering: path, environment: environment))
        } catch {
            let isGone = error.code == .notARepository || access(path, F_OK) != 0
            result = isGone ? .gone : .unusable(error.description)
        }
        found[BytePath(path)] = result
        return result
    }
}
