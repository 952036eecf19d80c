import CSpawn
public import Glibc

/// One child process of ours and its pidfd.
public final class ChildProcess {
    /// Which processes a new one belongs with.
    public enum Group: Sendable {
        /// A session of its own, without a controlling terminal.
        case ownSession
        /// A process group of its own in our session.
        case ownGroup
        /// Our group, so that it has the terminal when we have.
        case ours

        fileprivate var value: graft_spawn_group {
            switch self {
            case .ownSession: GRAFT_OWN_SESSION
            case .ownGroup: GRAFT_OWN_GROUP
            case .ours: GRAFT_CALLERS_GROUP
            }
        }
    }

    /// How a process ended, and what it used together with what it has waited for.
    public struct End: Sendable, Hashable {
        /// How it ended.
        public enum How: Sendable, Hashable {
            /// With this exit status.
            case exited(Int32)
            /// By this signal.
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

    /// The number, which stays its own until it is collected.
    public let pid: pid_t
    private let process: ProcessDescriptor
    private var isReaped = false

    /// Starts a program, with default signal dispositions and no signal blocked; see `graft_spawn`.
    ///
    /// - Parameters:
    ///   - path: The file to execute.
    ///   - searchesPath: Whether a path without a slash is looked up in our own `PATH`.
    ///   - directory: Where it starts; nil for our own folder.
    ///   - descriptors: What become its 0, 1, 2 and so on; it gets no others.
    /// - Throws: What the system said, also when that was execve(2) in the child: `ENOENT` for a missing program.
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

    /// Starts a program with descriptors that have owners, which live at least until it has them.
    ///
    /// - Throws: What the system said, as ``init(path:searchesPath:arguments:environment:directory:group:descriptors:)``.
    public convenience init(
        path: String, arguments: [String], environment: [String], directory: String, descriptors: [Descriptor]
    ) throws(SystemError) {
        defer { withExtendedLifetime(descriptors) {} }
        try self.init(
            path: path, arguments: arguments, environment: environment, directory: directory,
            descriptors: descriptors.map(\.raw))
    }

    /// Takes on a process that exists already; nil if it is gone (pidfd_open(2)).
    public init?(adopting pid: pid_t) {
        let raw = graft_pidfd_open(pid)
        guard raw >= 0 else { return nil }
        self.pid = pid
        process = ProcessDescriptor(Descriptor(raw))
    }

    /// Becomes readable when the process has ended.
    public var exitDescriptor: Int32 { process.raw }

    /// Sends a signal; does nothing if the process is gone.
    public func send(_ signal: Int32) { process.send(signal) }

    /// Sends a signal to the process group this process leads; false if there is none.
    public func sendToGroup(_ signal: Int32) -> Bool {
        !isReaped && Glibc.kill(-pid, signal) == 0
    }

    /// Waits until the process has ended; false if it has not in time. A negative time is no limit.
    public func waitForEnd(milliseconds: Int32) -> Bool { process.waitForEnd(milliseconds: milliseconds) }

    /// Collects the process if it has ended and is our child; nil otherwise (wait4(2)).
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

    /// Lets orphans below this process become its children instead of those of PID 1, for good; fails only on kernels
    /// older than pidfds (PR_SET_CHILD_SUBREAPER).
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
        // Never empty: it ends with nil.
        withUnsafePointer(to: pointers[0]) { body(buffer.baseAddress ?? $0) }
    }
}
