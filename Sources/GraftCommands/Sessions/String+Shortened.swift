extension String {
    /// A path as a person writes it, with `~` for the home folder.
    func shortened(from home: String?) -> String {
        guard let home, !home.isEmpty, hasPrefix(home + "/") else { return self }
        return "~" + dropFirst(home.count)
    }
}
