public import Repository

/// How clean checkouts are made of the user's own files, for repositories so large that writing them all takes long.
public struct OverlaidCheckouts: Sendable {
    let work: UncommittedWork
    let shown: [String]
    let notice: @Sendable (String) -> Void

    /// Names what is taken away and what is shown.
    ///
    /// - Parameters:
    ///   - work: What was found in the checkout, with what no commit has.
    ///   - shown: The ignored folders that commands see.
    ///   - notice: Is told why a checkout was written all the same.
    public init(work: UncommittedWork, shown: [String], notice: @escaping @Sendable (String) -> Void) {
        self.work = work
        self.shown = shown
        self.notice = notice
    }
}
