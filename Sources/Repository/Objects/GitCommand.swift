import Glibc

/// Runs the `git` command, for what libgit2 1.5 cannot do or does slowly.
///
/// No hooks, no prompts, no file-system monitor, no background maintenance; the folder comes from the caller,
/// never from a `.git` file that a command in the tree could have rewritten.
struct GitCommand {
    /// The folder of HEAD and index.
    let gitDirectory: String
    /// The root of the checkout.
    let workTree: String
    /// What the command sees, less the variables that choose a repository.
    let environment: [String: String]
    /// How long it may take.
    var limit: Duration = .seconds(60)
    /// Further variables of its environment.
    var variables: [String: String] = [:]

    /// Runs `git` with these arguments and returns what it wrote to standard output; `gitCommand` when it fails.
    func run(_ arguments: [String], input: [UInt8] = [], index: String? = nil) throws(RepositoryError) -> [UInt8] {
        let what = "git " + (arguments.first ?? "")
        let output = try Pipe(what)
        let errors = try Pipe(what)
        let feed = try Pipe(what)
        let pid = try spawn(arguments, what, index: index, [feed.child, output.child, errors.child])
        for pipe in [output, errors, feed] { pipe.closeChild() }
        let deadline = ContinuousClock.now + limit
        let isInTime = Self.exchange(input, feed, output, errors, until: deadline)
        let status = isInTime ? Self.wait(pid, until: deadline) : nil
        guard let status else {
            kill(-pid, SIGKILL)
            var ignored: Int32 = 0
            while waitpid(pid, &ignored, 0) < 0, errno == EINTR {}
            throw RepositoryError(.gitCommand, "\(what) in \(workTree) did not finish in \(limit)")
        }
        guard status == 0 else {
            let text = String(decoding: errors.received.suffix(4096), as: UTF8.self)
            let line = text.split(separator: "\n").last { !$0.hasPrefix("hint:") } ?? "it said nothing"
            throw RepositoryError(.gitCommand, "\(what) in \(workTree) failed: \(line)", details: text)
        }
        return output.received
    }

    private static let fixed = [
        "core.hooksPath=/dev/null", "core.fsmonitor=false", "gc.auto=0", "maintenance.auto=false",
        "core.splitIndex=false", "index.sparse=false", "advice.detachedHead=false",
    ]

    /// The variables that would send git to another repository, index or configuration (git rev-parse
    /// --local-env-vars).
    private static let local: Set<String> = [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE", "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX",
        "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT",
    ]

    private func spawn(
        _ arguments: [String], _ what: String, index: String?, _ descriptors: [Int32]
    ) throws(RepositoryError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (target, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(target))
        }
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        // A library may have set SIGPIPE to ignored, which git would inherit; the group is for the kill.
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigaddset(&signals, SIGPIPE)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setpgroup(&attributes, 0)
        let flags = Int32(POSIX_SPAWN_SETSIGDEF) | Int32(POSIX_SPAWN_SETSIGMASK) | Int32(POSIX_SPAWN_SETPGROUP)
        posix_spawnattr_setflags(&attributes, Int16(flags))

        var variables = environment.filter { !Self.local.contains($0.key) }.merging(self.variables) { $1 }
        variables["GIT_DIR"] = gitDirectory
        variables["GIT_WORK_TREE"] = workTree
        variables["GIT_INDEX_FILE"] = index
        variables["GIT_TERMINAL_PROMPT"] = "0"
        // libgit2 does not follow replacements; both must see the same objects.
        variables["GIT_NO_REPLACE_OBJECTS"] = "1"
        // A filter written in Python must not find modules in the tree.
        variables["PYTHONSAFEPATH"] = "1"
        variables["LC_ALL"] = "C"
        let command = ["git", "-C", workTree] + Self.fixed.flatMap { ["-c", $0] } + arguments
        var argv: [UnsafeMutablePointer<CChar>?] = command.map { strdup($0) } + [nil]
        var envp: [UnsafeMutablePointer<CChar>?] = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var pid: pid_t = 0
        let result = posix_spawnp(&pid, "git", &actions, &attributes, &argv, &envp)
        guard result == 0 else {
            let reason = String(cString: strerror(result))
            throw RepositoryError(.gitCommand, "could not start \(what): \(reason); is git installed and in PATH?")
        }
        return pid
    }

    /// Feeds the command and reads both its outputs until they are closed; false when time ran out.
    private static func exchange(
        _ input: [UInt8], _ feed: Pipe, _ output: Pipe, _ errors: Pipe, until deadline: ContinuousClock.Instant
    ) -> Bool {
        var sent = 0
        if input.isEmpty { feed.close() }
        while output.isOpen || errors.isOpen {
            let left = (deadline - .now).components
            guard left.seconds >= 0, left.attoseconds >= 0 else { return false }
            let milliseconds = Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
            var waiting = [output, errors].map { pollfd(fd: $0.parent, events: Int16(POLLIN), revents: 0) }
            waiting.append(pollfd(fd: feed.parent, events: Int16(POLLOUT), revents: 0))
            guard poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { continue }
            if waiting[0].revents != 0 { output.receive() }
            if waiting[1].revents != 0 { errors.receive() }
            if waiting[2].revents != 0 {
                let count = input[sent...].withUnsafeBytes {
                    send(feed.parent, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                }
                if count > 0 { sent += count }
                if sent == input.count || (count < 0 && errno != EAGAIN && errno != EINTR) { feed.close() }
            }
        }
        return true
    }

    /// Waits for the end, which is near when both outputs are closed.
    private static func wait(_ pid: pid_t, until deadline: ContinuousClock.Instant) -> Int32? {
        var status: Int32 = 0
        while ContinuousClock.now < deadline {
            if waitpid(pid, &status, WNOHANG) == pid { return status }
            usleep(200)
        }
        return nil
    }
}

/// One end for us, one for the child. A socket pair, because it can be made close-on-exec in one call and written
/// to without SIGPIPE.
private final class Pipe {
    private(set) var parent: Int32
    private(set) var child: Int32
    private(set) var received: [UInt8] = []

    init(_ what: String) throws(RepositoryError) {
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
            throw RepositoryError(.system, "could not start \(what): \(String(cString: strerror(errno)))")
        }
        (parent, child) = (ends[0], ends[1])
    }

    deinit {
        close()
        closeChild()
    }

    var isOpen: Bool { parent >= 0 }

    func close() {
        if parent >= 0 { Glibc.close(parent) }
        parent = -1
    }

    func closeChild() {
        if child >= 0 { Glibc.close(child) }
        child = -1
    }

    func receive() {
        let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = read(parent, buffer.baseAddress, buffer.count)
            if count > 0 { received.append(contentsOf: buffer.prefix(count)) }
            return count
        }
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { close() }
    }
}
