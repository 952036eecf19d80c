extension FileSummary.Kind {
    /// `A`, `M` or `D`, as git says it.
    public var letter: String {
        switch self {
        case .add: "A"
        case .update: "M"
        case .delete: "D"
        }
    }

    /// What the subject of a commit says of it.
    public var verb: String {
        switch self {
        case .add: "Add"
        case .update: "Update"
        case .delete: "Delete"
        }
    }
}
