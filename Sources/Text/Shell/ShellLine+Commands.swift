extension ShellLine {
    /// The words of each of its commands in their order, without quotes and redirections, those in substitutions and
    /// groups too; a word that only a shell can tell is empty.
    public var commandWords: [[String]] {
        commands.map { $0.words.filter { !$0.isRedirection }.map { $0.word.literal ?? "" } }
            + substituted.flatMap { ShellLine($0).commands }.map {
                $0.words.filter { !$0.isRedirection }.map { $0.word.literal ?? "" }
            }
    }

    /// The files that its commands read from or write to by redirection, as far as no shell is needed to tell them.
    public var redirectedFiles: [String] {
        commands.flatMap { $0.words.filter(\.isRedirection).compactMap(\.word.literal) }
    }
}
