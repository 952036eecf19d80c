extension GitRepository {
    /// The editor in git's configuration (`core.editor`); nil if it is not set.
    public var configuredEditor: String? { configured("core.editor") }
}
