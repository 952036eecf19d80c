import CGit

/// The ignore rules of the user and the caller: gitignore(5), as git reads it.
///
/// libgit2 1.5 drops a negation of a rule in another file, and reads every file again for each path. An object is for
/// one scan and reads each file once.
final class IgnoreRules {
    private struct Folder {
        /// Whether the folder itself is ignored, with everything in it.
        let isIgnored: Bool
        let patterns: [IgnorePattern]
    }

    /// Absolute paths of files with rules outside the tree.
    let outsideFiles: [String]
    private let root: RootedFolder
    private let ignoresCase: Bool
    private let own: [IgnorePattern]
    /// The patterns of files outside the tree; later ones win.
    private let outside: [IgnorePattern]
    private let fallback: ([CChar]) -> [UInt8]?
    private var folders: [ArraySlice<UInt8>: Folder] = [:]

    /// - Parameters:
    ///   - own: The patterns of the caller, which win over all files.
    ///   - outsideFiles: Absolute paths of files with rules outside the tree; later ones win.
    ///   - fallback: Reads an ignore file that a sparse checkout leaves out.
    init(
        root: RootedFolder, own: [[UInt8]], outsideFiles: [String], ignoresCase: Bool,
        fallback: @escaping ([CChar]) -> [UInt8]?
    ) {
        self.root = root
        self.outsideFiles = outsideFiles
        self.ignoresCase = ignoresCase
        self.fallback = fallback
        self.own = own.compactMap { IgnorePattern(line: $0[...], ignoresCase: ignoresCase) }
        outside = outsideFiles.flatMap { path in
            // A missing or unreadable file has no rules.
            let text = (try? GitRepository.file(path)) ?? nil
            return IgnorePattern.patterns(in: text ?? [], ignoresCase: ignoresCase)
        }
    }

    /// Whether a path without tracked files below it is ignored.
    func isIgnored(_ path: TreePath, isFolder: Bool) -> Bool {
        let bytes = Array(path.bytes)
        return isIgnored(bytes[...], isFolder: isFolder)
    }

    private func isIgnored(_ path: ArraySlice<UInt8>, isFolder: Bool) -> Bool {
        let parent = Self.parent(of: path)
        if folder(parent).isIgnored { return true }
        if let pattern = own.last(where: { $0.matches(path, isFolder: isFolder) }) { return !pattern.isNegated }
        var base = parent
        while true {
            let inside = path.dropFirst(base.isEmpty ? 0 : base.count + 1)
            if let pattern = folder(base).patterns.last(where: { $0.matches(inside, isFolder: isFolder) }) {
                return !pattern.isNegated
            }
            if base.isEmpty { break }
            base = Self.parent(of: base)
        }
        let pattern = outside.last { $0.matches(path, isFolder: isFolder) }
        return pattern.map { !$0.isNegated } ?? false
    }

    private func folder(_ path: ArraySlice<UInt8>) -> Folder {
        if let known = folders[path] { return known }
        let isIgnored = !path.isEmpty && isIgnored(path, isFolder: true)
        let folder = Folder(isIgnored: isIgnored, patterns: isIgnored ? [] : read(path))
        folders[path] = folder
        return folder
    }

    private func read(_ folder: ArraySlice<UInt8>) -> [IgnorePattern] {
        let name = (folder.isEmpty ? [] : folder + [UInt8(ascii: "/")]) + Array(".gitignore".utf8)
        let path = TreePath(found: name.map { CChar(bitPattern: $0) } + [0])
        // A link or a folder of that name has no rules, as in git.
        let text = (try? root.read(path, links: .none)?.bytes) ?? fallback(path.cString)
        return IgnorePattern.patterns(in: text ?? [], ignoresCase: ignoresCase)
    }

    private static func parent(of path: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else { return path.prefix(0) }
        return path[..<slash]
    }
}

extension GitRepository {
    /// The files with ignore rules outside the tree; later ones win (core.excludesFile, `info/exclude`).
    var outsideIgnoreFiles: [String] {
        let home = environment["HOME"].map { $0 + "/.config" }
        let configuration = environment["XDG_CONFIG_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? home
        let user = configuredPath("core.excludesFile") ?? configuration.map { $0 + "/git/ignore" }
        return [user, "\(commonDirectory)/info/exclude"].compactMap { $0 }
    }

    /// Reads the rules for one scan of a tree.
    func ignoreRules(for root: RootedFolder, index: CachedIndex, own: [[UInt8]] = []) -> IgnoreRules {
        IgnoreRules(
            root: root, own: own, outsideFiles: outsideIgnoreFiles,
            ignoresCase: isConfigured("core.ignoreCase", default: false)
        ) { [self] path in
            guard let entry = index.position(of: path).flatMap(index.entry), entry.pointee.isLeftAlone else {
                return nil
            }
            // An unreadable blob has no rules.
            return try? contents(of: entry.pointee.id, "ignore rules")
        }
    }
}
