import CGit
import Glibc

/// The entries of an index by folder; valid until entries are added or removed.
struct FolderTable {
    /// A folder with files in the index.
    struct Folder {
        /// The path of some file in it.
        let path: UnsafePointer<CChar>
        /// The length of the folder's part of that path, with its slash; 0 for the root.
        let length: Int
        let parent: Int
        /// Its own files, as a range of `files`.
        fileprivate(set) var files = 0..<0
        /// The folders in it, as a range of `children`.
        fileprivate(set) var children = 0..<0

        /// Its path with a slash and a NUL at the end; for the root only the NUL.
        var cString: [CChar] { Array(UnsafeBufferPointer(start: path, count: length)) + [0] }
    }

    /// The entries in the order of the index.
    let entries: [UnsafePointer<git_index_entry>]
    /// The folders, each after its parent; the root first.
    private(set) var folders: [Folder]
    /// Positions of entries, folder by folder, each folder's ordered by name.
    private(set) var files: [Int32]
    /// Positions of folders, parent by parent, each parent's ordered by name with a slash.
    private(set) var children: [Int32]

    init(_ index: CachedIndex) {
        var entries: [UnsafePointer<git_index_entry>] = []
        entries.reserveCapacity(index.count)
        for position in 0..<index.count { if let entry = index.entry(position) { entries.append(entry) } }
        self.entries = entries

        // Files below one folder are adjacent in the index, so that a stack of open folders is enough.
        var folders: [Folder] = []
        var owners = [Int32](repeating: 0, count: entries.count)
        var counts = [0]
        var top = 0
        let nothing = UnsafeRawPointer(("" as StaticString).utf8Start).assumingMemoryBound(to: CChar.self)
        folders.append(Folder(path: nothing, length: 0, parent: 0))
        for (position, entry) in entries.enumerated() {
            guard let path = entry.pointee.path else { continue }
            while strncmp(folders[top].path, path, folders[top].length) != 0 { top = folders[top].parent }
            var start = folders[top].length
            while let slash = strchr(path + start, 0x2F) {
                start = UnsafePointer(slash) - path + 1
                folders.append(Folder(path: path, length: start, parent: top))
                counts.append(0)
                top = folders.count - 1
            }
            owners[position] = Int32(top)
            counts[top] += 1
        }
        files = Self.grouped(owners, into: counts) { folders[$0].files = $1 }
        var childCounts = [Int](repeating: 0, count: folders.count)
        for folder in folders.dropFirst() { childCounts[folder.parent] += 1 }
        let parents = folders.dropFirst().map { Int32($0.parent) }
        children = Self.grouped(parents, into: childCounts) { folders[$0].children = $1 }
        for position in children.indices { children[position] += 1 }
        self.folders = folders
    }

    /// Sorts positions by owner, keeping their order (a counting sort).
    private static func grouped(
        _ owners: [Int32], into counts: [Int], _ note: (Int, Range<Int>) -> Void
    ) -> [Int32] {
        var next = [Int](repeating: 0, count: counts.count)
        var start = 0
        for (owner, count) in counts.enumerated() {
            next[owner] = start
            note(owner, start..<start + count)
            start += count
        }
        var sorted = [Int32](repeating: 0, count: owners.count)
        for (position, owner) in owners.enumerated() {
            sorted[next[Int(owner)]] = Int32(position)
            next[Int(owner)] += 1
        }
        return sorted
    }

    /// The paths of all files of this name, wherever they are.
    func paths(named name: [CChar]) -> [[CChar]] {
        folders.compactMap { folder in
            entry(named: name, in: folder).map { _ in folder.cString.dropLast() + name }
        }
    }

    /// The entry of a file in a folder, by its name.
    func entry(named name: UnsafePointer<CChar>, in folder: Folder) -> UnsafePointer<git_index_entry>? {
        var (low, high) = (folder.files.lowerBound, folder.files.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let entry = entries[Int(files[middle])]
            let order = strcmp(name, entry.pointee.path + folder.length)
            if order == 0 { return entry }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return nil
    }

    /// Whether a folder has a subfolder of this name with files in the index.
    func hasFolder(named name: UnsafePointer<CChar>, in folder: Folder) -> Bool {
        var (low, high) = (folder.children.lowerBound, folder.children.upperBound)
        while low < high {
            let middle = (low + high) / 2
            let child = folders[Int(children[middle])]
            let order = Self.order(name, child.path + folder.length)
            if order == 0 { return true }
            if order < 0 { high = middle } else { low = middle + 1 }
        }
        return false
    }

    /// Compares a name, as if followed by a slash, with one that is.
    private static func order(_ name: UnsafePointer<CChar>, _ other: UnsafePointer<CChar>) -> Int {
        var offset = 0
        while true {
            let byte = name[offset] == 0 ? 0x2F : UInt8(bitPattern: name[offset])
            let (a, b) = (Int(byte), Int(UInt8(bitPattern: other[offset])))
            if a != b || a == 0x2F { return a - b }
            offset += 1
        }
    }
}
