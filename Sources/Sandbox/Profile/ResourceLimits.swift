import Glibc

/// The resource limits of a command.
public struct ResourceLimits: Sendable, Equatable {
    /// The number of processes and threads of the user inside the sandbox; without effect for root.
    public var processes: Int?
    /// The address space of each process in bytes; nil by default, because many runtimes reserve more than they use.
    public var addressSpace: Int?
    /// The size of the largest file that can be written, in bytes.
    public var fileSize: Int?
    /// The number of open files of each process.
    public var openFiles: Int?
    /// The memory of all processes together in bytes: of all commands if a cgroup can be made, which limits the
    /// processes of root, too; else of each command.
    public var memory: Int?

    /// The default: enough for every known test suite, and three quarters of the memory.
    public static let standard = ResourceLimits(
        processes: 4096, fileSize: 16 << 30, openFiles: 65536,
        memory: sysconf(Int32(_SC_PHYS_PAGES)) / 4 * 3 * sysconf(Int32(_SC_PAGESIZE)))

    /// Makes limits; nil for no limit.
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
    /// These limits; the other ones replace missing limits.
    func over(_ other: ResourceLimits) -> ResourceLimits {
        ResourceLimits(
            processes: processes ?? other.processes, addressSpace: addressSpace ?? other.addressSpace,
            fileSize: fileSize ?? other.fileSize, openFiles: openFiles ?? other.openFiles,
            memory: memory ?? other.memory)
    }

    /// The smaller of each limit; the standard limits bound these where the other ones have none.
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
    /// The limits above the other ones, as written in a file.
    func excess(over other: ResourceLimits) -> [String] {
        let bounds = other.over(.standard)
        return Self.names.compactMap { name, limit in
            guard let own = self[keyPath: limit], let bound = bounds[keyPath: limit], own > bound else { return nil }
            return "limits.\(name) = \(own)"
        }
    }

    /// What a policy file may limit; refusals call it the same.
    enum Key: String, CaseIterable {
        case processes
        case openFiles = "open_files"
        case addressSpace = "address_space"
        case fileSize = "file_size"

        fileprivate var limit: WritableKeyPath<ResourceLimits, Int?> {
            switch self {
            case .processes: \.processes
            case .openFiles: \.openFiles
            case .addressSpace: \.addressSpace
            case .fileSize: \.fileSize
            }
        }
    }

    /// The limits that a policy file may set, by name.
    static var names: [(String, WritableKeyPath<ResourceLimits, Int?>)] {
        Key.allCases.map { ($0.rawValue, $0.limit) }
    }
}
