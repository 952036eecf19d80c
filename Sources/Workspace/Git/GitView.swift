import Glibc
import OS
public import Repository
public import Sandbox

/// What commands see of git: objects and references of the repository, its settings without secrets, and nothing else.
///
/// A list of what is shown: configuration files hold tokens, and so do logs of references, `FETCH_HEAD`, copies of the
/// configuration and the files of other programs in git's folder. What appears there later is not shown either.
public struct GitView: Sendable {
    /// git's folders for one working tree.
    public struct Place: Sendable {
        /// The root of the working tree.
        public var root: String
        /// The folder of its HEAD and index.
        public var gitDirectory: String
        /// The folder of objects and references.
        public var commonDirectory: String
        /// Where commands see the working tree.
        public var shownRoot: String

        /// Names the folders; without links.
        ///
        /// - Parameter shownRoot: Where commands see the working tree; nil for its own path.
        public init(root: String, gitDirectory: String, commonDirectory: String, shownRoot: String? = nil) {
            self.root = root
            self.gitDirectory = gitDirectory
            self.commonDirectory = commonDirectory
            self.shownRoot = shownRoot ?? root
        }

        /// Whether HEAD and index are in the common folder.
        var isMain: Bool { gitDirectory == commonDirectory }
        /// Whether Graft has made git's folder, so that it can lead git elsewhere.
        var isOwn: Bool { !isMain && access("\(gitDirectory)/graft", F_OK) == 0 }
    }

    private var standIns: [StandIn] = []
    private var readOnly: [String] = []
    private var hidden: [String] = []
    /// Links to the user's settings, which may lie in a closed home folder.
    private var linked: [String] = []
    private var withoutMounts = WithoutMounts()
    /// The folder that takes the place of the common one where nothing can be mounted; nil if none can.
    private var links: String?
    private let place: Place?

    /// Writes what is shown.
    ///
    /// - Parameters:
    ///   - place: The working tree; nil if commands are in no repository, and only the user's settings matter.
    ///   - repository: The repository, if libgit2 can open it; asked for only where conditions of settings need it.
    ///   - folder: Made; what is there already is replaced.
    ///   - home: The user's home folder.
    /// - Throws: `.system` if something cannot be written.
    public init(
        _ place: Place?, of repository: () -> GitRepository?, in folder: String, home: String
    ) throws(SandboxError) {
        self.place = place
        do throws(SystemError) {
            if access(folder, F_OK) == 0 { try FolderRemoval.remove(folder) }
            let files = ShownFiles(folder)
            try files.makeFolder("")
            try showSettings(files, repository, home: home)
            if let place {
                try showRepository(place, files, repository, home: home)
                try showLinks(place, files)
            }
        } catch {
            throw SandboxError(error)
        }
    }

    /// Makes commands of a policy see git so.
    public func install(in policy: inout SandboxPolicy) {
        policy.standIns += standIns
        policy.readOnlyPaths += readOnly
        policy.hiddenPaths += hidden
        policy.shownPaths += linked
        policy.withoutMounts = withoutMounts
    }

    /// Leads git to the settings without secrets where nothing could be mounted over the others.
    ///
    /// - Parameter sandbox: The sandbox around the working tree, which Graft must have made.
    public func lead(_ sandbox: Sandbox) throws(SandboxError) {
        guard sandbox.rung == .landlock, let links, let place else { return }
        do throws(SystemError) { try ShownFiles(place.gitDirectory).write("\(links)\n", to: "commondir") } catch {
            throw SandboxError(error)
        }
    }
}

extension GitView {
    /// Shows the settings of the machine and of the user.
    private mutating func showSettings(
        _ files: ShownFiles, _ repository: () -> GitRepository?, home: String
    ) throws(SystemError) {
        let variables = [
            ("/etc/gitconfig", "GIT_CONFIG_SYSTEM"), (home + "/.config/git/config", "GIT_CONFIG_GLOBAL"),
            (home + "/.gitconfig", "GIT_CONFIG_GLOBAL"),
        ]
        var global = ""
        for (number, (path, variable)) in variables.enumerated() {
            guard let real = FilePath.resolved(path), FilePath.kind(real) == .other else { continue }
            if real != path { linked.append(path) }
            let file = GitSettingsFile(path, of: repository, home: home)
            let shown = ShownSettings.shown(file?.settings ?? [])
            hide(file?.includes ?? [])
            let isWhole = file.map { shown == $0.settings && $0.includes.isEmpty } ?? false
            if isWhole, variable == "GIT_CONFIG_SYSTEM" { continue }
            let text = GitSettingsFile.text(shown)
            standIns.append(StandIn(try files.write(text, to: "settings-\(number)"), at: real))
            if variable == "GIT_CONFIG_GLOBAL" { global += text }
            guard !isWhole else { continue }
            withoutMounts.hidden.append(real)
            // Programs that have a home folder of their own would not find their own settings, so only where needed.
            withoutMounts.variables[variable] = files.path("settings-\(number)")
        }
        if withoutMounts.variables["GIT_CONFIG_GLOBAL"] != nil {
            withoutMounts.variables["GIT_CONFIG_GLOBAL"] = try files.write(global, to: "settings")
        }
    }

    /// Hides files that settings include; those of the working tree are the repository's own.
    private mutating func hide(_ includes: [String]) {
        let trees = place.map { [$0.root, $0.shownRoot] } ?? []
        let outside = includes.filter { file in !trees.contains { FilePath.isInside(file, $0) } }
        hidden += outside.filter { FilePath.kind($0) == .other }
    }

    /// Each costs every command about ten mounts.
    private static let mostModules = 40

    /// Shows the repository at the path of its common folder.
    private mutating func showRepository(
        _ place: Place, _ files: ShownFiles, _ repository: () -> GitRepository?, home: String
    ) throws(SystemError) {
        let (common, own) = (place.commonDirectory, place.gitDirectory)
        let isCovered = place.shownRoot != place.root && FilePath.isInside(common, place.shownRoot)
        /// Where commands see the common folder: at its own path, unless the tree is shown there.
        let at = isCovered ? files.path("shown") : common
        hidden += Self.around(common)
        readOnly += Alternates.all(of: common)
        try files.makeFolder("shown")
        standIns.append(StandIn(files.path("shown"), at: at))
        var settings: [GitSetting] = []
        func shown(_ path: String) -> String? {
            guard access(path, F_OK) == 0 else { return nil }
            let file = GitSettingsFile(path, of: repository, home: home)
            hide(file?.includes ?? [])
            settings += file?.settings ?? []
            return GitSettingsFile.text(ShownSettings.shown(file?.settings ?? []))
        }
        try files.write(shown("\(common)/config") ?? "", to: "shown/config")
        for name in GitFolder.copied {
            try files.copy("\(common)/\(name)", to: "shown/\(name)")
        }
        for name in GitFolder.folders {
            guard let real = FilePath.resolved("\(common)/\(name)"), FilePath.kind(real) == .folder else { continue }
            try files.makeFolder("shown/\(name)")
            standIns.append(StandIn(real, at: "\(at)/\(name)"))
        }
        let alternates = try Alternates.absolute(of: common)
        if let alternates {
            standIns.append(
                StandIn(try files.write(alternates, to: "alternates"), at: "\(at)/objects/info/alternates"))
        }
        try files.write("", to: "shown/packed-refs")
        var live = ["packed-refs"]
        if place.isMain {
            live += ["HEAD", "index"] + FolderListing.names(in: own).filter { $0.hasPrefix("sharedindex.") }
            if let text = shown("\(own)/config.worktree") { try files.write(text, to: "shown/config.worktree") }
        } else {
            try showWorkingTree(place, files, in: at, config: shown("\(own)/config.worktree"))
        }
        for name in live {
            guard let real = FilePath.resolved("\(common)/\(name)") else { continue }
            if name != "packed-refs", name != "HEAD" { try files.write("", to: "shown/\(name)") }
            standIns.append(StandIn(real, at: "\(at)/\(name)", mayBeMissing: true))
        }
        // Where a tree of Graft's own takes the place of the checkout, submodules have no `.git`.
        let hasModules = place.shownRoot == place.root && access("\(place.root)/.gitmodules", F_OK) == 0
        let modules = hasModules ? repository()?.submoduleGitFolders ?? [] : []
        hidden += modules.map(\.link)
        for (number, module) in modules.filter(\.liesInSubmodule).prefix(Self.mostModules).enumerated() {
            // git fails on an empty folder of this name.
            let place = Place(root: module.root, gitDirectory: module.link, commonDirectory: module.link)
            try showRepository(place, ShownFiles(files.path("module-\(number)")), { nil }, home: home)
        }
        guard !place.isOwn else { return }
        withoutMounts.notHidden += modules.map(\.link)
        for module in modules { _ = shown("\(module.folder)/config") }
        guard ShownSettings.holdSecrets(settings) else { return }
        withoutMounts.refusal =
            "git's configuration in \(common) holds secrets, which cannot be hidden from commands in your checkout "
            + "without namespaces"
    }

    /// Shows git's folder for a linked working tree: its HEAD and index change while commands run.
    private mutating func showWorkingTree(
        _ place: Place, _ files: ShownFiles, in common: String, config: String?
    ) throws(SystemError) {
        let own = place.gitDirectory
        let name = FilePath.rest(of: own, below: place.commonDirectory) ?? "/worktrees/tree"
        let at = common + name
        try files.makeFolder("shown" + name)
        standIns.append(StandIn(own, at: at))
        if let config {
            standIns.append(StandIn(try files.write(config, to: "config.worktree"), at: "\(at)/config.worktree"))
        }
        if place.shownRoot != place.root {
            let link = place.shownRoot + "/.git"
            standIns.append(StandIn(try files.write("gitdir: \(at)\n", to: "gitfile"), at: link))
            standIns.append(StandIn(try files.write("\(link)\n", to: "gitdir"), at: "\(at)/gitdir"))
        }
        for name in FolderListing.names(in: own) where !GitFolder.ofWorkingTree.contains(name) {
            let isFolder = FilePath.kind("\(own)/\(name)") == .folder
            if isFolder { try files.makeFolder("nothing") } else { try files.write("", to: "empty") }
            standIns.append(StandIn(files.path(isFolder ? "nothing" : "empty"), at: "\(at)/\(name)"))
        }
    }

    /// The topmost git folder around the common one: that of a submodule lies in its parent's.
    private static func around(_ common: String) -> [String] {
        var path = ""
        for part in common.split(separator: "/") {
            path += "/\(part)"
            if part == ".git" { break }
        }
        return path == common ? [] : [path]
    }

    /// Makes a folder of links in place of the common one, which is hidden then.
    private mutating func showLinks(_ place: Place, _ files: ShownFiles) throws(SystemError) {
        guard place.isOwn else { return }
        let common = place.commonDirectory
        try files.makeFolder("links")
        for name in ["config"] + GitFolder.copied { try files.copy(files.path("shown/\(name)"), to: "links/\(name)") }
        withoutMounts.hidden += Self.around(common) + [common] + hidden
        if place.shownRoot != place.root { withoutMounts.hidden.append(place.shownRoot) }
        withoutMounts.shown += [files.path(""), place.gitDirectory]
        for name in GitFolder.folders + ["packed-refs"] {
            guard let real = FilePath.resolved("\(common)/\(name)") else { continue }
            try files.link(real, at: "links/\(name)")
            withoutMounts.shown.append(real)
        }
        links = files.path("links")
    }
}
