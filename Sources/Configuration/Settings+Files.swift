import Glibc

extension Settings {
    /// The user's settings: flags over environment over the user's file.
    ///
    /// - Throws: `ConfigurationError` for a file that cannot be used.
    public static func own(flags: Settings, environment: [String: String]) throws(ConfigurationError) -> Settings {
        try flags.over(Settings(environment: environment)).over(file(environment: environment))
    }

    /// These settings with what a repository fills in, and the built-in values where that is silent, too.
    ///
    /// - Throws: `ConfigurationError` for values of which it is known that no request can be made with them.
    public func completed(by repository: Settings = Settings()) throws(ConfigurationError) -> Settings {
        try over(repository.narrowedToRepository).over(.standard).checked()
    }

    /// The default settings.
    public static var standard: Settings {
        var settings = Settings()
        settings.model = "gpt-5.5"
        settings.effort = "medium"
        settings.verbosity = "medium"
        settings.maxTurns = 100
        settings.maxTime = .seconds(3600)
        settings.commandTimeout = .seconds(600)
        settings.untrackedByteLimit = 8 << 20
        return settings
    }

    /// Reads the user's file, `$XDG_CONFIG_HOME/graft/config.toml`; empty settings if it does not exist.
    ///
    /// - Throws: `.file` for a file that is invalid.
    public static func file(environment: [String: String]) throws(ConfigurationError) -> Settings {
        let path = folder(environment: environment) + "/config.toml"
        guard let bytes = contents(of: path) else { return Settings() }
        return try Settings(toml: bytes, name: path)
    }

    /// The folder of the user's file.
    public static func folder(environment: [String: String]) -> String {
        (environment["XDG_CONFIG_HOME"] ?? (environment["HOME"] ?? "/root") + "/.config") + "/graft"
    }

    private static func contents(of path: String) -> [UInt8]? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
        while case let count = read(file, &buffer, buffer.count), count > 0 { bytes += buffer[..<count] }
        return bytes
    }
}
