/// A piece of a shell line.
enum ShellToken {
    /// A word of a command.
    case word(ShellWord)
    /// Where input comes from or output goes to: a file, another stream, or text. `here` is set for a here-document.
    case redirection(ShellWord, isHere: Bool)
    /// What ends a command and joins the next one.
    case joint(ShellJoint)
    /// Begins or ends a group of commands.
    case open, close
}

/// How a command follows on the one before it.
enum ShellJoint {
    /// One after the other: `;` or a line end.
    case end
    case and, or, pipe, background
}
