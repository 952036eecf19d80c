import Glibc
import OS

/// The browser's program on this machine.
public struct BrowserProgram: Sendable, Equatable {
    /// Its path.
    public let path: String

    /// The names to look for, the one of Debian first.
    private static let names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

    /// Looks for it.
    ///
    /// - Parameter searchPath: The folders of `PATH`.
    /// - Throws: `.unavailable` with a line that says how to install it.
    public init(searchPath: String) throws(BrowserError) {
        for name in Self.names {
            for folder in searchPath.split(separator: ":") where folder.hasPrefix("/") {
                let path = "\(folder)/\(name)"
                guard access(path, X_OK) == 0, FilePath.kind(FilePath.resolved(path) ?? path) != .folder else {
                    continue
                }
                self.path = path
                return
            }
        }
        throw BrowserError(
            .unavailable,
            "the tool computer needs Chromium, and there is none in PATH; install it: apt-get install chromium")
    }
}
