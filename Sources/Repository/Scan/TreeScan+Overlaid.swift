import CBeneath
import CGit
import Glibc
import OS

extension TreeScan {
    /// Scans only the changes of an overlay.
    ///
    /// The cost is that of the changes, not of the tree. A whiteout or an opaque folder leads to the files of the index
    /// that it may concern; each of them is then looked up in the tree.
    mutating func run(_ layer: OverlaidLayer) throws(RepositoryError) {
        var concerned = Set(layer.committed.compactMap { index.position(of: $0.cString) })
        try descend([], layer.upper, hidesBelow: false, &concerned)
        for position in concerned.sorted() {
            guard let entry = index.entry(position)?.pointee, !entry.isLeftAlone, let name = entry.path else {
                continue
            }
            let path = TreePath(found: Array(UnsafeBufferPointer(start: name, count: strlen(name) + 1)))
            guard let state = try root.state(of: path), state.type == S_IFREG || state.type == S_IFLNK else {
                miss(path)
                continue
            }
            let mode = state.gitMode(besides: entry.mode, isTrusted: trustsMode)
            if !entry.matches(state) || mode != entry.mode { try examine(path.cString, position, entry) }
        }
    }

    /// Scans one folder of the changes; its path ends with a slash, that of the root is empty.
    private mutating func descend(
        _ prefix: [CChar], _ upper: RootedFolder, hidesBelow: Bool, _ concerned: inout Set<Int>
    ) throws(RepositoryError) {
        let descriptor = upper.open(prefix + [0], O_RDONLY | O_DIRECTORY, links: .none)
        let isGone = [ENOENT, ENOTDIR, ELOOP].contains(errno)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, let entries = try? FolderListing.entries(of: descriptor) else {
            if descriptor >= 0 || !isGone { skip(TreePath(found: prefix.dropLast() + [0]), .unreadable) }
            return
        }
        let hidesBelow = hidesBelow || beneath_is_opaque(descriptor) != 0
        if hidesBelow { concerned.formUnion(index.positions(below: prefix)) }
        for entry in entries where entry.name != Self.gitFolder {
            let name = entry.name
            var state = stat()
            // The next scan finds a file that was just deleted.
            _ = fstatat(descriptor, name, &state, AT_SYMLINK_NOFOLLOW)
            let path = prefix + name
            let below = Array(path.dropLast() + [CChar(UInt8(ascii: "/"))])
            let known = index.position(of: path)
            if let known { concerned.insert(known) }
            // Nothing in a submodule, or in its place, is the tree's.
            if let known, index.entry(known)?.pointee.isSubmodule == true { continue }
            switch state.type {
            case S_IFDIR:
                try enter(below, upper, hidesBelow: hidesBelow, &concerned)
            case S_IFREG, S_IFLNK:
                concerned.formUnion(index.positions(below: below))
                if known == nil { _ = try meet(path, type: state.type) }
            default:
                concerned.formUnion(index.positions(below: below))
                // A device with number 0 is a whiteout, and not in the tree.
                if state.type != S_IFCHR || state.st_rdev != 0 { _ = try meet(path, type: state.type) }
            }
        }
    }

    private mutating func enter(
        _ folder: [CChar], _ upper: RootedFolder, hidesBelow: Bool, _ concerned: inout Set<Int>
    ) throws(RepositoryError) {
        let path = TreePath(found: folder.dropLast() + [0])
        if !index.hasFiles(below: folder + [0]) {
            if rules.isIgnored(path, isFolder: true) { return }
            if let reason = Self.obstacle(to: path, S_IFDIR) { return skip(path, reason) }
            if try root.state(of: TreePath(found: folder + Self.gitFolder)) != nil {
                return skip(path, .nestedRepository)
            }
        }
        try descend(folder, upper, hidesBelow: hidesBelow, &concerned)
    }
}

extension CachedIndex {
    /// The positions of the files below a folder, whose path ends with a slash; all for an empty one.
    fileprivate func positions(below folder: [CChar]) -> Range<Int> {
        if folder.isEmpty { return 0..<count }
        var start = 0
        guard git_index_find_prefix(&start, pointer, folder + [0]) == 0 else { return 0..<0 }
        var end = start
        while end < count, let path = entry(end)?.pointee.path, strncmp(path, folder, folder.count) == 0 { end += 1 }
        return start..<end
    }
}
