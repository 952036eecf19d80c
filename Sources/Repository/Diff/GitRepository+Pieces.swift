import CGit

extension GitRepository {
    /// Makes the tree before with the chosen pieces of a difference.
    ///
    /// All pieces give the tree after, none of them the tree before. Unknown numbers are ignored.
    ///
    /// - Throws: `inTheWay` if the pieces put a file where a folder remains; `library` if an object cannot be written.
    public func tree(taking pieces: Set<Int>, of diff: TreeDiff) throws(RepositoryError) -> TreeID {
        var edits: [TreeEdit] = []
        let all = Dictionary(grouping: diff.pieces, by: \.file)
        for (position, file) in diff.files.enumerated() {
            let own = all[position] ?? []
            let taken = own.filter { pieces.contains($0.id) }
            guard !taken.isEmpty else { continue }
            if taken.count == own.count {
                edits += Self.edits(for: file)
            } else if let old = file.old {
                let hunks = taken.compactMap { $0.hunk.map { file.hunks[$0] } }
                let blob = try writeBlob(Self.replacing(hunks, in: try bytes(of: old)))
                edits.append(TreeEdit(path: old.path, action: .put(blob, mode: old.mode)))
            }
        }
        return TreeID(try TreeEditor(repository: pointer).apply(edits, to: diff.old.oid))
    }

    /// The edits that give a file its state after.
    private static func edits(for file: FileDiff) -> [TreeEdit] {
        var edits: [TreeEdit] = []
        if let old = file.old, old.path != file.new?.path { edits.append(TreeEdit(path: old.path, action: .remove)) }
        if let new = file.new { edits.append(TreeEdit(path: new.path, action: .put(new.oid, mode: new.mode))) }
        return edits
    }

    private func bytes(of entry: TreeEntry) throws(RepositoryError) -> [UInt8] {
        var oid = entry.oid
        var blob: OpaquePointer?
        try check(git_blob_lookup(&blob, pointer, &oid), "read \"\(entry.path)\"")
        defer { git_blob_free(blob) }
        return Array(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
    }

    /// Replaces lines by hunks, which are of this file and in order.
    private static func replacing(_ hunks: [DiffHunk], in bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        var (position, line) = (bytes.startIndex, 1)
        for hunk in hunks {
            // A hunk without old lines is inserted after the line that it names.
            let first = hunk.oldCount == 0 ? hunk.oldStart + 1 : hunk.oldStart
            let start = position
            skip(to: first)
            result += bytes[start..<position]
            skip(to: first + hunk.oldCount)
            for line in hunk.lines where line.kind != .removed { result += line.bytes }
        }
        return result + bytes[position...]

        func skip(to target: Int) {
            while line < target, position < bytes.endIndex {
                position = bytes[position...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.endIndex
                line += 1
            }
        }
    }
}
