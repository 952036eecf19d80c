import Repository
import Text

extension HTMLWriter {
    /// Writes one commit: message, evidence and diff.
    ///
    /// - Parameter session: The session that it is taken from; nil if there is none to take it from.
    mutating func commit(
        _ commit: PageCommit, _ limits: PageLimits, _ budget: inout DiffBudget, session: String? = nil
    ) {
        markup("<article class=commit id=c")
        number(commit.number)
        markup(" tabindex=-1 aria-labelledby=c")
        number(commit.number)
        markup("-h>\n<h3 id=c")
        number(commit.number)
        markup("-h><span class=no>")
        number(commit.number)
        markup("</span> ")
        inline(commit.subject)
        markup("</h3>\n<p class=meta><code>")
        text(commit.id.prefix(10))
        markup("</code> ")
        if let acceptance = commit.acceptance {
            markup("<span class=good>✓ ")
            text(acceptance)
            markup("</span>")
        } else {
            markup("<span>pending</span>")
        }
        let (added, removed) = commit.files.reduce((0, 0)) { ($0.0 + $1.addedLines, $0.1 + $1.removedLines) }
        figures(added: added, removed: removed)
        markup("</p>\n")
        if commit.acceptance == nil, let session { take("graft review accept --session \(session) \(commit.number)") }
        prose(commit.body)
        if !commit.trailers.isEmpty {
            markup("<ul class=trailers>")
            for trailer in commit.trailers {
                markup("<li>")
                text("\(trailer.key): \(trailer.value)")
            }
            markup("</ul>\n")
        }
        for run in commit.runs { self.run(run, limits) }
        if let failure = commit.failure {
            markup("<p class=left>")
            text(failure)
            markup("</p>")
        }
        for (position, file) in commit.files.prefix(limits.files).enumerated() {
            self.file(file, "c\(commit.number)-f\(position + 1)", commit.id, limits, &budget)
        }
        if commit.files.count > limits.files {
            markup("<p class=left>")
            text("\(commit.files.count - limits.files) more files are left out; see: git show \(commit.id.prefix(10))")
            markup("</p>")
        }
        markup("</article>\n")
    }

    /// Writes a command to copy; the page's script shows the button, and without it a click takes the whole command.
    mutating func take(_ command: String) {
        markup("<p class=take><code>")
        text(command)
        markup("</code> <button type=button class=copy hidden>Copy</button></p>\n")
    }

    /// Writes links to the files of a commit.
    mutating func fileList(_ commit: PageCommit, _ limits: PageLimits) {
        guard !commit.files.isEmpty else { return }
        markup("<ul class=files>")
        for (position, file) in commit.files.prefix(limits.files).enumerated() {
            markup("<li><a href=#c")
            number(commit.number)
            markup("-f")
            number(position + 1)
            markup("><span class=kind>")
            text(file.kind.rawValue)
            markup("</span> ")
            text(file.path.text)
            markup("</a>")
            figures(added: file.addedLines, removed: file.removedLines)
        }
        markup("</ul>\n")
    }

    private mutating func file(
        _ file: FileDiff, _ anchor: String, _ commit: String, _ limits: PageLimits, _ budget: inout DiffBudget
    ) {
        let count = file.hunks.reduce(0) { $0 + $1.lines.count }
        let shown = budget.take(count)
        markup("<details class=file id=")
        value(anchor)
        markup(count > limits.openLines || (shown == 0 && count > 0) ? ">" : " open>")
        markup("<summary><span class=kind>")
        text(file.kind.rawValue)
        markup("</span> <span class=path>")
        if file.kind == .renamed, let old = file.oldPath {
            text(old.text)
            markup(" → ")
        }
        text(file.path.text)
        markup("</span>")
        figures(added: file.addedLines, removed: file.removedLines)
        if let note = Self.note(on: file) {
            markup(" <span class=how>")
            text(note)
            markup("</span>")
        }
        markup("</summary>\n")
        if shown > 0 { diff(file.hunks, lines: shown, limits, language: .of(file.path)) }
        if shown < count {
            markup("<p class=left>")
            text("\(count - shown) of \(count) lines are left out; see: git show \(commit.prefix(10)) -- ")
            text(file.path.text)
            markup("</p>")
        } else if count == 0 {
            markup("<p class=dim>")
            text(file.isBinary ? "A binary file." : "No line differs.")
            markup("</p>")
        }
        markup("</details>\n")
    }

    /// Remarks on a file besides its lines: its old name, its modes, whether it is binary.
    private static func note(on file: FileDiff) -> String? {
        var notes: [String] = []
        if file.isBinary { notes.append("binary") }
        if file.newMode == 0o120000 || (file.newMode == 0 && file.oldMode == 0o120000) { notes.append("link") }
        if file.newMode == 0o160000 || file.oldMode == 0o160000 { notes.append("submodule") }
        if file.oldMode != 0, file.newMode != 0, file.oldMode != file.newMode {
            notes.append("mode \(String(file.oldMode, radix: 8)) → \(String(file.newMode, radix: 8))")
        } else if file.oldMode == 0, file.newMode == 0o100755 {
            notes.append("executable")
        }
        return notes.isEmpty ? nil : notes.joined(separator: ", ")
    }

    private mutating func figures(added: Int, removed: Int) {
        guard added + removed > 0 else { return }
        markup(" <span class=figures>")
        if added > 0 {
            markup("<span class=plus>+")
            number(added)
            markup("</span>")
        }
        if removed > 0 {
            markup(added > 0 ? " <span class=minus>−" : "<span class=minus>−")
            number(removed)
            markup("</span>")
        }
        markup("</span>")
    }
}
