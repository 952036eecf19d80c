/// A hunk and the place it has in a file.
struct Placement {
    let hunk: Hunk
    /// The lines of the form that fits.
    let lines: [HunkLine]
    /// The line of the file at which its first old line stands.
    let start: Int
    /// How many lines of the file it spans.
    let height: Int
    let shift: IndentationShift
    /// Whether it goes to the end of the file, behind whatever else goes there.
    var goesLast = false

    /// The lines of the file from its first change to its last.
    var core: Range<Int> {
        let leading = min(lines.prefix { $0.kind == .context }.count, height)
        let trailing = leading == height ? 0 : lines.reversed().prefix { $0.kind == .context }.count
        return start + leading..<start + height - trailing
    }
}
