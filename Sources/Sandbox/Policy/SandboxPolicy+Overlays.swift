import OS

extension SandboxPolicy {
    /// Whether the working tree is an overlay.
    public var overlaysTree: Bool { overlays.contains { FilePath.isSame($0.path, workingTree) } }

    /// Whether a folder may be shown at another path: it does not overlap with a hidden path.
    public func lends(_ folder: String) -> Bool {
        hiddenPaths.lazy.compactMap(FilePath.resolved).allSatisfy {
            !FilePath.isInside(folder, $0) && !FilePath.isInside($0, folder)
        }
    }
}
