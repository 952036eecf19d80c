public import Text

/// A path a patch may name: relative to the root, inside it, and outside every `.git`.
///
/// What a case-insensitive or forgiving file system takes for `.git` is refused too, because a repository travels:
/// `.GIT`, `.git.`, `.git `, `.git:stream`, `git~1`, names with code points that HFS+ ignores, and backslashes.
public struct PatchPath: Sendable, Hashable, CustomStringConvertible {
    /// The path with `/` between its components and no `.` component.
    public let path: BytePath

    /// The path as a message names it.
    public var description: String { path.description }

    /// Checks a path and takes its `.` components out.
    public init(_ path: BytePath) throws(PatchError) {
        func refusal(_ reason: String) -> PatchError {
            PatchError(
                .invalidPath, "'\(path)' \(reason). Use a relative path inside the tree, like 'src/main.c'.",
                path: path.text)
        }
        if path.bytes.isEmpty { throw refusal("is an empty path") }
        if path.bytes.contains(0) { throw refusal("holds a NUL byte") }
        if path.bytes.first == UInt8(ascii: "/") { throw refusal("is an absolute path") }
        let components = path.bytes.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        for component in components {
            if component.isEmpty { throw refusal("has an empty component") }
            for part in component.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false) {
                if part.elementsEqual("..".utf8) { throw refusal("leaves its folder with '..'") }
                if Self.isGitFolder(part) { throw refusal("reaches into '.git'") }
            }
        }
        let kept = components.filter { !$0.elementsEqual(".".utf8) }
        if kept.isEmpty { throw refusal("is a folder") }
        self.path = BytePath(bytes: kept.joined(separator: [UInt8(ascii: "/")]))
    }

    private static func isGitFolder(_ component: ArraySlice<UInt8>) -> Bool {
        var name: [UInt8] = []
        for scalar in String(decoding: component, as: UTF8.self).unicodeScalars {
            if scalar == ":" { break }
            if isIgnoredByHFS(scalar) { continue }
            guard scalar.isASCII else { return false }
            let byte = UInt8(truncatingIfNeeded: scalar.value)
            name.append((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        while name.last == UInt8(ascii: ".") || name.last == UInt8(ascii: " ") { name.removeLast() }
        return name.elementsEqual(".git".utf8) || name.elementsEqual("git~1".utf8)
    }

    private static func isIgnoredByHFS(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}
