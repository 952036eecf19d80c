import OS

extension String {
    /// A path as a person writes it, with `~` for the home folder.
    func shortened(from home: String?) -> String {
        guard let home, !home.isEmpty, let rest = FilePath.rest(of: self, below: home) else { return self }
        return "~" + rest
    }
}
