import Glibc
import JSON
import OS
import Repository
import Responses
import Session

extension SessionCleaner {
    /// Says what a clean-up would do, session by session, the newest first; changes nothing.
    ///
    /// Sessions of which nothing can be said, such as links and folders of other users, are kept with the reason.
    public func plan(_ request: CleaningRequest) -> [SessionRemains] {
        var repositories = OpenRepositories(environment: environment)
        var plans: [SessionRemains] = []
        let known = store.identifiers()
        let here = request.repository.flatMap { repositories.open($0).repository }
        for id in known where request.sessions?.contains(id) ?? true {
            if request.staysInRepository, !isSession(id, of: here, &repositories) { continue }
            plans.append(plan(id, request, &repositories))
        }
        // Whose they were, is not known any more.
        let isEverywhere = !request.staysInRepository
        for name in FolderListing.names(in: store.root) where isEverywhere && name.hasPrefix(Self.goingPrefix) {
            guard let id = SessionID(parsing: String(name.dropFirst(Self.goingPrefix.count))) else { continue }
            plans.append(interruptedRemoval(of: id, at: "\(store.root)/\(name)"))
        }
        if let here {
            let missing = namesIn(here).subtracting(known).filter { request.sessions?.contains($0) ?? true }
            for id in missing {
                var remains = SessionRemains(
                    id: id, folder: nil, repository: here.workingDirectory, lastActivity: id.time)
                decide(&remains, here, start: nil, request)
                plans.append(remains)
            }
        }
        return plans.sorted { $0.id.rawValue > $1.id.rawValue }
    }

    /// Whether a session is known to be of a repository, in any of its working trees.
    private func isSession(
        _ id: SessionID, of here: GitRepository?, _ repositories: inout OpenRepositories
    ) -> Bool {
        // What cannot be read is no session of anyone's.
        guard let here, let place = (try? store.summary(of: id))?.start?.repository else { return false }
        return repositories.open(place).repository?.commonDirectory == here.commonDirectory
    }

    private func plan(
        _ id: SessionID, _ request: CleaningRequest, _ repositories: inout OpenRepositories
    ) -> SessionRemains {
        let path = "\(store.root)/\(id)"
        var remains = SessionRemains(id: id, folder: path, repository: nil, lastActivity: id.time)
        guard isRealFolder(path), let summary = try? store.summary(of: id) else {
            remains.reason = "\(path) is a link, or not a folder of yours"
            return remains
        }
        // A run that was killed before its journal said where may have worked here.
        let place = summary.start?.repository ?? request.repository
        let found = place.map { repositories.open($0) } ?? .gone
        remains = SessionRemains(
            id: id, folder: path, repository: summary.start?.repository ?? found.repository?.workingDirectory,
            lastActivity: summary.lastActivity)
        guard SessionLock(folder: path) != nil else {  // Given back at once.
            remains.reason = "it is running"
            return remains
        }
        switch found {
        case .unusable(let reason):
            remains.reason = reason
        case .gone:
            let isTaken = request.sessions != nil || request.isOldEnough(remains.lastActivity)
            if isTaken { take(&remains) } else { tidy(&remains, hasCrashed: summary.state == .crashed) }
        case .open(let repository):
            decide(&remains, repository, start: summary.start, request)
            if remains.action == .keep { tidy(&remains, hasCrashed: summary.state == .crashed) }
        }
        return remains
    }

    /// Looks at what the repository has of a session, and at whether it may go.
    private func decide(
        _ remains: inout SessionRemains, _ repository: GitRepository, start: RunStart?, _ request: CleaningRequest
    ) {
        do {
            let branch = remains.id.branch
            remains.workingTrees = try repository.ownWorkingTrees().filter { isOf(remains.id, $0) }
            remains.references =
                try repository.references(below: "refs/graft/\(remains.id)/")
                + repository.references(below: "refs/heads/\(branch)/")
            let others = try repository.folders(on: branch).filter { !remains.workingTrees.contains($0) }
            if let place = others.first {
                remains.reason = "its branch is checked out in \(place)"
                return
            }
            let isNamed = request.sessions != nil
            guard isNamed || request.isOldEnough(remains.lastActivity) else { return }
            try findUnsharedWork(&remains, repository)
            let work = Self.describe(remains)
            guard remains.unsharedCommits.isEmpty || isNamed || request.takesUnsharedWork else {
                remains.reason = "\(work) nowhere else; --all or --session takes it"
                return
            }
            if !work.isEmpty { remains.reason = "\(work) nowhere else" }
            take(&remains)
        } catch {
            remains.reason = "\(error)"
        }
    }

    private func findUnsharedWork(_ remains: inout SessionRemains, _ repository: GitRepository) throws {
        let name = "refs/heads/\(remains.id.branch)"
        guard let tip = remains.references.first(where: { $0.name == name })?.commit else { return }
        var unshared = try repository.unsharedCommits(at: tip)
        guard !unshared.isEmpty else { return }
        let accepted = remains.folder.map { acceptedCommits(in: $0) } ?? [:]
        unshared = try unshared.filter { commit in
            guard let taken = accepted[commit.id] else { return true }
            // What was undone, or rewritten since, is on no branch.
            return try repository.unsharedCommits(at: taken).contains { $0.id == taken }
        }
        if !unshared.isEmpty, case .branch = try repository.head {
            let notPicked = try repository.commitsNotPicked(from: remains.id.branch)
            unshared = unshared.filter { notPicked.contains($0.id) || accepted[$0.id] != nil }
        }
        let mark = "Graft-Session: \(remains.id)"
        remains.unsharedCommits = unshared
        remains.foreignCommitCount = unshared.count { !$0.message.split(separator: "\n").contains { $0 == mark } }
    }

    /// What a review has accepted: the commit of the series, and what became of it on the user's branch.
    private func acceptedCommits(in folder: String) -> [CommitID: CommitID] {
        var accepted: [CommitID: CommitID] = [:]
        JournalFile(path: SessionFolder(existing: folder).reviewLog)?.forEachLine { line in
            // A torn line, and one that is no operation, says nothing.
            if let record = (try? JSON(line)).flatMap(ReviewRecord.init) {
                accepted.merge(record.accepted) { $1 }
            }
            return true
        }
        return accepted
    }

    private func take(_ remains: inout SessionRemains) {
        remains.action = .remove
        if let folder = remains.folder { remains.bytes = FolderSize(of: folder).bytes }
    }

    private func tidy(_ remains: inout SessionRemains, hasCrashed: Bool) {
        let leftovers = remains.folder.map { hasCrashed ? Self.leftovers(in: $0) : [] } ?? []
        let places = Set(leftovers.filter(isRealFolder) + remains.workingTrees.filter(isRealFolder))
        guard !places.isEmpty || !remains.workingTrees.isEmpty else { return }
        remains.action = .tidy
        remains.bytes = places.reduce(0) { $0 + FolderSize(of: $1).bytes }
        if remains.reason.isEmpty { remains.reason = "its run was killed" }
    }

    private func interruptedRemoval(of id: SessionID, at path: String) -> SessionRemains {
        var remains = SessionRemains(id: id, folder: path, repository: nil, lastActivity: id.time)
        if isRealFolder(path) {
            take(&remains)
            remains.reason = "its removal was interrupted"
        } else {
            remains.reason = "\(path) is a link, or not a folder of yours"
        }
        return remains
    }

    private static func describe(_ remains: SessionRemains) -> String {
        let count = remains.unsharedCommits.count
        guard count > 0 else { return "" }
        let foreign = remains.foreignCommitCount
        let note = foreign > 0 ? " (\(foreign) not by Graft)" : ""
        return "\(count) \(count == 1 ? "commit" : "commits")\(note) that \(count == 1 ? "is" : "are")"
    }

    /// The sessions of which a repository has references or registered working trees that are gone.
    private func namesIn(_ repository: GitRepository) -> Set<SessionID> {
        var names: [Substring] = []
        for prefix in ["refs/graft/", "refs/heads/graft/"] {
            // A repository that cannot be read has nothing to clean.
            for reference in (try? repository.references(below: prefix)) ?? [] {
                names.append(reference.name.dropFirst(prefix.count).prefix { $0 != "/" })
            }
        }
        for root in (try? repository.ownWorkingTrees()) ?? [] where access(root, F_OK) != 0 {
            names += root.split(separator: "/").suffix(2).prefix(1)
        }
        return Set(names.compactMap { SessionID(parsing: String($0)) })
    }

    /// Whether a working tree, which may be gone, has its place in the session's folder.
    private func isOf(_ id: SessionID, _ tree: String) -> Bool {
        FilePath.resolved(store.root).map { tree.hasPrefix("\($0)/\(id)/") } ?? false
    }
}

/// The repositories of sessions, each opened once.
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
    private var found: [String: Found] = [:]

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func open(_ path: String) -> Found {
        if let found = found[path] { return found }
        let result: Found
        do throws(RepositoryError) {
            result = .open(try GitRepository(discovering: path, environment: environment))
        } catch {
            let isGone = error.code == .notARepository || access(path, F_OK) != 0
            result = isGone ? .gone : .unusable(error.description)
        }
        found[path] = result
        return result
    }
}
