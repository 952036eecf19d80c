import OS

extension SandboxProfile {
    /// Checks the paths that the policy makes writable; returns notices for the user.
    ///
    /// - Parameters:
    ///   - home: What `~` stands for.
    ///   - secrets: The paths that are always hidden from commands.
    ///   - name: The policy's name for messages.
    /// - Throws: `.profile` for a path that contains the whole machine, the home folder, or a hidden path.
    public func noticesOfWritablePaths(
        home: String, secrets: [String], name: String
    ) throws(SandboxError) -> [String] {
        var missing: [String] = []
        for path in writablePaths ?? [] {
            guard let real = FilePath.resolved(FilePath.absolute(path, home: home)) else {
                missing.append(path)
                continue
            }
            guard let held = Self.whatIsHeld(by: real, home: home, secrets: secrets) else { continue }
            throw SandboxError(
                .profile, "\(name): write cannot take \(path): \(held)", nextStep: "name narrower paths")
        }
        guard !missing.isEmpty else { return [] }
        let paths = missing.prefix(8).joined(separator: ", ") + (missing.count > 8 ? " and more" : "")
        return ["\(name): what does not exist cannot be made writable and is left out: \(paths)"]
    }

    private static func whatIsHeld(by path: String, home: String, secrets: [String]) -> String? {
        if path == "/" { return "it is the whole machine" }
        let home = FilePath.resolved(home) ?? home
        if path == home { return "it is the home folder" }
        if FilePath.isInside(home, path) { return "it holds the home folder" }
        let held = secrets.first { secret in FilePath.resolved(secret).map { FilePath.isInside($0, path) } == true }
        return held.map { "it holds \($0), which is hidden from commands" }
    }
}
