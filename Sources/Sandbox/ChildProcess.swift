import CSpawn
import Glibc

/// One child process of ours and its pidfd.
final class ChildProcess {
    let pid: pid_t
    private let process: ProcessDescriptor
    private var isReaped = false

    /// Starts a program; see `graft_spawn`.
    init(
        path: String, arguments: [String], environment: [String], directory: String, descriptors: [Descriptor]
    ) throws(SpawnError) {
        var child = graft_child()
        let numbers = descriptors.map(\.raw)
        let error = withCStrings(arguments) { argv in
            withCStrings(environment) { envp in
                path.withCString { path in
                    directory.withCString { directory in
                        numbers.withUnsafeBufferPointer { numbers in
                            var request = graft_spawn_request(
                                path: path, argv: argv, envp: envp, directory: directory,
                                descriptors: numbers.baseAddress, descriptor_count: numbers.count)
                            return graft_spawn(&request, &child)
                        }
                    }
                }
            }
        }
        // Numbers keep nothing open: the owners must live until here.
        withExtendedLifetime(descriptors) {}
        guard error == 0 else { throw SpawnError(code: error) }
        pid = child.pid
        process = ProcessDescriptor(Descriptor(child.pidfd))
    }

    /// Takes on a process that exists already; nil if it is gone.
    init?(adopting pid: pid_t) {
        let raw = graft_pidfd_open(pid)
        guard raw >= 0 else { return nil }
        self.pid = pid
        process = ProcessDescriptor(Descriptor(raw))
    }

    struct SpawnError: Error {
        let code: Int32
    }

    var exitDescriptor: Int32 { process.raw }

    func send(_ signal: Int32) { process.send(signal) }

    /// Sends a signal to the process group this process leads; false if there is none.
    func sendToGroup(_ signal: Int32) -> Bool {
        !isReaped && Glibc.kill(-pid, signal) == 0
    }

    func waitForEnd(milliseconds: Int32) -> Bool { process.waitForEnd(milliseconds: milliseconds) }

    /// Collects the process if it has ended and is our child (wait4(2)).
    func reap() -> (status: Int32, usage: CommandResult.Usage)? {
        guard !isReaped else { return nil }
        var status: Int32 = 0
        var usage = rusage()
        var result = wait4(pid, &status, WNOHANG, &usage)
        while result < 0, errno == EINTR { result = wait4(pid, &status, WNOHANG, &usage) }
        guard result == pid else { return nil }
        isReaped = true
        return (status, CommandResult.Usage(usage))
    }
}

extension CommandResult.Usage {
    fileprivate init(_ usage: rusage) {
        user = .seconds(usage.ru_utime.tv_sec) + .microseconds(usage.ru_utime.tv_usec)
        system = .seconds(usage.ru_stime.tv_sec) + .microseconds(usage.ru_stime.tv_usec)
        peakResidentBytes = usage.ru_maxrss * 1024
    }
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
