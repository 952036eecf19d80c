import CBeneath
import Glibc
import OS
import Patching

extension Submodule {
    /// A submodule, and what of its ignored folders is shown.
    public struct Choice {
        /// The submodule.
        public let submodule: Submodule
        /// Ignored folders that are shown, relative to its folder.
        public let shown: [String]
        /// Files in these that are not to be seen.
        public let hidden: [String]

        /// Makes a choice; see the properties.
        public init(_ submodule: Submodule, shown: [String], hidden: [String]) {
            self.submodule = submodule
            self.shown = shown
            self.hidden = hidden
        }

        /// Makes the changes of an overlay of the submodule's folder, which show it as the commit records it.
        ///
        /// - Parameter upper: The empty folder of the changes; its mode becomes that of the submodule's folder.
        /// - Throws: `unsupported` if the kernel refuses whiteouts or nothing can be shown, `system` if it fails.
        public func prepare(_ upper: String) throws(RepositoryError) {
            guard let content = submodule.content else {
                throw RepositoryError(.unsupported, "there is nothing to show of \(submodule.path)")
            }
            var state = stat()
            if fstatat(content.folder.descriptor, ".", &state, 0) == 0 { chmod(upper, state.st_mode & 0o777) }
            let folder = try RootedFolder(upper)
            try OverlaidUpper(folder, of: content.folder).show(self, content, below: nil)
        }
    }
}

extension OverlaidUpper {
    /// Shows a submodule in an overlay of the whole checkout; one that cannot be shown becomes empty.
    func show(_ choice: Submodule.Choice) throws(RepositoryError) {
        let folder = TreePath(found: choice.submodule.path.cString)
        if let content = choice.submodule.content { return try show(choice, content, below: folder) }
        // A folder hides what else is in its place.
        try makeFolders(above: folder.appending(TreePath(found: TreeScan.gitFolder)))
        for name in try lower.names(in: folder.path) {
            try takeAway(folder.appending(TreePath(found: name.cString)))
        }
    }

    fileprivate func show(
        _ choice: Submodule.Choice, _ content: SubmoduleContent, below folder: TreePath?
    ) throws(RepositoryError) {
        func place(_ path: TreePath) -> TreePath { folder?.appending(path) ?? path }
        let shown = Set(choice.shown)
        let hidden = choice.hidden.map { TreePath(found: $0.utf8CString.map { $0 }) }
        let ignored = content.ignored.filter { path in path.utf8.map { !shown.contains($0) } ?? true }
        for restored in content.restored { try put(restored, at: place(restored.path)) }
        for path in content.gone + ignored + hidden { try takeAway(place(path)) }
    }

    private func put(_ restored: SubmoduleContent.Restored, at path: TreePath) throws(RepositoryError) {
        try makeFolders(above: path)
        try TreeWriter(folder: upper).write([
            TreeWriter.Change(path: path, contents: restored.file.bytes, mode: restored.mode)
        ])
    }
}
