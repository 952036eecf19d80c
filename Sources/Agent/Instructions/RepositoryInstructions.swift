import Repository
import Text

/// The instructions for agents that a repository holds, as they are in one commit.
///
/// Each folder has at most one file that counts. The files that lead to where the person is are there from the start;
/// those of other folders follow when the model first works below them.
struct RepositoryInstructions: Sendable {
    /// What all files together may take, at the start and later: two such windows.
    private static let roomAtStart = 32 << 10
    private static let roomLater = 32 << 10
    /// So many folders are looked into for the calls of one response.
    private static let mostFolders = 200

    private let repository: GitRepository
    private let commit: CommitID
    private let names: [BytePath]
    private var known: Set<BytePath> = []
    private var room = Self.roomLater
    private var remarks: [String] = []

    /// Reads nothing yet.
    ///
    /// - Parameter names: What the files are called, the one that counts first.
    init(of repository: GitRepository, at commit: CommitID, names: [BytePath]) {
        self.repository = repository
        self.commit = commit
        self.names = names
    }

    /// The files from the root down to a folder. Where there is no room for all, the nearest ones are taken.
    mutating func files(downTo folder: BytePath) -> [InstructionFile] {
        var left = Self.roomAtStart
        var found: [InstructionFile] = []
        for folder in Set(["", folder] + folder.parents).sorted().reversed() {
            if let file = file(in: folder, &left) { found.insert(file, at: 0) }
        }
        return found
    }

    /// The files of the folders that lead to paths, without those that were given before.
    mutating func files(leadingTo paths: [BytePath]) -> [InstructionFile] {
        var folders: [BytePath] = []
        for path in paths {
            for folder in path.parents + [path] where folders.count < Self.mostFolders {
                if known.insert(folder).inserted { folders.append(folder) }
            }
        }
        var left = room
        defer { room = left }
        return folders.compactMap { file(in: $0, &left) }
    }

    /// Takes the file at a path for given.
    mutating func skip(_ path: BytePath) { known.insert(path.parents.last ?? "") }

    /// What was left out since the last call, one sentence each.
    mutating func takeRemarks() -> [String] {
        defer { remarks = [] }
        return remarks
    }

    private mutating func file(in folder: BytePath, _ room: inout Int) -> InstructionFile? {
        known.insert(folder)
        for name in names {
            let path = folder.appending(name)
            do {
                guard let bytes = try repository.contents(followingLinks: path, in: commit) else { continue }
                let file = try InstructionFile(path, bytes, room: room)
                room -= file.text.utf8.count
                if file.isCut {
                    remarks.append(
                        "the model gets \(file.text.utf8.count.spelledAsBytes) of \(path), which has "
                            + file.size.spelledAsBytes)
                }
                return file
            } catch InstructionFile.Trouble.blank {
                continue
            } catch InstructionFile.Trouble.notText {
                remarks.append("\(path) is no UTF-8 text; the model does not get it")
            } catch {
                // A path that git cannot have, such as one out of the tree, holds nothing.
                guard (error as? RepositoryError)?.code != .forbiddenPath else { continue }
                remarks.append("the model does not get \(path): \(error)")
            }
        }
        return nil
    }
}
