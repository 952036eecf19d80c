/// A folder that commands see at another place than it lies at, and cannot change there.
///
/// What commands write is kept elsewhere (overlayfs), so that one finds what another one has left and the folder itself
/// stays as it is. Changing it from outside meanwhile is undefined, though harmless to the kernel.
public struct Overlay: Sendable, Equatable {
    /// The folder; absolute.
    public var lower: String
    /// Where commands see it: an existing folder in the working tree.
    public var path: String
    /// A folder out of sight with `upper` and `work` in it, on one file system; nil where commands may not write.
    public var store: String?

    /// Names the folders; see the properties.
    public init(lower: String, path: String, store: String?) {
        self.lower = lower
        self.path = path
        self.store = store
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
    /// Whether a folder may be shown at another place: nothing hidden lies in it, and it in nothing hidden.
    public func lends(_ folder: String) -> Bool {
        hiddenPaths.lazy.compactMap(FilePath.resolved).allSatisfy {
            !FilePath.isInside(folder, $0) && !FilePath.isInside($0, folder)
        }
    }
}

extension Sandbox {
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
