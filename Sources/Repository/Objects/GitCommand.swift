import Glibc
import OS
import Text

/// Runs the `git` command, for what libgit2 1.5 cannot do or does slowly.
///
/// No hooks, no prompts, no file-system monitor, no background maintenance; the folder comes from the caller,
/// never from a `.git` file that a command in the tree could have rewritten.
struct GitCommand {
    /// The folder of HEAD and index.
    let gitDirectory: String
    /// The root of the checkout.
    let workTree: String
    /// Its environment, from which the variables that choose a repository are removed.
    let environment: [String: String]
    /// The time limit.
    var limit: Duration = .seconds(60)
    /// Further environment variables.
    var variables: [String: String] = [:]

    /// Runs `git` with these arguments and returns its standard output; fails with `gitCommand`.
    func run(_ arguments: [String], input: [UInt8] = [], index: String? = nil) throws(RepositoryError) -> [UInt8] {
        let what = "git " + (arguments.first ?? "")
        let streams = try Streams(what)
        let process = try spawn(arguments, what, index: index, streams)
        let (feed, output, errors) = (streams.feed, streams.output, streams.errors)
        let deadline = ContinuousClock.now + limit
        let isInTime = Self.exchange(input, feed, output, errors, until: deadline)
        // The end is near when both outputs are closed.
        guard isInTime, process.waitForEnd(milliseconds: Self.milliseconds(to: deadline) ?? 0), let end = process.reap()
        else {
            _ = process.sendToGroup(SIGKILL)
            _ = process.waitForEnd(milliseconds: -1)
            _ = process.reap()
            throw RepositoryError(.gitCommand, "\(what) in \(workTree) did not finish in \(limit.spelled)")
        }
        guard end.how == .exited(0) else {
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

    /// The variables that choose another repository, index or configuration (git rev-parse
    /// --local-env-vars).
    private static let local: Set<String> = [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OBJECT_DIRECTORY", "GIT_DIR", "GIT_WORK_TREE", "GIT_GRAFT_FILE",
        "GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_NO_REPLACE_OBJECTS", "GIT_REPLACE_REF_BASE", "GIT_PREFIX",
        "GIT_SHALLOW_FILE", "GIT_COMMON_DIR", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_CONFIG",
        "GIT_CONFIG_PARAMETERS", "GIT_CONFIG_COUNT",
    ]

    private func spawn(
        _ arguments: [String], _ what: String, index: String?, _ streams: Streams
    ) throws(RepositoryError) -> ChildProcess {
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
        defer { streams.closeChildEnds() }
        do throws(SystemError) {
            // The group is for killing.
            return try ChildProcess(
                path: "git", searchesPath: true, arguments: command,
                environment: variables.map { "\($0.key)=\($0.value)" }, directory: nil, group: .ownGroup,
                descriptors: [streams.feed, streams.output, streams.errors].compactMap { $0.child?.raw })
        } catch {
            throw RepositoryError(
                .gitCommand, "could not start \(what): \(error.reason)", nextStep: "is git installed and in PATH?",
                underlying: error)
        }
    }

    /// Feeds the command and reads both outputs until they are closed; false if the time is over first.
    private static func exchange(
        _ input: [UInt8], _ feed: Stream, _ output: Stream, _ errors: Stream, until deadline: ContinuousClock.Instant
    ) -> Bool {
        var sent = 0
        if input.isEmpty { feed.close() }
        while output.isOpen || errors.isOpen {
            guard let milliseconds = milliseconds(to: deadline) else { return false }
            var waiting = [output, errors].map { pollfd(fd: $0.raw, events: Int16(POLLIN), revents: 0) }
            waiting.append(pollfd(fd: feed.raw, events: Int16(POLLOUT), revents: 0))
            guard poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { continue }
            if waiting[0].revents != 0 { output.receive() }
            if waiting[1].revents != 0 { errors.receive() }
            if waiting[2].revents != 0 {
                let count = input[sent...].withUnsafeBytes {
                    send(feed.raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                }
                if count > 0 { sent += count }
                if sent == input.count || (count < 0 && errno != EAGAIN && errno != EINTR) { feed.close() }
            }
        }
        return true
    }

    /// The remaining time, rounded up; nil if there is none.
    private static func milliseconds(to deadline: ContinuousClock.Instant) -> Int32? {
        let left = (deadline - .now).components
        guard left.seconds >= 0, left.attoseconds >= 0 else { return nil }
        return Int32(clamping: left.seconds * 1000 + left.attoseconds / 1_000_000_000_000_000 + 1)
    }
}

/// The command's standard streams.
private struct Streams {
    let feed: Stream
    let output: Stream
    let errors: Stream

    init(_ what: String) throws(RepositoryError) {
        do throws(SystemError) { (feed, output, errors) = (try Stream(), try Stream(), try Stream()) } catch {
            throw RepositoryError(.system, "could not start \(what): \(error.reason)", underlying: error)
        }
    }

    /// Closes the ends of the child, so that only the command has them.
    func closeChildEnds() { for stream in [feed, output, errors] { stream.child = nil } }
}

/// A stream between this process and the child: a socket pair, which is close-on-exec from the start and can be written
/// to without SIGPIPE.
private final class Stream {
    private var own: Descriptor?
    fileprivate(set) var child: Descriptor?
    private(set) var received: [UInt8] = []

    init() throws(SystemError) {
        let ends = try SocketPair()
        (own, child) = (ends.near, ends.far)
    }

    var isOpen: Bool { own != nil }
    /// What to poll; -1 once it is closed.
    var raw: Int32 { own?.raw ?? -1 }

    func close() { own = nil }

    func receive() {
        let count = withUnsafeTemporaryAllocation(byteCount: 65536, alignment: 1) { buffer in
            let count = read(raw, buffer.baseAddress, buffer.count)
            if count > 0 { received.append(contentsOf: buffer.prefix(count)) }
            return count
        }
        if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { close() }
    }
}
