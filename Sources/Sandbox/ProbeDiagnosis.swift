import Glibc

/// Turns a sandbox that did not start into one line that says what to do.
enum ProbeDiagnosis {
    private static let wayOut = "or, if this machine is itself a throw-away sandbox, use --sandbox off"

    static let missing = SandboxError(
        .launcherMissing, "no sandbox: bwrap is not installed; apt-get install bubblewrap, \(wayOut)")

    /// Kernel settings that forbid user namespaces, with the value each must not have and the one that helps.
    private static let sysctls = [
        (name: "kernel.unprivileged_userns_clone", bad: "0", good: "1"),
        (name: "kernel.apparmor_restrict_unprivileged_userns", bad: "1", good: "0"),
        (name: "user.max_user_namespaces", bad: "0", good: "10000"),
    ]

    /// Reads the settings; those this kernel does not have are absent.
    static func settings() -> [String: String] {
        var found: [String: String] = [:]
        for sysctl in sysctls {
            let path = "/proc/sys/" + sysctl.name.split(separator: ".").joined(separator: "/")
            let file = open(path, O_RDONLY | O_CLOEXEC)
            guard file >= 0 else { continue }
            defer { close(file) }
            var buffer = [UInt8](repeating: 0, count: 32)
            let count = read(file, &buffer, buffer.count)
            found[sysctl.name] = String(decoding: buffer.prefix(max(0, count)).filter { $0 > 0x20 }, as: UTF8.self)
        }
        return found
    }

    static func explain(_ result: CommandResult, settings: [String: String]) -> SandboxError {
        let said = String(decoding: result.stderr.head + result.stderr.tail, as: UTF8.self)
        guard case .notStarted(let message) = result.outcome else {
            return SandboxError(
                .probeFailed, "no sandbox: its first command ended with \(result.outcome)", details: said)
        }
        return SandboxError(.refused, "no sandbox: \(message); \(advice(message, settings)), \(wayOut)", details: said)
    }

    private static func advice(_ message: String, _ settings: [String: String]) -> String {
        if message.contains("mount proc") {
            return "the container around hides parts of /proc: start it with --security-opt systempaths=unconfined"
        }
        guard ["namespace", "uid map", "RTM_NEWADDR", "Operation not permitted"].contains(where: message.contains)
        else {
            return "look at the policy's paths"
        }
        for sysctl in sysctls where settings[sysctl.name] == sysctl.bad {
            return "user namespaces are off: sysctl -w \(sysctl.name)=\(sysctl.good)"
        }
        return "the container around forbids namespaces: start it with --security-opt seccomp=unconfined"
    }
}
