import Glibc
import OS

/// Kills what a command without a sandbox has left behind, and reaps what became a child of this process.
struct ProcessSweep {
    private struct Found {
        var marked: [pid_t] = []
        var zombies: [pid_t] = []
        /// Whether a process is in execve(2), when the kernel shows no environment.
        var isUnsure = false
    }

    private static let rounds = 20

    /// An entry of the environment that only the command's processes have.
    let mark: String
    /// The session the command was started in.
    let session: pid_t

    /// Returns whether nothing marked is left.
    func run() -> Bool {
        for _ in 0..<Self.rounds {
            let found = processes()
            for pid in found.marked { Glibc.kill(pid, SIGKILL) }
            for pid in found.marked + found.zombies { collect(pid) }
            // A killed process may have forked before: look again.
            guard found.marked.isEmpty else { continue }
            if !found.isUnsure { return true }
            usleep(1000)
        }
        return processes().marked.isEmpty
    }

    private func collect(_ pid: pid_t) {
        guard let process = ChildProcess(adopting: pid) else { return }
        _ = process.waitForEnd(milliseconds: 250)
        _ = process.reap()
    }

    private func processes() -> Found {
        var found = Found()
        for name in FolderListing.names(in: "/proc") {
            guard let pid = pid_t(name), pid != getpid() else { continue }
            let environment = FileContent.bytes("/proc/\(name)/environ") ?? []
            if environment.split(separator: 0).contains(where: { $0.elementsEqual(mark.utf8) }) {
                found.marked.append(pid)
                continue
            }
            // A dead process has no environment; only those of this process and session matter.
            guard let status = status(of: pid), status.parent == getpid() || status.session == session else { continue }
            if status.isDead {
                if status.parent == getpid(), status.session == session { found.zombies.append(pid) }
            } else if environment.isEmpty {
                found.isUnsure = true
            }
        }
        return found
    }

    private func status(of pid: pid_t) -> (isDead: Bool, parent: pid_t, session: pid_t)? {
        let text = FileContent.text("/proc/\(pid)/stat") ?? ""
        guard let end = text.lastIndex(of: ")") else { return nil }
        // After the name: state, parent, group, session (proc_pid_stat(5)).
        let fields = text[text.index(after: end)...].split(separator: " ")
        guard fields.count > 3, let parent = pid_t(fields[1]), let session = pid_t(fields[3]) else { return nil }
        return (fields[0] == "Z" || fields[0] == "X", parent, session)
    }
}
