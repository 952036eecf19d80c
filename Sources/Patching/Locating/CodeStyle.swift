/// What the name of a file tells of how its language is written; as much as it takes to find where blocks end.
struct CodeStyle {
    /// `//` begins a comment, else `#` does.
    let hasSlashComments: Bool
    /// `'` encloses a string and not one character.
    let hasQuotedStrings: Bool
    /// A string between quotes may go on in the next line.
    let hasLongStrings: Bool
    /// `` ` `` encloses a string that may go on in the next line.
    let hasBackticks: Bool
    /// `<<WORD` begins a text that goes on to a line with that word.
    let hasHereDocuments: Bool
    /// A call may be followed by a block, so that `name(…) {` defines nothing.
    let hasTrailingBlocks: Bool
    /// Every definition has a word for it, such as `def` or `fn`.
    let namesDefinitions: Bool
    /// Git has rules for the language, and takes indented lines for the headings of hunks, too.
    let hasIndentedHeadings: Bool
    /// A line that ends with a brace begins a rule.
    let isStyleSheet: Bool
    /// A line that ends with a colon names what is indented below it.
    let isOutline: Bool

    init(path: String) {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        let parts = name.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let kind = parts.count > 1 ? String(decoding: parts[parts.count - 1].map { $0 | 0x20 }, as: UTF8.self) : ""
        let hashed = [
            "py", "pyi", "rb", "rake", "sh", "bash", "zsh", "pl", "pm", "yml", "yaml", "r", "ex", "exs", "toml",
        ]
        let scripts = ["js", "jsx", "mjs", "cjs", "ts", "tsx", "mts", "vue", "svelte"]
        hasSlashComments = !hashed.contains(kind)
        hasQuotedStrings =
            hashed.contains(kind) || scripts.contains(kind)
            || ["php", "css", "scss", "less", "dart", "lua"].contains(kind)
        hasLongStrings = ["rs", "rb", "rake", "sh", "bash", "zsh", "pl", "pm", "php", "sql", "r"].contains(kind)
        hasBackticks = scripts.contains(kind) || kind == "go"
        hasHereDocuments = ["rb", "rake", "sh", "bash", "zsh", "pl", "pm", "php", ""].contains(kind)
        hasTrailingBlocks = ["swift", "kt", "kts", "groovy", "gradle", "scala"].contains(kind)
        namesDefinitions = ["py", "pyi", "rs", "rb", "rake", "go", "php", "pl", "pm", "ex", "exs"].contains(kind)
        hasIndentedHeadings =
            namesDefinitions || ["java", "kt", "kts", "cs", "sh", "bash", "m", "mm", "pas"].contains(kind)
        isStyleSheet = ["css", "scss", "less"].contains(kind)
        isOutline = ["yml", "yaml"].contains(kind)
    }
}
