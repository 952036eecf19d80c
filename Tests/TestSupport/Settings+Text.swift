public import Configuration

extension Settings {
    /// Reads a configuration file that a test spells out.
    public init(toml text: String, name: String) throws(ConfigurationError) {
        try self.init(toml: Array(text.utf8), name: name)
    }
}
