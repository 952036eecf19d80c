import CBeneath
import Glibc
import OS
public import Text

/// Finds what commands have changed in a submodule of a session's tree: no commit can take it.
final class SubmoduleWatch {
    /// Its folder, relative to the root of the tree.
    private let path: TreePath
    /// Where its changes lie: the upper folder of an overlay, or the tree if nothing is shown there.
    private let layer: RootedFolder
    /// Its folder in the layer, without a slash at the end; empty for the layer itself.
    private let place: [CChar]
    /// The submodule as it is shown; nil if nothing is.
    private let content: SubmoduleContent?
    /// The files that were in the layer before.
    private var known: [TreePath: FileMark] = [:]
    /// What the layer took away before.
    private var goneBefore: Set<TreePath> = []

    /// More than anybody reads.
    private static let limit = 200

    private init(
        _ submodule: Submodule, layer: RootedFolder, isWholeLayer: Bool, content: SubmoduleContent?
    ) {
        path = TreePath(found: submodule.path.cString)
        (self.layer, self.content) = (layer, content)
        place = isWholeLayer ? [] : Array(path.cString.dropLast())
        accept()
    }

    /// Watches the changes of an overlay of the submodule alone.
    convenience init(_ submodule: Submodule, shownWith upper: String) throws(RepositoryError) {
        self.init(submodule, layer: try RootedFolder(upper), isWholeLayer: true, content: submodule.content)
    }

    /// Watches the changes of an overlay of the whole checkout.
    convenience init(_ submodule: Submodule, in overlaid: OverlaidLayer) {
        self.init(submodule, layer: overlaid.upper, isWholeLayer: false, content: submodule.content)
    }

    /// Watches an empty folder of a tree that is written out.
    convenience init(_ submodule: Submodule, emptyIn tree: RootedFolder) {
        self.init(submodule, layer: tree, isWholeLayer: false, content: nil)
    }

    /// Takes what has changed until now for what was there before.
    func accept() {
        var walk = Walk(watch: self, isFirst: true)
        walk.descend([])
        (known, goneBefore) = (walk.marks, walk.gone)
    }

    /// What has changed, as git would tell of it; a part if there is more than anybody reads.
    func changes() -> [SkippedFile] {
        var walk = Walk(watch: self, isFirst: false)
        walk.start()
        return walk.found.map { inner in
            let whole = inner.map(path.appending) ?? path
            return SkippedFile(path: whole.path, reason: .inSubmodule(path.path))
        }
    }

    private struct Walk {
        let watch: SubmoduleWatch
        /// Whether nothing is compared and all is kept in mind.
        let isFirst: Bool
        var marks: [TreePath: FileMark] = [:]
        var gone: Set<TreePath> = []
        /// Paths in the submodule; nil for its folder itself.
        var found: [TreePath?] = []

        mutating func start() {
            if !watch.place.isEmpty, let state = state(of: TreePath(found: watch.place + [0])),
                state.type != S_IFDIR
            {
                found.append(nil)
                return
            }
            descend([])
            for path in watch.known.keys.sorted(by: { $0.path < $1.path })
            where found.count < SubmoduleWatch.limit && state(of: whole(path)) == nil && isTold(path, isFolder: false) {
                found.append(path)
            }
        }

        private func state(of path: TreePath) -> stat? {
            // What cannot be looked at is not there.
            (try? watch.layer.state(of: path)) ?? nil
        }

        /// Looks at a folder; its path in the submodule ends with a slash, that of the submodule itself is empty.
        mutating func descend(_ prefix: [CChar]) {
            let slash = CChar(UInt8(ascii: "/"))
            let start = watch.place.isEmpty ? [] : watch.place + [slash]
            let descriptor = watch.layer.open(start + prefix + [0], O_RDONLY | O_DIRECTORY, links: .none)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            // The next look finds what cannot be listed now.
            let entries = (try? FolderListing.entries(of: descriptor)) ?? []
            let folder = TreePath(found: prefix.dropLast() + [0])
            if !isFirst, !prefix.isEmpty, beneath_is_opaque(descriptor) != 0, below(folder) != nil {
                found.append(folder)
            }
            for entry in entries.sorted(by: { $0.name.lexicographicallyPrecedes($1.name) })
            where isFirst || found.count < SubmoduleWatch.limit {
                let path = TreePath(found: prefix + entry.name)
                var state = stat()
                guard fstatat(descriptor, entry.name, &state, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
                if state.type == S_IFDIR {
                    let inside = path.cString.dropLast() + [slash]
                    if isFirst || isTold(path, isFolder: true) { descend(Array(inside)) }
                } else if isFirst {
                    if state.isWhiteout { gone.insert(path) } else { marks[path] = FileMark(state) }
                } else if isChanged(path, state), isTold(path, isFolder: false) {
                    found.append(path)
                }
            }
        }

        /// Whether git would tell of a change at a path.
        private func isTold(_ path: TreePath, isFolder: Bool) -> Bool {
            guard let content = watch.content else { return true }
            if content.index.position(of: path.cString) != nil { return true }
            let below = path.cString.dropLast() + [CChar(UInt8(ascii: "/")), 0]
            return content.index.hasFiles(below: Array(below)) || !content.rules.isIgnored(path, isFolder: isFolder)
        }

        private mutating func isChanged(_ path: TreePath, _ state: stat) -> Bool {
            if watch.known[path] == FileMark(state) { return false }
            if state.isWhiteout {
                return watch.known[path] != nil || !watch.goneBefore.contains(path) && below(path) != nil
            }
            guard state.type == S_IFREG, watch.known[path] == nil, !watch.goneBefore.contains(path),
                let old = below(path), old.type == S_IFREG, old.gitMode == state.gitMode,
                old.st_size == state.st_size, let content = watch.content,
                let new = try? watch.layer.stored(at: whole(path)), let bytes = try? content.folder.stored(at: path)
            else { return true }
            // It was opened for writing, and is what it was.
            guard new == bytes else { return true }
            watch.known[path] = FileMark(state)
            return false
        }

        private func whole(_ path: TreePath) -> TreePath {
            watch.place.isEmpty ? path : TreePath(found: watch.place + [0]).appending(path)
        }

        /// The state of what the user has at a path.
        private func below(_ path: TreePath) -> stat? { (try? watch.content?.folder.state(of: path)) ?? nil }
    }
}

extension stat {
    /// Whether it takes away what is below it (a device with number 0).
    fileprivate var isWhiteout: Bool { type == S_IFCHR && st_rdev == 0 }
}

extension WorkingTree {
    /// Finds in later scans what commands change in submodules, as what cannot be committed.
    ///
    /// - Parameters:
    ///   - submodules: All that the tree has.
    ///   - layers: The changes of those that are shown by an overlay of their own, by path.
    /// - Throws: `system` if the changes cannot be looked at.
    public func watch(_ submodules: [Submodule], layers: [BytePath: String]) throws(RepositoryError) {
        watches = try submodules.map { submodule throws(RepositoryError) in
            if let overlaid { return SubmoduleWatch(submodule, in: overlaid) }
            if let upper = layers[submodule.path] { return try SubmoduleWatch(submodule, shownWith: upper) }
            return SubmoduleWatch(submodule, emptyIn: folder)
        }
    }
}
