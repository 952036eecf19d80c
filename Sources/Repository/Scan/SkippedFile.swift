/// A file that a scan found but left where it is.
public struct SkippedFile: Sendable, Hashable, CustomStringConvertible {
    /// Why it was left out.
    public enum Reason: Sendable, Hashable, CustomStringConvertible {
        /// It is untracked and larger than the limit.
        case tooLarge(bytes: Int64, limit: Int64)
        /// It is the folder of another repository.
        case nestedRepository
        /// The system did not let us read it.
        case unreadable

        /// The reason in words.
        public var description: String {
            switch self {
            case .tooLarge(let bytes, let limit): "\(Self.size(bytes)), above the limit of \(Self.size(limit))"
            case .nestedRepository: "a repository of its own"
            case .unreadable: "cannot be read"
            }
        }

        /// A size in the largest unit that it fills, cut to tenths: "12 MB", "8.4 MB"; 1 MB is 1,048,576 bytes.
        private static func size(_ bytes: Int64) -> String {
            let units: [(name: String, bytes: Int64)] = [("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)]
            guard let unit = units.first(where: { bytes >= $0.bytes }) else { return "\(bytes) bytes" }
            let tenths = bytes / unit.bytes * 10 + bytes % unit.bytes * 10 / unit.bytes
            return tenths % 10 == 0 ? "\(tenths / 10) \(unit.name)" : "\(tenths / 10).\(tenths % 10) \(unit.name)"
        }
    }

    /// The path, relative to the root of the tree.
    public let path: String
    /// Why it was left out.
    public let reason: Reason

    /// Path and reason: `data.bin (12 MB, above the limit of 8 MB)`.
    public var description: String { "\(path) (\(reason))" }
}
