import Glibc

extension FilePath {
    /// A symbolic link that lies on the way to a path.
    public struct Link: Sendable, Hashable {
        /// Where it lies; no folder above is a link.
        public let path: String
        /// Where it leads; absolute, though links may follow.
        public let target: String
    }

    /// The links that the kernel follows from an absolute path to a file, in order; those up to the first missing name.
    public static func links(onWayTo path: String) -> [Link] {
        var found: [Link] = []
        var rest = Array(path.split(separator: "/").map(String.init).reversed())
        var place = ""
        // As many as the kernel follows (path_resolution(7)).
        while let name = rest.popLast(), found.count < 40 {
            if name == "." { continue }
            if name == ".." {
                place = String(place[..<(place.lastIndex(of: "/") ?? place.startIndex)])
                continue
            }
            let next = "\(place)/\(name)"
            guard let text = linkText(next) else {
                place = next
                continue
            }
            found.append(Link(path: next, target: text.hasPrefix("/") ? text : "\(place)/\(text)"))
            rest += text.split(separator: "/").map(String.init).reversed()
            if text.hasPrefix("/") { place = "" }
        }
        return found
    }

    /// What a link says (readlink(2)); nil for anything else.
    static func linkText(_ path: String) -> String? {
        var bytes = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let length = readlink(path, &bytes, bytes.count)
        return length > 0 ? String(decoding: bytes[..<length], as: UTF8.self) : nil
    }
}
