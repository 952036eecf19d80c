import Terminal

/// What the keys mean.
enum HelpPage {
    /// Where the meanings begin.
    static let keyColumns = 11
    static let lines: [StyledLine] =
        section(
            "The commit on the screen",
            [
                ("a", "accept: put it on your branch and into your files"), ("d", "drop it from the series"),
                ("e", "edit its message in your editor"), ("s", "split: choose hunks for a commit of their own"),
                ("m", "squash it into the commit before"), ("v", "verify: run the session's command at it"),
                ("o", "open the file on the screen in your editor"), ("u", "undo the last step, whichever it was"),
            ]) + [""]
        + section(
            "Moving",
            [
                ("space b", "a page down, up"), ("j k", "a line down, up"), ("g G", "to the top, to the end"),
                ("n p", "the next commit, the one before"), ("l", "the list of commits; enter opens one"),
                ("q", "leave; graft review goes on where you were"), ("^L", "draw the screen again"),
            ]) + [""]
        + section(
            "Splitting",
            [
                ("y n", "take the hunk, leave it"), ("a d", "take all the rest, leave the rest"),
                ("p", "back to the hunk before"), ("q", "split nothing"),
            ])

    private static func section(_ title: String, _ keys: [(String, String)]) -> [StyledLine] {
        [StyledLine(title, .strong)]
            + keys.map { key, meaning in
                var line = StyledLine("  " + key, .place).padded(to: keyColumns)
                line.append(meaning)
                return line
            }
    }
}
