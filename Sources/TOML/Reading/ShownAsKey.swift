import Text

extension StringProtocol {
    /// A name as it stands in a key, cut if it is very long.
    var shownAsKey: String {
        let isBare = !isEmpty && utf8.allSatisfy(\.isBare)
        let cut = count > 60 ? "\(prefix(60))…" : "\(self)"
        return isBare ? cut : cut.quoted
    }
}
