import Glibc

/// The user's editor.
struct Editor: Sendable {
    /// How an editor ended.
    enum Ending: Sendable, Hashable {
        case saved
        /// It could not be started, failed or crashed; why, in words.
        case failed(String)
    }

    /// The command as the user has configured it, which the shell takes apart.
    let command: String
    private let environment: [String: String]

    /// Takes `VISUAL`, else `EDITOR`, else git's `core.editor`, else `vi`.
    init(environment: [String: String], configured: String?) {
        let choices = [environment["VISUAL"], environment["EDITOR"], configured]
        command = choices.lazy.compactMap { $0 }.first { !$0.isEmpty } ?? "vi"
        self.environment = environment
    }

    /// The arguments that open a file at a line, as this editor spells it.
    func arguments(path: String, line: Int) -> [String] {
        let word = command.split(separator: " ").first ?? ""
        let name = word.split(separator: "/").last ?? word
        return switch name {
        case "code", "codium", "code-insiders", "cursor": ["--goto", "\(path):\(line)"]
        case "hx", "helix", "subl", "zed": ["\(path):\(line)"]
        case "ed", "ex", "cat", "true", "false": [path]
        default: ["+\(line)", path]
        }
    }

    /// Runs the editor on the terminal and waits for its end; the caller has given the terminal back.
    ///
    /// - Parameter waitForSignal: Waits for a signal, of which the end of a child is one; returns those that are to
    ///   be passed on.
    func run(_ arguments: [String], waitForSignal: () -> [Int32]) -> Ending {
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for number in [SIGPIPE, SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH] {
            sigaddset(&signals, number)
        }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
        let words = ["/bin/sh", "-c", command + " \"$@\"", command] + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let error = posix_spawn(&pid, "/bin/sh", nil, &attributes, &argv, &envp)
        guard error == 0 else { return .failed("cannot start \(command): \(String(cString: strerror(error)))") }
        var status: Int32 = 0
        while true {
            let result = waitpid(pid, &status, WNOHANG)
            if result == pid { break }
            guard result == 0 || errno == EINTR else { return .failed("\(command) was lost") }
            for number in waitForSignal() { kill(pid, number) }
        }
        return ending(status)
    }

    private func ending(_ status: Int32) -> Ending {
        let signal = status & 0x7F
        if signal != 0 { return .failed("\(command) was ended by signal \(signal)") }
        let code = status >> 8 & 0xFF
        return code == 0 ? .saved : .failed(code == 127 ? "\(command) was not found" : "\(command) exited with \(code)")
    }
}
