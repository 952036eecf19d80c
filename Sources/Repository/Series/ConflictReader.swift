import CGit
import Glibc
import Text

/// Reads the conflicts of a merge in memory, with the hunks of each file.
struct ConflictReader {
    let repository: GitRepository
    /// The length of the conflict markers; no written text has such a line.
    private static let markerSize = 61

    /// The conflicts of an index that git_merge_trees has made, ordered by path.
    func conflicts(in index: OpaquePointer) throws(RepositoryError) -> [FileConflict] {
        var made: OpaquePointer?
        try check(git_index_conflict_iterator_new(&made, index), "list the conflicts")
        let iterator = try unwrap(made, "iterator")
        defer { git_index_conflict_iterator_free(iterator) }
        var files: [FileConflict] = []
        var (base, ours, theirs): (Entry?, Entry?, Entry?)
        while git_index_conflict_next(&base, &ours, &theirs, iterator) == 0 {
            files.append(try conflict(base, ours, theirs))
        }
        return files
    }

    private typealias Entry = UnsafePointer<git_index_entry>

    private func conflict(_ base: Entry?, _ ours: Entry?, _ theirs: Entry?) throws(RepositoryError) -> FileConflict {
        let name = (ours ?? theirs ?? base)?.pointee.path.map { BytePath(cString: $0) } ?? ""
        guard let ours else { return FileConflict(path: name, kind: .missing, hunks: []) }
        guard let theirs else { return FileConflict(path: name, kind: .deleted, hunks: []) }
        let hunks = try self.hunks(base, ours, theirs)
        let kind: FileConflict.Kind = base == nil ? .bothAdded : hunks.isEmpty ? .binary : .content
        return FileConflict(path: name, kind: kind, hunks: hunks)
    }

    /// Merges a file with conflict markers and reads them (git_merge_file_from_index); empty for a file that cannot be
    /// merged by lines.
    private func hunks(_ base: Entry?, _ ours: Entry, _ theirs: Entry) throws(RepositoryError) -> [ConflictHunk] {
        var options = git_merge_file_options()
        git_merge_file_options_init(&options, UInt32(GIT_MERGE_FILE_OPTIONS_VERSION))
        options.flags = GIT_MERGE_FILE_STYLE_DIFF3.rawValue
        options.marker_size = UInt16(Self.markerSize)
        var merged = git_merge_file_result()
        guard git_merge_file_from_index(&merged, repository.pointer, base, ours, theirs, &options) == 0 else {
            return []
        }
        defer { git_merge_file_result_free(&merged) }
        guard let start = merged.ptr else { return [] }
        var marked = MarkedText(Array(UnsafeRawBufferPointer(start: start, count: merged.len)), Self.markerSize)
        guard !marked.hunks.isEmpty else { return [] }
        marked.place(
            ours: try bytes(ours.pointee.id),
            base: try base.map { e throws(RepositoryError) in try bytes(e.pointee.id) }
                ?? [], theirs: try bytes(theirs.pointee.id))
        return marked.hunks
    }

    private func bytes(_ id: git_oid) throws(RepositoryError) -> [UInt8] {
        var id = id
        var blob: OpaquePointer?
        try check(git_blob_lookup(&blob, repository.pointer, &id), "read a file in conflict")
        defer { git_blob_free(blob) }
        return Array(UnsafeRawBufferPointer(start: git_blob_rawcontent(blob), count: Int(git_blob_rawsize(blob))))
    }
}

/// A merged text with conflict markers, and the texts with either side chosen everywhere.
private struct MarkedText {
    private(set) var hunks: [ConflictHunk] = []
    private var ours: [UInt8] = []
    private var base: [UInt8] = []
    private var theirs: [UInt8] = []

    private enum Place { case outside, ours, base, theirs }

    init(_ text: [UInt8], _ markerSize: Int) {
        var place = Place.outside
        var (our, their, old): ([String], [String], [String]) = ([], [], [])
        var (ourLine, theirLine, oldLine) = (1, 1, 1)
        var start = (1, 1, 1)
        for line in text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            let bytes = Array(line) + [UInt8(ascii: "\n")]
            let sign = line.prefix(markerSize)
            let mark = sign.count == markerSize && sign.allSatisfy { $0 == line.first } ? line.first : nil
            switch (mark, place) {
            case (UInt8(ascii: "<"), .outside):
                (place, our, their, old, start) = (.ours, [], [], [], (ourLine, theirLine, oldLine))
            case (UInt8(ascii: "|"), .ours): place = .base
            case (UInt8(ascii: "="), .base), (UInt8(ascii: "="), .ours): place = .theirs
            case (UInt8(ascii: ">"), .theirs):
                place = .outside
                hunks.append(
                    ConflictHunk(
                        ours: .init(line: start.0, lines: our), base: .init(line: start.2, lines: old),
                        theirs: .init(line: start.1, lines: their)))
            default:
                let readable = String(decoding: line.last == UInt8(ascii: "\r") ? line.dropLast() : line, as: UTF8.self)
                if place == .ours || place == .outside {
                    ours += bytes
                    ourLine += 1
                }
                if place == .theirs || place == .outside {
                    theirs += bytes
                    theirLine += 1
                }
                if place == .base || place == .outside {
                    base += bytes
                    oldLine += 1
                }
                switch place {
                case .ours: our.append(readable)
                case .theirs: their.append(readable)
                case .base: old.append(readable)
                case .outside: break
                }
            }
        }
    }

    /// Converts the line numbers of the merged text to those of the three files.
    mutating func place(ours: [UInt8], base: [UInt8], theirs: [UInt8]) {
        let maps = (
            LineMap(from: self.ours, to: ours), LineMap(from: self.base, to: base),
            LineMap(from: self.theirs, to: theirs)
        )
        hunks = hunks.map {
            ConflictHunk(
                ours: .init(line: maps.0[$0.ours.line], lines: $0.ours.lines),
                base: .init(line: maps.1[$0.base.line], lines: $0.base.lines),
                theirs: .init(line: maps.2[$0.theirs.line], lines: $0.theirs.lines))
        }
    }
}

/// Maps the lines of one text to another, by their difference (git_patch_from_buffers).
private struct LineMap {
    /// The numbers to add from each line on.
    private var shifts: [(line: Int, by: Int)] = []

    init(from old: [UInt8], to new: [UInt8]) {
        var options = git_diff_options()
        git_diff_options_init(&options, UInt32(GIT_DIFF_OPTIONS_VERSION))
        options.context_lines = 0
        options.flags = GIT_DIFF_FORCE_TEXT.rawValue
        var patch: OpaquePointer?
        guard git_patch_from_buffers(&patch, old, old.count, nil, new, new.count, nil, &options) == 0 else { return }
        defer { git_patch_free(patch) }
        var shift = 0
        for position in 0..<git_patch_num_hunks(patch) {
            var found: UnsafePointer<git_diff_hunk>?
            guard git_patch_get_hunk(&found, nil, patch, position) == 0, let hunk = found?.pointee else { continue }
            shift += Int(hunk.new_lines) - Int(hunk.old_lines)
            let first = Int(hunk.old_start) + (hunk.old_lines == 0 ? 1 : Int(hunk.old_lines))
            shifts.append((first, shift))
        }
    }

    subscript(line: Int) -> Int {
        line + (shifts.last { $0.line <= line }?.by ?? 0)
    }
}
