import OS

extension SandboxProfile {
    /// Checks the paths that the policy makes writable or readable; returns notices for the user.
    ///
    /// A secret that the policy makes readable is one.
    ///
    /// - Parameters:
    ///   - home: What `~` stands for.
    ///   - secrets: The paths that are always hidden from commands.
    ///   - name: The policy's name for messages.
    /// - Throws: `.profile` for a writable path that contains the whole machine, the home folder, or a hidden path.
    public func noticesOfPaths(
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
        var notices = Self.notice("\(name): what does not exist cannot be made writable and is left out", missing)
        var (unknown, delicate): ([String], [String]) = ([], [])
        let opened = readablePaths ?? []
        let masked = opened.isEmpty ? [] : secrets.compactMap(FilePath.resolved)
        let settings =
            opened.isEmpty ? [] : SandboxPolicy.settingsWithSecrets(home: home).compactMap(FilePath.resolved)
        for path in opened {
            guard let real = FilePath.resolved(FilePath.absolute(path, home: home)) else {
                unknown.append(path)
                continue
            }
            if FilePath.isInside(FilePath.resolved(home) ?? home, real)
                || (masked + settings).contains(where: { FilePath.isInside(real, $0) })
            {
                delicate.append(path)
            } else {
                // What is masked stays masked in it.
                delicate += settings.filter { FilePath.isInside($0, real) }
            }
        }
        notices += Self.notice("\(name): what does not exist cannot be shown and is left out", unknown)
        notices += Self.notice("\(name): commands can read what may hold secrets", delicate)
        return notices
    }

    private static func notice(_ text: String, _ paths: [String]) -> [String] {
        guard !paths.isEmpty else { return [] }
        return ["\(text): \(paths.prefix(8).joined(separator: ", "))" + (paths.count > 8 ? " and more" : "")]
    }

    private static func whatIsHeld(by path: String, home: String, secrets: [String]) -> String? {
        if path == "/" { return "it is the whole machine" }
        let home = FilePath.resolved(home) ?? home
        if FilePath.isSame(path, home) { return "it is the home folder" }
        if FilePath.isInside(home, path) { return "it holds the home folder" }
        let held = secrets.first { secret in FilePath.resolved(secret).map { FilePath.isInside($0, path) } == true }
        return held.map { "it holds \($0), which is hidden from commands" }
    }
}
