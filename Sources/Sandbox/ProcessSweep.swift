import Glibc

/// Kills what a command without a sandbox has left behind, and collects what became our children by that.
struct ProcessSweep {
    private static let rounds = 20

    /// An entry of the environment that the command's processes have and no others.
    let mark: String
    /// The session the command was started in.
    let session: pid_t

    /// Returns whether nothing marked is left.
    func run() -> Bool {
        for _ in 0..<Self.rounds {
            let found = processes()
            for pid in found.marked { Glibc.kill(pid, SIGKILL) }
            for pid in found.marked + found.zombies { collect(pid) }
            // Killing one may have made room for a child of its to appear: look again.
            if found.marked.isEmpty { return true }
        }
        return false
    }

    private func collect(_ pid: pid_t) {
        guard let process = ChildProcess(adopting: pid) else { return }
        _ = process.waitForEnd(milliseconds: 250)
        _ = process.reap()
    }

    private func processes() -> (marked: [pid_t], zombies: [pid_t]) {
        var result: (marked: [pid_t], zombies: [pid_t]) = ([], [])
        guard let folder = opendir("/proc") else { return result }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let pid = pid_t(name), pid != getpid() else { continue }
            if contents("/proc/\(name)/environ").split(separator: 0).contains(where: { $0.elementsEqual(mark.utf8) }) {
                result.marked.append(pid)
            } else if isZombieOfSession(pid) {
                result.zombies.append(pid)
            }
        }
        return result
    }

    /// Whether this is a dead child of ours from the command's session; its environment is gone.
    private func isZombieOfSession(_ pid: pid_t) -> Bool {
        let text = String(decoding: contents("/proc/\(pid)/stat"), as: UTF8.self)
        guard let end = text.lastIndex(of: ")") else { return false }
        // After the name: state, parent, group, session (proc_pid_stat(5)).
        let fields = text[text.index(after: end)...].split(separator: " ")
        return fields.count > 3 && fields[0] == "Z" && fields[1] == "\(getpid())" && fields[3] == "\(session)"
    }

    private func contents(_ path: String) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return [] }
        defer { close(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(file, &buffer, buffer.count)
            guard count > 0 else { return result }
            result += buffer[..<count]
        }
    }
}
