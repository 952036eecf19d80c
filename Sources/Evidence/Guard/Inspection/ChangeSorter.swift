import Repository
import Text

/// Sorts the files of a change into protected ones, new tests and others.
struct ChangeSorter {
    /// What was found.
    struct Sorted {
        /// The files whose protected paths changed.
        var protected: [(change: ProtectedChange, file: FileDiff, isTest: Bool)] = []
        /// The test files that are new.
        var newTests: [FileDiff] = []
        /// The others.
        var others: [FileDiff] = []
    }

    private let repository: GitRepository
    private let rules: ProtectedPaths

    init(_ repository: GitRepository, _ rules: ProtectedPaths) {
        (self.repository, self.rules) = (repository, rules)
    }

    func sort(_ diff: TreeDiff) throws(RepositoryError) -> Sorted {
        var sorted = Sorted()
        let testFolders = Set(
            diff.files.filter { $0.kind == .added && isTest($0.path) }.compactMap { $0.path.parents.last })
        for file in diff.files {
            if let change = try change(file, newTestsIn: testFolders) {
                sorted.protected.append((change, file, isTest(file.oldPath ?? file.path)))
            } else if file.oldPath == nil || file.kind == .renamed, isTest(file.path) {
                sorted.newTests.append(file)
            } else {
                sorted.others.append(file)
            }
        }
        return sorted
    }

    private func isTest(_ path: BytePath) -> Bool {
        guard let reason = rules.protection(of: path)?.reason else { return false }
        return reason == .test || reason == .snapshot
    }

    /// The change of a protected path that a file's difference is; nil if it is none.
    private func change(_ file: FileDiff, newTestsIn folders: Set<BytePath>) throws(RepositoryError) -> ProtectedChange?
    {
        if let oldPath = file.oldPath, let protection = rules.protection(of: oldPath) {
            let isMoved = file.newPath != nil && file.newPath != oldPath
            let kind: ProtectedChange.Kind =
                if file.newPath == nil {
                    .deleted
                } else if isMoved {
                    .renamed
                } else if file.oldMode & 0o170000 != file.newMode & 0o170000 {
                    .type
                } else if file.oldMode != file.newMode, file.hunks.isEmpty, !file.isBinary {
                    .mode
                } else {
                    .modified
                }
            if kind == .modified, try !differs(file, protection) { return nil }
            return ProtectedChange(
                path: file.path, oldPath: isMoved ? oldPath : nil, kind: kind, reason: protection.description)
        }
        guard let newPath = file.newPath else { return nil }
        if file.oldPath == nil, file.newMode & 0o170000 != 0o100000, rules.protectsFolder(newPath) {
            // A link or a submodule stands where a folder with protected files was, or can lead a check elsewhere.
            return ProtectedChange(path: newPath, oldPath: nil, kind: .type, reason: "in the place of protected files")
        }
        guard let protection = rules.protection(of: newPath) else { return nil }
        switch protection.reason {
        case .test: return nil
        case .snapshot:
            // What a new test expects comes with it.
            if newPath.parents.contains(where: folders.contains) { return nil }
        default:
            if protection.parts != nil, try !differs(file, protection) { return nil }
        }
        return ProtectedChange(path: newPath, oldPath: nil, kind: .added, reason: protection.description)
    }

    private func differs(_ file: FileDiff, _ protection: Protection) throws(RepositoryError) -> Bool {
        guard let parts = protection.parts else { return true }
        let old = file.oldPath == file.newPath ? try repository.contents(before: file) : nil
        return parts.differ(old, try repository.contents(after: file))
    }
}
