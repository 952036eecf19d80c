import Text

extension StringProtocol {
    /// A name as part of a key, quoted if necessary, truncated to 60 characters.
    var shownAsKey: String {
        let isBare = !isEmpty && utf8.allSatisfy(\.isBare)
        let cut = count > 60 ? "\(prefix(60))…" : "\(self)"
        return isBare ? cut : cut.quoted
    }
}
