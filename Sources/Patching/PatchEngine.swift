import Text

/// Applies patches to bytes.
///
/// It reads files of a ``PatchSource`` and writes none: the result is a ``ChangeSet``. A patch is applied
/// whole or not at all, and a hunk is never put in one of several places it could mean.
public enum PatchEngine {
    /// Computes the changes of operations, each of which sees those before it.
    ///
    /// - Parameters:
    ///   - operations: The operations, in order.
    ///   - dialect: The form their diffs came in.
    ///   - source: The tree, of which nothing is written.
    public static func changes(
        _ operations: [FileOperation], dialect: PatchDialect, to source: some PatchSource
    ) throws(PatchError) -> ChangeSet {
        var tree = PatchedTree(source)
        for operation in operations {
            do {
                try tree.apply([try operation.edit(dialect)], dialect: dialect)
            } catch {
                var error = error
                error.path = error.path ?? operation.path
                throw error
            }
        }
        return tree.changes
    }

    /// Applies the diff of one update to the bytes of a file.
    public static func apply(
        diff: String, to original: [UInt8], path: String, dialect: PatchDialect
    ) throws(PatchError) -> [UInt8] {
        let hunks = try DiffParser.hunks(ArraySlice(diff.utf8), path: try PatchPath(BytePath(path)))
        guard !hunks.isEmpty else { throw PatchError.withoutHunks(path) }
        return try apply(hunks, to: original, path: path, dialect: dialect)
    }

    /// Applies hunks to the bytes of a file.
    static func apply(
        _ hunks: [Hunk], to original: [UInt8], path: String, dialect: PatchDialect
    ) throws(PatchError) -> [UInt8] {
        guard !hunks.isEmpty else { return original }
        let source = try HunkText(original, for: hunks, path: path)
        let (file, placements) = try HunkPlacer.place(hunks, in: source.bytes, path: path, dialect: dialect)
        for placement in placements where !placement.hasEffect(in: file) {
            throw PlacementExplanation(placement.hunk, path: path, in: file).withoutEffect()
        }
        var text = PatchedText(file, path: path, dialect: dialect)
        return source.encoded(try text.applying(placements))
    }
}
