import Text

extension String {
    /// The beginning that fits, with an ellipsis if something is left out.
    public func cut(toColumns limit: Int) -> String {
        guard cellWidth > limit else { return self }
        var text = ""
        var room = limit - 1
        for character in self {
            room -= String(character).cellWidth
            if room < 0 { break }
            text.append(character)
        }
        return text + "…"
    }

    /// The end that fits, with an ellipsis if something is left out.
    public func cut(fromStartToColumns limit: Int) -> String {
        cellWidth > limit ? String(String(reversed()).cut(toColumns: limit).reversed()) : self
    }
}
