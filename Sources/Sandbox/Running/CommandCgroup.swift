import Glibc
import OS
import Synchronization

/// Control groups for the commands of one sandbox, where this machine allows them.
///
/// They limit processes and memory together, also for root, whom no resource limit stops. They are removed with their
/// owner; the next Graft removes those of a killed one.
final class CommandCgroup: Sendable {
    private static let counter = Atomic<Int>(0)

    /// One for each hierarchy; two if memory and processes are counted separately.
    let folders: [String]
    /// Whether one of them limits the memory.
    let holdsMemory: Bool

    /// Makes the groups; nil if that is not possible.
    init?(limits: ResourceLimits) {
        var made: [String] = []
        var holdsMemory = false
        for place in CgroupPlace.all() {
            let name = "graft-\(getpid())-\(Self.counter.add(1, ordering: .relaxed).newValue)"
            Self.removeLeftovers(in: place.folder)
            let folder = "\(place.folder)/\(name)"
            guard mkdir(folder, 0o755) == 0 else { continue }
            if let processes = limits.processes, place.hasProcesses {
                _ = Self.write("\(processes)", to: folder + "/pids.max")
            }
            if let memory = limits.memory, place.hasMemory {
                let name = place.isUnified ? "memory.max" : "memory.limit_in_bytes"
                if Self.write("\(memory)", to: "\(folder)/\(name)") { holdsMemory = true }
            }
            made.append(folder)
        }
        guard !made.isEmpty else { return nil }
        folders = made
        self.holdsMemory = holdsMemory
    }

    deinit {
        for folder in folders {
            // Busy until the kernel has removed the last process.
            for _ in 0..<50 {
                if rmdir(folder) == 0 || errno != EBUSY { break }
                usleep(2000)
            }
        }
    }

    /// The number of processes that the kernel has killed so far because memory was used up.
    var kills: Int {
        var sum = 0
        for folder in folders {
            for name in ["memory.events", "memory.oom_control"] {
                let lines = (FileContent.text("\(folder)/\(name)") ?? "").split(separator: "\n")
                for line in lines where line.hasPrefix("oom_kill ") { sum += Int(line.dropFirst(9)) ?? 0 }
            }
        }
        return sum
    }

    private static func removeLeftovers(in folder: String) {
        for name in FolderListing.names(in: folder) where name.hasPrefix("graft-") {
            let words = name.split(separator: "-")
            guard words.count == 3, let pid = pid_t(words[1]), Glibc.kill(pid, 0) != 0, errno == ESRCH else { continue }
            rmdir("\(folder)/\(name)")
        }
    }

    /// Writes a limit; false if this kernel does not accept it.
    private static func write(_ text: String, to path: String) -> Bool {
        let file = Descriptor(open(path, O_WRONLY | O_CLOEXEC))
        guard file.raw >= 0 else { return false }
        return (try? FileContent.write(text.utf8, to: file.raw)) != nil
    }
}

/// A folder in which control groups can be made.
struct CgroupPlace {
    let folder: String
    let hasMemory: Bool
    let hasProcesses: Bool
    let isUnified: Bool

    /// Finds the group of this process (cgroups(7)): version 1 with a hierarchy for each resource, else version 2.
    static func all(
        root: String = "/sys/fs/cgroup", own: String? = FileContent.text("/proc/self/cgroup")
    ) -> [CgroupPlace] {
        var found: [CgroupPlace] = []
        for line in (own ?? "").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            let controllers = fields[1].split(separator: ",").map(String.init)
            let path = fields[2] == "/" ? "" : fields[2]
            if fields[1].isEmpty {
                found += unified(root: root, path: path)
            } else if controllers.contains("memory") || controllers.contains("pids") {
                // In a container the own folder is the visible root.
                let places = ["\(root)/\(fields[1])\(path)", "\(root)/\(fields[1])"]
                guard let folder = places.first(where: isWritable) else { continue }
                found.append(
                    CgroupPlace(
                        folder: folder, hasMemory: controllers.contains("memory"),
                        hasProcesses: controllers.contains("pids"), isUnified: false))
            }
        }
        return found
    }

    /// Beside the group of this process, because a group with processes cannot have children with limits.
    private static func unified(root: String, path: String) -> [CgroupPlace] {
        let folder = root + (path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "")
        let text = FileContent.text(folder + "/cgroup.subtree_control") ?? ""
        let controllers = text.split { $0 == " " || $0 == "\n" }
        guard controllers.contains("memory") || controllers.contains("pids"), isWritable(folder) else { return [] }
        return [
            CgroupPlace(
                folder: folder, hasMemory: controllers.contains("memory"), hasProcesses: controllers.contains("pids"),
                isUnified: true)
        ]
    }

    private static func isWritable(_ folder: String) -> Bool {
        access(folder, W_OK) == 0 && access(folder + "/cgroup.procs", W_OK) == 0
    }
}
