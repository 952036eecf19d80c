import Glibc
import OS

/// How a sandbox shows its policy's overlays.
public enum OverlaySupport: Sendable, Equatable {
    /// Commands see them and may write.
    case writable
    /// Commands see them, and cannot write to any, for this reason.
    case readOnly(String)
    /// Commands see empty folders, for this reason.
    case missing(String)
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

    /// Unmounts the overlays, which no command must use any more; their layers may be removed then.
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
