extension GitRepository {
    /// The editor that git's configuration names (`core.editor`); nil if it names none.
    public var configuredEditor: String? { configured("core.editor") }
}
