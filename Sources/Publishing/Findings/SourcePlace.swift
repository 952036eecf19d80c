import Session

/// A place in the tree of the repository.
struct SourcePlace: Sendable, Equatable {
    /// The path from the root of the tree, with slashes, without `.` and `..`.
    let path: String
    /// Counted from 1; nil where none is named.
    let line: Int?

    /// Reads a place as a tool printed it; nil for one that is not in the tree.
    ///
    /// - Parameter roots: Where the tree stands, for paths that begin at the root of the file system.
    init?(_ file: String, line: Int?, roots: [String]) {
        var path = file[...]
        if path.hasPrefix("file://") { path = path.dropFirst("file://".count) }
        if path.hasPrefix("/") {
            guard let root = roots.first(where: { path.hasPrefix($0.hasSuffix("/") ? $0 : $0 + "/") }) else {
                return nil
            }
            path = path.dropFirst(root.count)
        }
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            guard part == ".." else {
                parts.append(part)
                continue
            }
            guard parts.popLast() != nil else { return nil }
        }
        guard !parts.isEmpty else { return nil }
        self.path = parts.joined(separator: "/")
        self.line = line.flatMap { $0 > 0 ? $0 : nil }
    }

    /// The path as a relative reference of a URI (RFC 3986): what is no unreserved character is percent-encoded.
    var uri: String { Self.uri(path) }

    private static func uri(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            let isPlain =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte || "-._~/".utf8.contains(byte)
            if isPlain {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                text += "%" + (digits.utf8.count == 1 ? "0" : "") + digits
            }
        }
        return text
    }
}
