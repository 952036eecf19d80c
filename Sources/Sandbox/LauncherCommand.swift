import CSpawn
import Glibc

/// A command inside the sandbox that Graft's own launcher makes.
///
/// The launcher stays outside and ends only when everything inside is gone, so waiting for it is waiting for all; what
/// it used is what all of them used. It tells on its status pipe how the command ended.
final class LauncherCommand: LaunchedCommand {
    private let launcher: ChildProcess
    private let status: Descriptor
    private var said: [UInt8] = []
    private var hasMoreToSay = true
    private let bridge: ProxyBridge?

    init(
        program: String, plan: LauncherPlan, words: [String], environment: [String], directory: String,
        streams: CommandStreams, hosts: [HostPattern]? = nil
    ) throws(LaunchFailure) {
        guard words.first?.isEmpty == false else { throw LaunchFailure("the command is empty") }
        let status = try Pipe()
        let proxy = try hosts.map { _ throws(LaunchFailure) in try ProxyBridge.make() }
        let further = proxy.map { [$0.far] } ?? []
        do {
            launcher = try ChildProcess(
                path: program, arguments: [program, "\(getpid())", directory] + words, environment: environment,
                directory: "/", descriptors: streams.all + [plan.file, status.writing] + further)
        } catch {
            throw LaunchFailure("cannot start \(program)", error.code)
        }
        self.status = status.reading
        bridge = proxy?.bridge
        bridge?.open(hosts: hosts ?? [])
    }

    var exitDescriptor: Int32 { launcher.exitDescriptor }
    var statusDescriptor: Int32 { hasMoreToSay ? status.raw : -1 }

    func readStatus() {
        var buffer = [UInt8](repeating: 0, count: 1024)
        while hasMoreToSay {
            let count = read(status.raw, &buffer, buffer.count)
            if count > 0 {
                said += buffer[..<count]
            } else if count == 0 {
                hasMoreToSay = false
            } else if errno != EINTR {
                break
            }
        }
    }

    func terminate() -> Bool {
        launcher.send(SIGTERM)
        return true
    }

    func kill() {
        launcher.send(SIGHUP)
    }

    func reap() -> Ending {
        var ending = Ending(how: .stuck)
        defer { _ = bridge?.end() }
        // Its first process dies with it, and everything with that.
        if !launcher.waitForEnd(milliseconds: 0) { launcher.send(SIGKILL) }
        guard launcher.waitForEnd(milliseconds: 5000), let end = launcher.reap() else {
            ending.leftProcesses = true
            return ending
        }
        ending.usage = end.usage
        ending.deniedHosts = bridge?.end() ?? []
        // It holds these two back before it starts anything; SIGKILL it cannot.
        let isEarly = graft_exited(end.status) == 0 && [SIGHUP, SIGTERM].contains(graft_signal(end.status))
        ending.leftProcesses = graft_exited(end.status) == 0 && !isEarly
        readStatus()
        ending.how = outcome() ?? .signalled(SIGKILL)
        return ending
    }

    /// The first thing said counts: a launcher that failed ends its processes, which is told too.
    private func outcome() -> Ending.How? {
        let line = said.split(separator: UInt8(ascii: "\n")).first.map { String(decoding: $0, as: UTF8.self) }
        let words = line?.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false) ?? []
        guard words.count >= 2, let number = Int32(words[1]) else { return nil }
        switch words[0] {
        case "exited": return .exited(number)
        case "signalled": return .signalled(number)
        default:
            let attempt = words.count > 2 ? String(words[2]) : "start"
            if number == ENOENT, attempt.hasPrefix("run ") {
                return .failed("\(attempt.dropFirst("run ".count)): command not found")
            }
            return .failed("cannot \(attempt): \(SystemMessage.text(number))")
        }
    }
}
