/// The policies that come with Graft, embedded at build from the TOML files beside this one.
public enum Profiles {
    /// The text of each by its name.
    public static let texts: [String: String] = [
        "workspace-write": text(PackageResources.workspace_write_toml),
        "read-only": text(PackageResources.read_only_toml),
        "offline": text(PackageResources.offline_toml),
        "network": text(PackageResources.network_toml),
    ]

    private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
