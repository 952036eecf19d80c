import Agent

extension Settings {
    /// Reads a configuration file that a test spells out.
    init(toml text: String, name: String) throws(SettingsError) {
        try self.init(toml: Array(text.utf8), name: name)
    }
}
