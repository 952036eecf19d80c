import Text

extension String {
    /// The text without what a terminal obeys, and cut to so many characters.
    func bounded(_ limit: Int) -> String {
        // Counting all characters of a text of megabytes would take seconds.
        let cut = utf8.count > limit * 16 ? String(decoding: utf8.prefix(limit * 16), as: UTF8.self) : self
        let clean = cut.stripped
        return clean.count > limit ? clean.prefix(limit) + "…" : clean
    }

    /// The text between quotes on one line.
    var quotedLine: String { quoted }
}
