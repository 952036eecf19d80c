public import OS

/// What the user has answered about servers of files that Graft does not take at its word, by their contents.
///
/// A line an answer in `mcp-trust` of Graft's own folder: `yes` or `no`, the hash of the servers, the file's path. A file
/// that has changed is asked about again.
public struct ServerTrust: Sendable {
    private let path: String
    private static let byteLimit = 1 << 20

    /// Names the folder of everything that Graft keeps.
    public init(root: String) { path = "\(root)/mcp-trust" }

    /// The answer to a file's servers; nil if nobody has been asked.
    public func answer(to source: ServerSource) -> Bool? {
        let wanted = Self.key(source)
        for line in lines.reversed() {
            if line == "yes \(wanted)" { return true }
            if line == "no \(wanted)" { return false }
        }
        return nil
    }

    /// Keeps an answer in place of earlier ones to the same file.
    ///
    /// - Throws: The error of the system.
    public func remember(_ isTrusted: Bool, of source: ServerSource) throws(SystemError) {
        let end = " \(Self.shown(source.path))"
        let kept = lines.filter { !$0.hasSuffix(end) } + ["\(isTrusted ? "yes" : "no") \(Self.key(source))"]
        try FileDraft(path).write(Array((kept.joined(separator: "\n") + "\n").utf8))
    }

    private var lines: [String] {
        // Without the file nothing has been answered.
        guard let bytes = try? FileContent.read(path, limit: Self.byteLimit) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func key(_ source: ServerSource) -> String { "\(source.hash) \(shown(source.path))" }

    /// The path on one line.
    private static func shown(_ path: String) -> String { path.quotedLine }
}
