import Glibc
import OS

/// What of the home folders commands see: the programs of the search path, tools, packages and caches.
///
/// Everything else in a home folder is closed, because nobody can list all places of secrets.
struct HomeAccess {
    /// The folders that are closed, without links.
    private(set) var closed: [String] = []
    /// What is shown of them, as programs name it: links may lead there.
    private(set) var shown: [String] = []
    /// Files within what is shown that may hold what logs in somewhere.
    private(set) var hidden: [String] = []

    private let environment: [String: String]
    private let home: String
    /// The folders of the home folder that hold many things, without links; resolved once, because each path is compared.
    private let bases: [String]
    /// What is shown, without links.
    private var places: [String] = []
    private let paths = PathResolver()
    /// Folders of programs that have been looked at.
    private var seen: [String] = []

    /// - Parameters:
    ///   - environment: The user's variables; names the home folder, the search path, and places of tools.
    ///   - projects: Folders whose virtual environments commands use.
    init(environment: [String: String], projects: [String]) {
        self.environment = environment
        let home = environment["HOME"] ?? "/root"
        self.home = home
        bases = Self.baseNames.compactMap { [paths] name in paths.resolved(home + name) }
        close()
        addTools()
        addVariables()
        for folder in (environment["PATH"] ?? "").split(separator: ":") { addPrograms(String(folder)) }
        for project in projects { addEnvironments(of: project) }
    }

    // MARK: What is closed

    /// Closing these, or what holds them, would close the machine.
    private static let system = [
        "/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/dev", "/proc", "/sys", "/run", "/boot", "/nix",
    ]
    private static let shared: Set<String> = [
        "/", "/var", "/var/lib", "/opt", "/srv", "/mnt", "/media", "/tmp", "/var/tmp",
    ]

    private mutating func close() {
        let own = [home, Self.recordedHome, "/home", "/root"]
        let moved = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"]
        for path in own.compactMap(\.self) + moved.compactMap({ environment[$0] }) where path.hasPrefix("/") {
            guard let found = paths.found(path), found.kind == .folder, case let real = found.real,
                !closed.contains(real),
                !Self.shared.contains(real), !Self.system.contains(where: { FilePath.isInside(real, $0) })
            else { continue }
            closed.append(real)
        }
        // A folder of settings in the home folder is closed with it.
        closed = closed.filter { folder in
            moved.allSatisfy { environment[$0].flatMap(paths.resolved) != folder }
                || !closed.contains { $0 != folder && FilePath.isInside(folder, $0) }
        }
    }

    /// The home folder in the machine's list of users (passwd(5)), which a changed `HOME` does not hide.
    private static var recordedHome: String? {
        let number = String(getuid())
        for line in (FileContent.text("/etc/passwd") ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            if fields.count == 7, fields[2] == number { return String(fields[5]) }
        }
        return nil
    }

    private func isClosed(_ path: String) -> Bool { closed.contains { FilePath.isInside(path, $0) } }

    private static let baseNames = [
        "", "/.local", "/.local/share", "/.local/state", "/.config", "/.cache", "/snap", "/.var", "/.var/app",
    ]

    /// Whether a folder holds more than one thing, so that it is never shown as a whole.
    private func isBase(_ path: String) -> Bool {
        guard let real = paths.resolved(path) else { return true }
        if closed.contains(where: { FilePath.isInside($0, real) }) { return true }
        let above = real[..<(real.lastIndex(of: "/") ?? real.startIndex)]
        // Somebody else's home folder.
        if above == "/home" { return true }
        return bases.containsPath(real)
    }

    // MARK: What is shown

    private mutating func show(_ path: String) {
        guard path.hasPrefix("/"), !shown.containsPath(path), let real = paths.resolved(path),
            isClosed(real) || isReachedThroughClosed(path, real), !isBase(path)
        else { return }
        add(path, real)
        // A tool's own settings may hold a token.
        hidden += [".condarc", "etc/npmrc", "etc/pip.conf", "pip.conf"].map { "\(real)/\($0)" }
            .filter { paths.found($0) != nil }
    }

    private func isReachedThroughClosed(_ path: String, _ real: String) -> Bool {
        !FilePath.isSame(path, real) && FilePath.links(onWayTo: path).contains { isClosed($0.path) }
    }

    private mutating func add(_ path: String, _ real: String) {
        shown.append(path)
        places.append(real)
    }

    private func isShown(_ real: String) -> Bool { places.contains { FilePath.isInside(real, $0) } }

    private mutating func addTools() {
        let moved = [
            (".local/share/", "XDG_DATA_HOME"), (".cache/", "XDG_CACHE_HOME"), (".config/", "XDG_CONFIG_HOME"),
        ]
        for tool in HomeTool.all {
            var places = ["\(home)/\(tool.folder)"]
            if let value = tool.variable.flatMap({ environment[$0] }) {
                places += value.split(separator: ":").map(String.init)
            }
            for (start, name) in moved where (tool.folder + "/").hasPrefix(start) {
                guard let base = environment[name], base.hasPrefix("/") else { continue }
                places.append("\(base)/\(tool.folder.dropFirst(start.count))")
            }
            for place in places where paths.kind(place) == .folder { show(tool, at: place) }
        }
    }

    private mutating func show(_ tool: HomeTool, at place: String) {
        guard !tool.parts.isEmpty else { return show(place) }
        for part in tool.parts {
            guard part.hasSuffix("*") else {
                show("\(place)/\(part)")
                continue
            }
            for name in FolderListing.names(in: place).sorted() where name.hasPrefix(part.dropLast()) {
                show("\(place)/\(name)")
            }
        }
    }

    /// Further variables that name a place, or several, where programs look.
    private static let variables = [
        "VIRTUAL_ENV", "CONDA_PREFIX", "PYTHONPATH", "PYTHONHOME", "GOROOT", "GOMODCACHE", "GOCACHE", "JAVA_HOME",
        "JDK_HOME", "MAVEN_HOME", "M2_HOME", "GRADLE_HOME", "ANDROID_SDK_ROOT", "ANDROID_NDK_HOME", "NODE_PATH",
        "NVM_BIN",
        "GEM_HOME", "GEM_PATH", "BUNDLE_PATH", "RUBYLIB", "PERL5LIB", "PERL_LOCAL_LIB_ROOT", "ASDF_DIR",
        "CPATH", "LIBRARY_PATH", "LD_LIBRARY_PATH", "C_INCLUDE_PATH", "CPLUS_INCLUDE_PATH", "PKG_CONFIG_PATH",
        "CMAKE_PREFIX_PATH", "PIP_CACHE_DIR", "SCCACHE_DIR", "YARN_CACHE_FOLDER", "KOTLIN_HOME", "SCALA_HOME",
        "ANT_HOME",
        "SPARK_HOME", "CUDA_HOME", "CUDA_PATH", "EMSDK_PYTHON", "EMSDK_NODE",
    ]

    private mutating func addVariables() {
        for name in Self.variables {
            for place in (environment[name] ?? "").split(separator: ":") { show(String(place)) }
        }
        for name in ["VIRTUAL_ENV", "CONDA_PREFIX"] {
            if let folder = environment[name] { addBase(of: folder) }
        }
    }

    /// A folder of the search path, what belongs to it, and what its links lead to.
    private mutating func addPrograms(_ folder: String) {
        guard folder.hasPrefix("/"), let real = paths.resolved(folder) else { return }
        for path in FilePath.isSame(real, folder) ? [folder] : [folder, real] where !seen.containsPath(path) {
            seen.append(path)
            for part in ToolInstallation.paths(ofPrograms: path, in: paths, isBase: isBase) { show(part) }
        }
        guard isShown(real) else { return }
        for entry in ((try? FolderListing.entries(of: folder)) ?? []).prefix(Self.entryLimit)
        where entry.type == UInt8(DT_LNK) || entry.type == UInt8(DT_UNKNOWN) {
            addProgram("\(folder)/\(entry.text)")
        }
    }

    /// Listing links costs some microseconds each.
    private static let entryLimit = 1000

    private mutating func addProgram(_ link: String) {
        guard let real = paths.resolved(link), isClosed(real), !isShown(real), access(real, X_OK) == 0 else {
            return
        }
        // Names the links between, too.
        add(link, real)
        for part in ToolInstallation.paths(ofProgram: real, in: paths, isBase: isBase) { show(part) }
    }

    /// The Python that a project's virtual environments are made of.
    ///
    /// The project is not trusted: it can name a folder only if a Python lies there, and gets nothing else of it.
    private mutating func addEnvironments(of project: String) {
        for name in [".venv", "venv", "env", ".env", "virtualenv"] { addBase(of: "\(project)/\(name)") }
    }

    private mutating func addBase(of environment: String) {
        guard let programs = ToolInstallation.basePrograms(ofEnvironment: environment), programs.hasSuffix("/bin"),
            access(programs + "/python3", X_OK) == 0 || access(programs + "/python", X_OK) == 0
        else { return }
        addPrograms(programs)
    }
}

extension SandboxPolicy {
    /// Closes the home folders but for tools, packages and caches.
    ///
    /// Closed are the home folder of the environment and that of the machine's list of users, those of other users in
    /// `/home`, and `/root`; settings, data and sockets that `XDG_` variables place elsewhere, too.
    ///
    /// - Parameters:
    ///   - environment: The user's variables.
    ///   - projects: Folders that are shown, and whose virtual environments commands use: the user's checkout.
    public mutating func closeHomes(environment: [String: String], projects: [String] = []) {
        let access = HomeAccess(environment: environment, projects: projects)
        closedFolders = access.closed
        shownPaths = access.shown + projects
        hiddenPaths += access.hidden
    }
}
