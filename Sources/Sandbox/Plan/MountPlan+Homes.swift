import OS

extension MountPlan {
    /// The closed folders, what is shown of them, and the links that lead there.
    static func homes(_ policy: SandboxPolicy, _ paths: PathResolver) -> [Mount] {
        let opened = policy.readablePaths + policy.skillFolders
        let readable = opened.compactMap(paths.resolved)
        let closed = policy.closedFolders.compactMap(paths.resolved).filter { folder in
            !readable.contains { FilePath.isInside(folder, $0) }
        }
        let hidden = policy.hiddenPaths.compactMap(paths.resolved)
        var wanted = closed.map { Mount(path: $0, kind: .closed) }
        func add(linksTo path: String) {
            if let real = paths.resolved(path), FilePath.isSame(real, path) { return }
            for link in FilePath.links(onWayTo: path) where closed.contains(where: { FilePath.isInside(link.path, $0) })
            {
                wanted.append(Mount(path: link.path, kind: .link, source: link.target))
            }
        }
        for path in policy.closedFolders { add(linksTo: path) }
        // Settings of git have a stand-in at the place where they are; the usual path may be a link to it.
        for path in policy.closedFolders.flatMap({ ["\($0)/.gitconfig", "\($0)/.config/git/config"] })
        where paths.resolved(path).map(policy.standIns.map(\.path).containsPath) == true {
            add(linksTo: path)
        }
        for path in policy.shownPaths {
            guard let real = paths.resolved(path), !hidden.contains(where: { FilePath.isInside(real, $0) }) else {
                continue
            }
            add(linksTo: path)
            // What is elsewhere is visible anyway, and no folder is shown that holds a closed one.
            guard closed.contains(where: { FilePath.isInside(real, $0) }),
                !closed.contains(where: { FilePath.isInside($0, real) })
            else { continue }
            wanted.append(Mount(path: real, kind: .readOnly))
        }
        for (path, real) in zip(opened, opened.map(paths.resolved)) {
            guard let real, real != "/" else { continue }
            add(linksTo: path)
            wanted.append(Mount(path: real, kind: .readOnly))
        }
        return wanted
    }
}

extension SandboxPolicy {
    /// What commands see of the closed folders, beside the working tree; the home folder is written as `~`, and comes
    /// first.
    public func openedPaths(home: String) -> [String] {
        let home = FilePath.resolved(home) ?? home
        let paths = MountPlan(MountPlan.homes(self, PathResolver())).mounts.filter { $0.kind == .readOnly }.map(\.path)
            .sorted()
        return paths.compactMap { path in FilePath.rest(of: path, below: home).map { "~" + $0 } }
            + paths.filter { FilePath.rest(of: $0, below: home) == nil }
    }
}
