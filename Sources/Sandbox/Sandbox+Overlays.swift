import Glibc
import OS

/// How commands see the policy's overlays.
public enum OverlaySupport: Sendable, Equatable {
    /// Visible and writable.
    case writable
    /// Visible and read-only, for this reason.
    case readOnly(String)
    /// Empty folders, for this reason.
    case missing(String)
}

extension Sandbox {
    /// Opens an overlaid working tree as commands see it; the caller closes it.
    ///
    /// Nil if the tree is a plain folder. The mount lives as long as a descriptor or the sandbox; it is reachable
    /// through `/proc/self/fd`, but by no other path (open_tree(2), OPEN_TREE_CLONE).
    public func openOverlaidTree() -> Int32? {
        guard case .own(let own) = launcher, let tree = own.overlays?.tree else { return nil }
        let copy = fcntl(tree.raw, F_DUPFD_CLOEXEC, 0)
        return copy < 0 ? nil : copy
    }

    /// Ends what waits for a further command and unmounts the overlays, after which the working tree and the layers may
    /// be removed; no command must run any more.
    ///
    /// A launcher that is still being set up makes the places of its mounts, in a tree that is being removed as well.
    public func end() {
        if case .own(let own) = launcher { own.end() }
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
