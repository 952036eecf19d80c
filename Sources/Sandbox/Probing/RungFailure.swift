import OS

/// Why a rung does not work here, and the remedy.
struct RungFailure: Error {
    let rung: Rung
    let reason: String
    let details: String

    init(rung: Rung, reason: String) {
        self.rung = rung
        self.reason = reason
        details = ""
    }

    /// Makes a failure of the rung's first command.
    init(rung: Rung, _ result: CommandResult) {
        self.rung = rung
        details = String(decoding: result.stderr.head + result.stderr.tail, as: UTF8.self)
        if case .notStarted(let message) = result.outcome {
            reason = message
        } else {
            reason = "its first command ended with \(result.outcome)"
        }
    }

    /// The reason and the remedy, in one line.
    ///
    /// - Parameter settings: The kernel's settings by name.
    func message(settings: [String: String] = Self.settings()) -> String {
        ([reason] + advice(settings)).joined(separator: "; ")
    }

    /// The error that no rung works, with all reasons and remedies.
    ///
    /// - Parameter offersNone: Whether the caller can go on without a sandbox of Graft's own.
    static func error(for failures: [RungFailure], offersNone: Bool) -> SandboxError {
        let reasons = failures.map { "\($0.rung.rawValue): \($0.reason)" }.joined(separator: "; ")
        var advice: [String] = []
        let settings = settings()
        for line in failures.flatMap({ $0.advice(settings) }) where !advice.contains(line) { advice.append(line) }
        if offersNone { advice.append("if this machine is itself a throw-away sandbox, use --sandbox external") }
        return SandboxError(
            .refused, "no sandbox works here (\(reasons))",
            nextStep: advice.isEmpty ? "see graft doctor" : advice.joined(separator: ", or "),
            details: failures.map(\.details).joined())
    }

    private func advice(_ settings: [String: String]) -> [String] {
        if rung == .landlock {
            return reason.contains("Landlock") ? ["Landlock needs Linux 5.13 or later, started with lsm=landlock"] : []
        }
        if reason.contains("not installed") { return ["apt-get install bubblewrap"] }
        if reason.contains("file system for /proc") || reason.contains("mount proc") {
            return ["the container around hides parts of /proc: start it with --security-opt systempaths=unconfined"]
        }
        let isRefused = ["namespace", "uid_map", "uid map", "setgroups", "RTM_NEWADDR", "not permitted"].contains(
            where: reason.contains)
        guard isRefused else { return [] }
        for sysctl in Self.sysctls where settings[sysctl.name] == sysctl.bad {
            return ["user namespaces are off: sysctl -w \(sysctl.name)=\(sysctl.good)"]
        }
        return ["the container around forbids namespaces: start it with --security-opt seccomp=unconfined"]
    }

    /// Kernel settings that forbid user namespaces, each with the bad and the good value.
    private static let sysctls = [
        (name: "kernel.unprivileged_userns_clone", bad: "0", good: "1"),
        (name: "kernel.apparmor_restrict_unprivileged_userns", bad: "1", good: "0"),
        (name: "user.max_user_namespaces", bad: "0", good: "10000"),
    ]

    /// Reads the settings that this kernel has.
    static func settings() -> [String: String] {
        var found: [String: String] = [:]
        for sysctl in sysctls {
            let path = "/proc/sys/" + sysctl.name.split(separator: ".").joined(separator: "/")
            guard let bytes = FileContent.bytes(path) else { continue }
            found[sysctl.name] = String(decoding: bytes.filter { $0 > 0x20 }, as: UTF8.self)
        }
        return found
    }
}
