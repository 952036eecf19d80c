import Glibc

/// How much of the machine one command may take.
public struct ResourceLimits: Sendable, Equatable {
    /// Processes and threads of the user inside the sandbox; does not hold for root.
    public var processes: Int?
    /// Bytes of address space of each process; nil because many runtimes reserve far more than they use.
    public var addressSpace: Int?
    /// Bytes of the largest file that can be written.
    public var fileSize: Int?
    /// Open files of each process.
    public var openFiles: Int?
    /// Bytes of memory of all processes together: of all commands where a cgroup can be made, which then holds root to
    /// `processes` too, and else of each command.
    public var memory: Int?

    /// What every test suite we know gets along with, and three quarters of the memory.
    public static let standard = ResourceLimits(
        processes: 4096, fileSize: 16 << 30, openFiles: 65536,
        memory: sysconf(Int32(_SC_PHYS_PAGES)) / 4 * 3 * sysconf(Int32(_SC_PAGESIZE)))

    /// Names the limits; nil is none.
    public init(
        processes: Int? = nil, addressSpace: Int? = nil, fileSize: Int? = nil, openFiles: Int? = nil, memory: Int? = nil
    ) {
        self.processes = processes
        self.addressSpace = addressSpace
        self.fileSize = fileSize
        self.openFiles = openFiles
        self.memory = memory
    }
}

extension ResourceLimits {
    /// These limits, and where there is none that of another.
    func over(_ other: ResourceLimits) -> ResourceLimits {
        ResourceLimits(
            processes: processes ?? other.processes, addressSpace: addressSpace ?? other.addressSpace,
            fileSize: fileSize ?? other.fileSize, openFiles: openFiles ?? other.openFiles,
            memory: memory ?? other.memory)
    }

    /// The smaller of each limit; where the other ones are silent, what is standard bounds these.
    func narrowing(_ other: ResourceLimits) -> ResourceLimits {
        let bounds = other.over(.standard)
        func smaller(_ limit: KeyPath<ResourceLimits, Int?>) -> Int? {
            guard let own = self[keyPath: limit] else { return other[keyPath: limit] }
            return min(own, bounds[keyPath: limit] ?? own)
        }
        return ResourceLimits(
            processes: smaller(\.processes), addressSpace: smaller(\.addressSpace), fileSize: smaller(\.fileSize),
            openFiles: smaller(\.openFiles), memory: smaller(\.memory))
    }
    /// Those of the limits that are above other ones, as they would stand in a file.
    func excess(over other: ResourceLimits) -> [String] {
        let bounds = other.over(.standard)
        return Self.names.compactMap { name, limit in
            guard let own = self[keyPath: limit], let bound = bounds[keyPath: limit], own > bound else { return nil }
            return "limits.\(name) = \(own)"
        }
    }

    /// The limits that a policy file may set, and their names there.
    static var names: [(String, WritableKeyPath<ResourceLimits, Int?>)] {
        [
            ("processes", \.processes), ("open_files", \.openFiles), ("address_space", \.addressSpace),
            ("file_size", \.fileSize),
        ]
    }
}
