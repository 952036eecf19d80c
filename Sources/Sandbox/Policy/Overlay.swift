import Glibc

/// A folder that commands see at another place than it lies at, and cannot change there.
///
/// What commands write is kept elsewhere (overlayfs), so that one finds what another one has left and the folder itself
/// stays as it is. Changing it from outside meanwhile is undefined, though harmless to the kernel.
public struct Overlay: Sendable, Equatable {
    /// The folder; absolute.
    public var lower: String
    /// Where commands see it: an existing folder in the working tree, or the working tree itself, which then is to look
    /// empty outside.
    public var path: String
    /// A folder out of sight with `upper` and `work` in it, on one file system; nil where commands may not write.
    public var store: String?
    /// Whether the changes are to outlive the machine's end; the overlay's own end then waits for the disk.
    public var isKept: Bool

    /// Names the folders; see the properties.
    public init(lower: String, path: String, store: String?, isKept: Bool = false) {
        self.lower = lower
        self.path = path
        self.store = store
        self.isKept = isKept
    }
}

/// How a sandbox shows its policy's overlays.
public enum OverlaySupport: Sendable, Equatable {
    /// Commands see them and may write.
    case writable
    /// Commands see them, and cannot write to any, for this reason.
    case readOnly(String)
    /// Commands see empty folders, for this reason.
    case missing(String)
}

extension SandboxPolicy {
    /// Whether the working tree is an overlay itself.
    public var overlaysTree: Bool { overlays.contains { $0.path == workingTree } }

    /// Whether a folder may be shown at another place: nothing hidden lies in it, and it in nothing hidden.
    public func lends(_ folder: String) -> Bool {
        hiddenPaths.lazy.compactMap(FilePath.resolved).allSatisfy {
            !FilePath.isInside(folder, $0) && !FilePath.isInside($0, folder)
        }
    }
}

extension Sandbox {
    /// Opens the working tree as commands see it, where it is an overlay that only they see; the caller closes it.
    ///
    /// Nil where the tree is a folder like any other. The mount lives as long as a descriptor or the sandbox does; links
    /// through `/proc/self/fd` lead there, but no path does (open_tree(2), OPEN_TREE_CLONE).
    public func openOverlaidTree() -> Int32? {
        guard case .own(let own) = launcher, let tree = own.overlays?.tree else { return nil }
        let copy = fcntl(tree.raw, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : copy
    }

    /// Lets the overlays end, which no command must use any more; the layers may be removed then.
    public func endOverlays() {
        if case .own(let own) = launcher { own.endOverlays() }
    }

    /// How commands see the policy's overlays.
    public var overlaySupport: OverlaySupport {
        switch launcher {
        case .own(let own):
            if rung == .landlock { return .missing("without namespaces nothing can be shown at another place") }
            return own.overlayFailure.map { .readOnly($0) } ?? .writable
        case .bubblewrap: return .readOnly("bubblewrap has no overlays")
        case .direct: return .missing("there is no sandbox to show them in")
        }
    }
}
