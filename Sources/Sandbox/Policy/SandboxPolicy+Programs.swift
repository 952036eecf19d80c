import OS

extension SandboxPolicy {
    /// Shows a program that the user has named, and what belongs to it, where it lies in a closed folder: a virtual
    /// environment with the Python that it was made of, an installation, else the file alone.
    ///
    /// - Parameters:
    ///   - program: The program's path.
    ///   - environment: The user's variables.
    public mutating func showProgram(_ program: String, environment: [String: String]) {
        guard let slash = program.lastIndex(of: "/"), slash != program.startIndex else { return }
        let folder = String(program[..<slash])
        var named = environment
        named["PATH"] = folder
        if let above = folder.lastIndex(of: "/"), FilePath.kind("\(folder[..<above])/pyvenv.cfg") != nil {
            named["VIRTUAL_ENV"] = String(folder[..<above])
        }
        let access = HomeAccess(environment: named, projects: [])
        shownPaths += access.shown.filter { !shownPaths.containsPath($0) }
        hiddenPaths += access.hidden.filter { !hiddenPaths.containsPath($0) }
    }

    /// Whether a path is a usual place of secrets, or lies in one.
    public func hides(_ path: String) -> Bool {
        hiddenPaths.contains { hidden in FilePath.resolved(hidden).map { FilePath.isInside(path, $0) } ?? false }
    }
}
