import Glibc
import OS
public import Repository
public import Sandbox

/// The folders of the user's checkout that git ignores and a test command needs: dependencies, build products.
///
/// A checkout by git lacks them; overlays show them in it, and keep the changes of commands apart.
public struct IgnoredFolders: Sendable, Equatable {
    /// The folders, relative to the root of the checkout.
    public private(set) var names: [String] = []
    /// The ignored folders that are left out, with the reason, for the user.
    public private(set) var omitted: [String] = []
    private let checkout: String
    /// Files in the folders that are named like secrets and read empty.
    private var secrets: [String: [String]] = [:]

    /// What test runners and editors generate again each time.
    private static let byProducts: Set<String> = [
        "__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".idea", ".vscode",
    ]
    /// Folders of keys and tokens.
    private static let secretFolders: Set<String> = [
        "secrets", ".secrets", "secret", "credentials", ".credentials", ".ssh", ".aws", ".azure", ".gcloud", ".gnupg",
        ".kube", "private_keys", "private-keys",
    ]
    /// The default limit: each folder costs every command about 10 µs.
    public static let usualLimit = 128

    /// Chooses from the folders that git ignores.
    ///
    /// Leaves out by-products, nested repositories, and folders that overlap with a hidden path.
    ///
    /// - Parameter limit: The most folders to choose.
    public init(
        _ work: UncommittedWork?, of checkout: String, policy: SandboxPolicy, limit: Int = Self.usualLimit
    ) {
        self.checkout = checkout
        for name in work?.ignoredFolders ?? [] {
            let last = FilePath.names(in: name).last ?? ""
            let path = "\(checkout)/\(name)"
            var state = stat()
            // A name that is not UTF-8 is not found.
            guard !Self.byProducts.contains(last), lstat(path, &state) == 0, state.st_mode & S_IFMT == S_IFDIR,
                access(path, R_OK | X_OK) == 0, !Self.isEmpty(path)
            else { continue }
            if access(path + "/.git", F_OK) == 0 {
                omitted.append("\(name) (a repository of its own)")
            } else if !policy.lends(path) {
                omitted.append("\(name) (it holds what commands may not see)")
            } else if Self.secretFolders.contains(last.lowercased()) {
                omitted.append("\(name) (it looks like secrets)")
            } else if names.count == limit {
                omitted.append("\(name) (too many folders)")
            } else {
                names.append(name)
                secrets[name] = FolderListing.names(in: path).filter {
                    SecretName.matches($0) && FilePath.kind("\(path)/\($0)") == .other
                }
            }
        }
    }

    /// The files in the folders that commands may not read, relative to the root of the checkout.
    var secretFiles: [String] { names.flatMap { name in (secrets[name] ?? []).map { "\(name)/\($0)" } } }

    /// Prepares a checkout: for each folder an empty mount point, and a store for changes.
    ///
    /// - Parameters:
    ///   - root: The checkout's root, links resolved.
    ///   - store: A folder on the same file system that commands do not see; made when needed.
    /// - Throws: `.system` if a folder cannot be made.
    public func lend(to root: String, store: String) throws(SandboxError) -> [Overlay] {
        var overlays: [Overlay] = []
        for name in names {
            // The commit may have a file or a link where the checkout has a folder.
            guard Self.makeFolders(name, in: root) else { continue }
            let lower = "\(checkout)/\(name)"
            var kept: String?
            // The kernel cannot copy up for an owner that is not mapped in the sandbox.
            if Self.isOwn(lower) {
                let place = "\(store)/\(Self.storeName(of: name))"
                // A used work folder belongs to an earlier mount.
                if access(place + "/work", F_OK) == 0 { try? FolderRemoval.remove(place + "/work") }
                for folder in [store, place, place + "/upper", place + "/work"] {
                    guard mkdir(folder, 0o700) == 0 || errno == EEXIST else {
                        throw SandboxError(SystemError("make \(folder)"))
                    }
                }
                // The mode of the root is that of the upper folder.
                var state = stat()
                if stat(lower, &state) == 0 { chmod(place + "/upper", state.st_mode & 0o777) }
                kept = place
            }
            overlays.append(
                Overlay(lower: lower, path: "\(root)/\(name)", store: kept, hiddenNames: secrets[name] ?? []))
        }
        return overlays
    }

    /// The name of a folder's changes in the store: the same in each process, whatever other folders there are.
    static func storeName(of folder: String) -> String {
        // A sum of the name (FNV-1a): a path may be too long for a name, and mount options have characters of their own.
        let sum = folder.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(sum, radix: 16)
    }

    /// Makes a sandbox that shows the folders in the working tree of a policy.
    ///
    /// - Parameters:
    ///   - store: Where the changes of commands are kept.
    ///   - probe: Makes the sandbox of a policy.
    func show(
        in policy: SandboxPolicy, store: String, probe: (SandboxPolicy) async throws -> Sandbox
    ) async throws -> Sandbox {
        var policy = policy
        policy.overlays = try lend(to: policy.workingTree, store: store)
        policy.withoutMounts.shown += policy.overlays.filter(\.hiddenNames.isEmpty).map(\.lower)
        let sandbox = try await probe(policy)
        if case .missing = sandbox.overlaySupport { Self.withdraw(policy.overlays) }
        return sandbox
    }

    /// Removes the mount points after overlays have failed.
    static func withdraw(_ overlays: [Overlay]) {
        for overlay in overlays { rmdir(overlay.path) }
    }

    /// What to tell the user, one line each.
    func notices(_ sandbox: Sandbox, root: String) -> [String] {
        var notices: [String] = []
        let (overlays, support) = (sandbox.policy.overlays, sandbox.overlaySupport)
        func names(_ overlays: [Overlay]) -> String {
            Self.list(overlays.map { String($0.path.dropFirst(root.count + 1)) })
        }
        let foreign = overlays.filter { $0.store == nil }
        switch support {
        case .writable where !foreign.isEmpty:
            notices.append("read-only in the working tree, because they are not all yours: \(names(foreign))")
        case .readOnly(let reason) where !overlays.isEmpty:
            notices.append("ignored folders are read-only in the working tree (\(reason)): \(names(overlays))")
        case .missing(let reason) where !overlays.isEmpty:
            notices.append(
                "ignored folders are not in the working tree (\(reason)); --in-place has them: \(names(overlays))")
        default: break
        }
        if !overlays.isEmpty, let notice = noticeOfSecrets { notices.append(notice) }
        if !omitted.isEmpty { notices.append("not in the working tree: \(Self.list(omitted))") }
        return notices
    }

    /// Names what looks like secrets in the folders; nil if nothing does.
    var noticeOfSecrets: String? {
        secretFiles.isEmpty
            ? nil : "not for commands, because named like secrets: \(Self.list(secretFiles)); --in-place has them"
    }

    private static func list(_ names: [String]) -> String {
        let shown = names.prefix(5).joined(separator: ", ")
        return names.count > 5 ? "\(shown) and \(names.count - 5) more" : shown
    }

    /// Makes a folder and its parents; false if something else is in the way.
    private static func makeFolders(_ name: String, in root: String) -> Bool {
        var path = root
        for part in FilePath.names(in: name) {
            path += "/\(part)"
            var state = stat()
            guard mkdir(path, 0o777) == 0 || (errno == EEXIST && lstat(path, &state) == 0 && state.isFolder) else {
                return false
            }
        }
        return isEmpty(path)
    }

    private static func isEmpty(_ path: String) -> Bool { FolderListing.names(in: path).isEmpty }

    private static func isOwn(_ path: String) -> Bool {
        var state = stat()
        return stat(path, &state) == 0 && state.st_uid == geteuid() && state.st_gid == getegid()
    }
}

extension stat {
    fileprivate var isFolder: Bool { st_mode & S_IFMT == S_IFDIR }
}
