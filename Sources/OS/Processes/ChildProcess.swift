import CSpawn
public import Glibc

/// A child process and its pidfd.
public final class ChildProcess {
    /// The session and process group of a new process.
    public enum Group: Sendable {
        /// A new session, without a controlling terminal.
        case ownSession
        /// A new process group in the session of this process.
        case ownGroup
        /// The group of this process, so that both have the terminal.
        case ours

        fileprivate var value: graft_spawn_group {
            switch self {
            case .ownSession: GRAFT_OWN_SESSION
            case .ownGroup: GRAFT_OWN_GROUP
            case .ours: GRAFT_CALLERS_GROUP
            }
        }
    }

    /// How a process ended, and what it and the processes it has waited for have used.
    public struct End: Sendable, Hashable {
        /// How it ended.
        public enum How: Sendable, Hashable {
            /// It exited with this status.
            case exited(Int32)
            /// This signal ended it.
            case signalled(Int32)
        }

        /// How it ended.
        public let how: How
        /// Processor time outside the kernel.
        public let user: Duration
        /// Processor time inside the kernel.
        public let system: Duration
        /// The largest resident size of any one process, in bytes.
        public let peakResidentBytes: Int

        fileprivate init(_ status: Int32, _ usage: rusage) {
            how = graft_exited(status) != 0 ? .exited(graft_exit_code(status)) : .signalled(graft_signal(status))
            user = .seconds(usage.ru_utime.tv_sec) + .microseconds(usage.ru_utime.tv_usec)
            system = .seconds(usage.ru_stime.tv_sec) + .microseconds(usage.ru_stime.tv_usec)
            peakResidentBytes = usage.ru_maxrss * 1024
        }
    }

    /// The process id, which is not reused before the process is reaped.
    public let pid: pid_t
    /// The process for other threads, which may send signals at any time.
    public let process: ProcessDescriptor
    private var isReaped = false

    /// Starts a program, with default signal dispositions and no signal blocked; see `graft_spawn`.
    ///
    /// - Parameters:
    ///   - path: The file to execute.
    ///   - searchesPath: Whether a path without a slash is looked up in the `PATH` of this process.
    ///   - directory: The folder to start in; nil for the folder of this process.
    ///   - descriptors: Become its descriptors 0, 1, 2 and so on; it gets no others.
    /// - Throws: The error of the system, also of execve(2) in the child: `ENOENT` for a missing program.
    public init(
        path: String, searchesPath: Bool = false, arguments: [String], environment: [String], directory: String?,
        group: Group = .ownSession, descriptors: [Int32]
    ) throws(SystemError) {
        var child = graft_child()
        let error = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                path.withCString { path in
                    withOptionalCString(directory) { directory in
                        descriptors.withUnsafeBufferPointer { numbers in
                            var request = graft_spawn_request(
                                path: path, argv: argv, envp: envp, directory: directory,
                                descriptors: numbers.baseAddress, descriptor_count: numbers.count, group: group.value,
                                searches_path: searchesPath ? 1 : 0)
                            return graft_spawn(&request, &child)
                        }
                    }
                }
            }
        }
        guard error == 0 else { throw SystemError("start \(path)", error) }
        pid = child.pid
        process = ProcessDescriptor(Descriptor(child.pidfd))
    }

    /// Starts a program with owned descriptors, which are kept open until then.
    ///
    /// - Throws: The error of the system, as
    ///   ``init(path:searchesPath:arguments:environment:directory:group:descriptors:)``.
    public convenience init(
        path: String, arguments: [String], environment: [String], directory: String, descriptors: [Descriptor]
    ) throws(SystemError) {
        defer { withExtendedLifetime(descriptors) {} }
        try self.init(
            path: path, arguments: arguments, environment: environment, directory: directory,
            descriptors: descriptors.map(\.raw))
    }

    /// Takes over an existing process; nil if it has ended (pidfd_open(2)).
    public init?(adopting pid: pid_t) {
        let raw = graft_pidfd_open(pid)
        guard raw >= 0 else { return nil }
        self.pid = pid
        process = ProcessDescriptor(Descriptor(raw))
    }

    /// Becomes readable when the process ends.
    public var exitDescriptor: Int32 { process.raw }

    /// Sends a signal; does nothing if the process has ended.
    public func send(_ signal: Int32) { process.send(signal) }

    /// Sends a signal to the process group this process leads; false if there is none.
    public func sendToGroup(_ signal: Int32) -> Bool {
        !isReaped && Glibc.kill(-pid, signal) == 0
    }

    /// Waits for the end of the process; false if the time is over first. A negative time is no limit.
    public func waitForEnd(milliseconds: Int32) -> Bool { process.waitForEnd(milliseconds: milliseconds) }

    /// Reaps the process if it has ended and is a child; nil otherwise (wait4(2)).
    public func reap() -> End? {
        guard !isReaped else { return nil }
        var status: Int32 = 0
        var usage = rusage()
        var result = wait4(pid, &status, WNOHANG, &usage)
        while result < 0, errno == EINTR { result = wait4(pid, &status, WNOHANG, &usage) }
        guard result == pid else { return nil }
        isReaped = true
        return End(status, usage)
    }

    /// Makes this process a subreaper for good: orphans below it become its children; fails only on kernels older than
    /// pidfds (PR_SET_CHILD_SUBREAPER).
    public static func adoptOrphans() { _ = graft_become_subreaper() }
}

private func withOptionalCString<Result>(_ text: String?, _ body: (UnsafePointer<CChar>?) -> Result) -> Result {
    guard let text else { return body(nil) }
    return text.withCString(body)
}

private func withCStrings<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    let pointers = strings.map { strdup($0) } + [nil]
    defer { pointers.forEach { free($0) } }
    return pointers.withUnsafeBufferPointer { buffer in
        // Never empty, since it ends with nil.
        withUnsafePointer(to: pointers[0]) { body(buffer.baseAddress ?? $0) }
    }
}
