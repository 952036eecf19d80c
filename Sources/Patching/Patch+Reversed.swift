extension Patch {
    /// The patch that takes this one back.
    ///
    /// - Throws: `.badFormat` for what the patch alone does not tell: what stood in a file that it deletes without
    ///   showing it, and where lines go back that it removes without showing lines around them.
    public func reversed() throws(PatchError) -> Patch {
        var reversed: [[FileEdit]] = []
        for group in groups.reversed() {
            var edits: [FileEdit] = []
            for edit in group.reversed() { edits.append(try edit.reversed()) }
            // In a unified diff two files may change places, and a file may be added where another moved away from.
            let first = form == .unified ? edits.filter(\.isDeletion) : []
            reversed.append(first + (form == .unified ? edits.filter { !$0.isDeletion } : edits))
        }
        return Patch(form: form, groups: reversed)
    }
}

extension FileEdit {
    fileprivate var isDeletion: Bool {
        if case .delete = action { return true }
        return false
    }

    fileprivate func reversed() throws(PatchError) -> FileEdit {
        func refusal(_ reason: String, _ hunk: Hunk? = nil) -> PatchError {
            PatchError(.badFormat, "\(path): \(reason)", path: path.description, patchLine: hunk?.patchLine)
        }
        switch action {
        case .create(let contents):
            return FileEdit(path: path, action: .delete(contents.isEmpty ? [] : [Hunk(removing: contents)]))
        case .delete(nil):
            throw refusal(
                """
                the patch deletes the file without showing its lines, so it cannot be made again from the patch. \
                Restore it from a commit.
                """)
        case .delete(let hunks?):
            guard oldMode != .link else {
                throw refusal("taking the patch back makes a symbolic link; use 'ln -s' for that.")
            }
            return FileEdit(path: path, action: .create(hunks.flatMap(\.removedBytes)), mode: oldMode)
        case .update(let hunks):
            if isCopy {
                throw refusal("the patch copies the file to \(destination ?? path); delete that with a command.")
            }
            let gone = hunks.flatMap { $0.lines.filter { $0.kind == .removed } }
            var reversed: [Hunk] = []
            for hunk in hunks {
                let other = hunk.reversed(without: gone)
                if other.isPureInsertion, !other.isUnified, other.hint == nil, !other.endsFile {
                    throw refusal(
                        """
                        hunk \(hunk.number) (line \(hunk.patchLine) of the patch) removes lines and shows none around \
                        them, so nothing tells where they go back.
                        """, hunk)
                }
                reversed.append(other)
            }
            return FileEdit(
                path: destination ?? path, action: .update(reversed), destination: destination == nil ? nil : path,
                mode: mode == nil ? nil : oldMode)
        }
    }
}

extension Hunk {
    /// The hunk that removes all of a file.
    fileprivate init(removing contents: [UInt8]) {
        self.init(number: 1, patchLine: 1)
        let body = DiffLine.split(contents[...])
        hint = LineHint(start: 1, count: body.count, newStart: 0, newCount: 0)
        lines = body.map { HunkLine(kind: .removed, text: $0.text, ending: $0.ending) }
        (isUnified, isBytes, isInPatch) = (true, true, true)
    }

    /// What the removed lines were in the file.
    fileprivate var removedBytes: [UInt8] {
        lines.filter { $0.kind == .removed }.flatMap { $0.text + ($0.ending ?? (hasCRLF ? .crlf : .lf)).bytes }
    }

    /// The hunk that makes old lines of the new ones.
    ///
    /// - Parameter gone: The lines that the patch removes from the file, which anchor nothing in what it has made.
    fileprivate func reversed(without gone: [HunkLine]) -> Hunk {
        var hunk = self
        hunk.lines = []
        var change: [HunkLine] = []
        func flush() {
            hunk.lines += change.filter { $0.kind == .removed } + change.filter { $0.kind == .added }
            change = []
        }
        for line in lines {
            if line.kind == .context {
                flush()
                hunk.lines.append(line)
            } else {
                let kind: HunkLine.Kind = line.kind == .added ? .removed : .added
                change.append(HunkLine(kind: kind, text: line.text, ending: line.ending))
            }
        }
        flush()
        hunk.anchors.removeAll { anchor in gone.contains { $0.text.trimmed.elementsEqual(anchor.trimmed) } }
        hunk.hint = hint.flatMap { hint in
            hint.newStart.map {
                LineHint(start: $0, count: hint.newCount, newStart: hint.start, newCount: hint.count)
            }
        }
        // Lines that were added without context stand at the end.
        if isPureInsertion, !isUnified, anchors.isEmpty, hint == nil { hunk.endsFile = true }
        if hunk.lines.contains(where: { $0.kind != .removed && $0.ending == LineEnding.none }) {
            hunk.finalNewline = false
        } else {
            hunk.finalNewline = hunk.lines.contains { $0.ending == LineEnding.none } ? true : nil
        }
        return hunk
    }
}
