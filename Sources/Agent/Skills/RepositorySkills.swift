import OS
import Repository
import Text

/// The skills that a repository holds, as they are in one commit.
struct RepositorySkills {
    /// Where they lie in each folder, those that count first.
    private static let places: [BytePath] = [".agents/skills", ".graft/skills", ".codex/skills", ".claude/skills"]

    private let repository: GitRepository
    private let commit: CommitID
    /// Where commands see the tree.
    private let root: String
    private var visited: Set<BytePath> = []
    private var found = FoundSkills()
    /// The place that is being looked into.
    private var place: BytePath = ""

    /// Looks for the skills of a folder and of those above it, the nearest ones first.
    ///
    /// - Parameters:
    ///   - folder: Where the person is, below the root of the tree.
    ///   - root: Where commands see the tree.
    static func find(
        in repository: GitRepository, at commit: CommitID, downTo folder: BytePath, root: String
    ) -> FoundSkills {
        var search = RepositorySkills(repository: repository, commit: commit, root: root)
        for folder in Set(["", folder] + folder.parents).sorted().reversed() {
            for place in places { search.look(in: folder.appending(place)) }
        }
        return search.found
    }

    private init(repository: GitRepository, commit: CommitID, root: String) {
        (self.repository, self.commit, self.root) = (repository, commit, root)
    }

    private mutating func look(in place: BytePath) {
        self.place = place
        do throws(RepositoryError) {
            // One place may be a link to another.
            guard let folder = try repository.place(followingLinks: place, in: commit), visited.insert(folder).inserted
            else { return }
            for entry in try repository.entries(of: folder, in: commit) ?? [] {
                try visit(folder.appending(entry.name), entry, depth: 1)
            }
        } catch {
            // A path that git cannot have holds nothing.
            guard error.code != .forbiddenPath else { return }
            found.unused.append(UnusedSkill(folder: place.description, reason: "\(error)"))
        }
    }

    private mutating func visit(_ path: BytePath, _ entry: CommittedEntry, depth: Int) throws(RepositoryError) {
        guard entry.kind == .folder || entry.kind == .link else { return }
        guard visited.count < Skill.mostFolders else { return found.stop(in: place.description) }
        guard let folder = try repository.place(followingLinks: path, in: commit) else {
            found.unused.append(
                UnusedSkill(folder: path.description, reason: "it is a link that leads to nothing in the repository"))
            return
        }
        guard visited.insert(folder).inserted, let entries = try repository.entries(of: folder, in: commit) else {
            return
        }
        for name in Skill.fileNames {
            guard let file = entries.first(where: { $0.name == BytePath(name) }) else { continue }
            return try add(folder, named: path.name, file: name, isLink: file.kind == .link, shown: path)
        }
        guard depth < Skill.deepest else { return }
        for entry in entries { try visit(folder.appending(entry.name), entry, depth: depth + 1) }
    }

    private mutating func add(
        _ folder: BytePath, named name: BytePath, file: String, isLink: Bool, shown: BytePath
    ) throws(RepositoryError) {
        let path = folder.appending(BytePath(file))
        let place = isLink ? try repository.place(followingLinks: path, in: commit) : path
        guard let place, place.isBelow(folder), let bytes = try repository.contents(of: place, in: commit),
            let folderText = String(validating: folder.bytes, as: UTF8.self)
        else {
            found.unused.append(
                UnusedSkill(
                    folder: shown.description,
                    reason: isLink ? "its \(file) is a link that leads out of its folder" : "its name is no text"))
            return
        }
        let settings = folder.appending(BytePath(Skill.settings))
        let settingsPlace = try repository.place(followingLinks: settings, in: commit).flatMap {
            $0.isBelow(folder) ? $0 : nil
        }
        // What is a folder there says nothing.
        let said = settingsPlace.flatMap { try? repository.contents(of: $0, in: commit) }
        found.add(
            bytes, name: name.text, folder: "\(root)/\(folderText)", file: file, shown: shown.description,
            origin: .repository(folder: folder), settings: said)
    }
}
