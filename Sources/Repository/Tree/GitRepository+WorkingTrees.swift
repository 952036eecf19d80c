import CGit
import Glibc
import OS

extension GitRepository {
    /// Makes a linked working tree at `path` with a new branch (short name) at `commit`, and opens it.
    ///
    /// The path must be missing or an empty folder; its parent must exist. Fails with `alreadyExists`, and then leaves
    /// nothing behind.
    public func addWorkingTree(at path: String, branch: String, commit: CommitID) throws(RepositoryError) -> WorkingTree
    {
        try addWorkingTree(at: path, reference: "refs/heads/\(branch)", commit: commit)
    }

    /// Makes a linked working tree with a new reference of any kind (full name), and opens it.
    ///
    /// For a reference that is not a branch, HEAD is detached and follows it: git commands refuse a HEAD with another
    /// reference. Conditions are those of `addWorkingTree(at:branch:commit:)`, and it fails like that.
    public func addWorkingTree(
        at path: String, reference: String, commit: CommitID
    ) throws(RepositoryError) -> WorkingTree {
        try createReference(reference, at: commit)
        do throws(RepositoryError) {
            let isBranch = reference.hasPrefix("refs/heads/")
            _ = try link(path, headLine: isBranch ? "ref: \(reference)" : commit.hex, commit)
            return try WorkingTree(linkedAt: path, of: self, reference: isBranch ? nil : reference)
        } catch {
            // It is new; the first error is reported.
            try? deleteReference(reference, at: commit)
            throw error
        }
    }

    /// Makes a clean checkout of a commit in a new folder, for commands; returns its root.
    ///
    /// It is a linked working tree without a branch, so that `git` works inside. Conditions and errors are those
    /// of `addWorkingTree`; `removeWorkingTree` removes it.
    ///
    /// - Throws: `alreadyExists` if the path exists already; otherwise as `addWorkingTree`.
    public func checkOut(_ commit: CommitID, into path: String) throws(RepositoryError) -> String {
        try link(path, headLine: commit.hex, commit).root
    }

    /// Removes a working tree or checkout that Graft has made below `parent`, with its content.
    ///
    /// Fails with `notOurs`, and removes nothing, unless git knows the path as a working tree of this repository,
    /// Graft has marked it as its own, and it lies in that folder. Branches stay.
    public func removeWorkingTree(at path: String, in parent: String) throws(RepositoryError) {
        // An interrupted removal may have removed the .git file, or the whole folder.
        let place = try ownWorkingTree(at: path, needsGitFile: false)
        guard let parent = FilePath.resolved(parent), FilePath.rest(of: place.root, below: parent) != nil else {
            throw RepositoryError(.notOurs, "refused to remove \(path): it is not in \(parent)")
        }
        if access(place.root, F_OK) == 0 { try removeFolder(place.root) }
        try removeFolder(place.administration)
    }

    /// The roots of the working trees and checkouts that Graft has made and not removed; some may be missing.
    ///
    /// - Throws: `system` if a file of git's cannot be read.
    public func ownWorkingTrees() throws(RepositoryError) -> [String] {
        let worktrees = "\(commonDirectory)/worktrees"
        var roots: [String] = []
        for name in FolderListing.names(in: worktrees).sorted()
        where access("\(worktrees)/\(name)/\(Self.mark)", F_OK) == 0 {
            guard let link = try Self.line("\(worktrees)/\(name)/gitdir"), link.hasSuffix("/.git") else { continue }
            roots.append(String(link.dropLast("/.git".count)))
        }
        return roots
    }

    /// The folder of HEAD and index of a working tree that Graft has made.
    ///
    /// - Throws: `notOurs` if it has made none there.
    public func gitDirectory(of path: String) throws(RepositoryError) -> String {
        try ownWorkingTree(at: path, needsGitFile: false).administration
    }

    /// Finds git's folder for a working tree that Graft has made.
    func ownWorkingTree(at path: String, needsGitFile: Bool = true) throws(RepositoryError) -> LinkedPlace {
        let root = FilePath.resolved(path) ?? path
        let worktrees = "\(commonDirectory)/worktrees"
        for name in FolderListing.names(in: worktrees) {
            let administration = "\(worktrees)/\(name)"
            guard try Self.line("\(administration)/gitdir") == "\(root)/.git" else { continue }
            guard access("\(administration)/\(Self.mark)", F_OK) == 0 else {
                throw RepositoryError(.notOurs, "Graft has not made the working tree \(path); refused to touch it")
            }
            let link = try Self.line("\(root)/.git")
            guard link == "gitdir: \(administration)" || (link == nil && !needsGitFile) else {
                throw RepositoryError(.notOurs, "the .git file of \(path) has been changed; refused to touch it")
            }
            return LinkedPlace(root: root, administration: administration)
        }
        throw RepositoryError(.notOurs, "\(path) is not a working tree of \(workingDirectory)")
    }

    /// The name of the file in git's folder for a working tree that marks it as made by Graft.
    static let mark = "graft"

    /// Writes the files of `git worktree add` (gitrepository-layout(5)) in a tenth of its time, and checks out.
    @discardableResult
    func link(_ path: String, headLine: String, _ commit: CommitID) throws(RepositoryError) -> LinkedPlace {
        try register(path, headLine: headLine) { place throws(RepositoryError) in
            try place.writeGitFile(in: place.root)
            try Checkout(repository: self, place: place).run(commit)
        }
    }

    /// Makes a folder and git's folder for it, and calls the closure to fill them; removes both after a failure.
    func register(
        _ path: String, headLine: String, filling: (LinkedPlace) throws(RepositoryError) -> Void
    ) throws(RepositoryError) -> LinkedPlace {
        guard rmdir(path) == 0 || errno == ENOENT else {
            throw RepositoryError(
                .alreadyExists, "could not make a working tree at \(path): there is something already")
        }
        guard mkdir(path, 0o777) == 0, let root = FilePath.resolved(path) else {
            throw systemError("make the folder \(path)")
        }
        var administration = ""
        do throws(RepositoryError) {
            administration = try makeAdministration(named: root.split(separator: "/").last.map(String.init) ?? "graft")
            // "locked" keeps `git worktree prune` away until everything is written.
            try Self.write(Array("being made by graft\n".utf8), to: "\(administration)/locked")
            try Self.write([], to: "\(administration)/\(Self.mark)")
            try Self.write(Array("../..\n".utf8), to: "\(administration)/commondir")
            try Self.write(Array("\(root)/.git\n".utf8), to: "\(administration)/gitdir")
            try Self.write(Array("\(headLine)\n".utf8), to: "\(administration)/HEAD")
            let place = LinkedPlace(root: root, administration: administration)
            try filling(place)
            unlink("\(administration)/locked")
            return place
        } catch {
            // The folders are new, with only Graft's files; the first error is reported.
            try? removeFolder(root)
            if !administration.isEmpty { try? removeFolder(administration) }
            throw error
        }
    }

    private func makeAdministration(named name: String) throws(RepositoryError) -> String {
        let worktrees = "\(commonDirectory)/worktrees"
        guard mkdir(worktrees, 0o777) == 0 || errno == EEXIST else { throw systemError("make the folder \(worktrees)") }
        for number in 0..<10_000 {
            let administration = "\(worktrees)/\(name)\(number == 0 ? "" : String(number))"
            if mkdir(administration, 0o777) == 0 { return administration }
            guard errno == EEXIST else { throw systemError("make the folder \(administration)") }
        }
        throw RepositoryError(
            .alreadyExists, "could not find a free name for \(name) in \(worktrees)",
            nextStep: "run: git worktree prune")
    }

    private static func line(_ path: String) throws(RepositoryError) -> String? {
        try file(path).map { String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self) }
    }
}
