/// Why a command fails that no change to the files of a repository can mend: something that its surroundings lack.
public struct SurroundingsFault: Sendable, Hashable {
    /// What is lacking.
    public enum Kind: Sendable, Hashable {
        /// A program on the search path.
        case program
        /// A module, package or library of a language.
        case module(Language)
        /// A host on the network.
        case network
        /// Room on a disk.
        case disk
        /// Memory.
        case memory
        /// The sandbox's limit of processes.
        case processes
    }

    /// Whose modules they are.
    public enum Language: String, Sendable, Hashable {
        case python = "Python"
        case node = "Node.js"
        case ruby = "Ruby"
        case perl = "Perl"
        case php = "PHP"
        case native = "C"
    }

    /// What is lacking.
    public let kind: Kind
    /// Its name as it was printed, such as `requests` or `registry.npmjs.org`; empty where none was.
    public let name: String

    /// Names the parts.
    public init(_ kind: Kind, name: String = "") {
        self.kind = kind
        self.name = name
    }

    /// Whether something of that name is missing, which may be misspelt.
    var isNamed: Bool {
        switch kind {
        case .program, .module: true
        case .network, .disk, .memory, .processes: false
        }
    }

    /// What is missing, as a clause.
    public var clause: String {
        switch kind {
        case .program: "the program '\(name)' is not there"
        case .module(.native): "'\(name)' is not there"
        case .module(let language): "the \(language.rawValue) module '\(name)' is not there"
        case .network: name.isEmpty ? "the network cannot be reached" : "\(name) cannot be reached"
        case .disk: "there is no space left on a disk"
        case .memory: "the memory is used up"
        case .processes: "no further process can be started"
        }
    }

    /// How to give it, as a clause.
    ///
    /// - Parameter reachesNetwork: Whether commands reach the network of the machine.
    public func remedy(reachesNetwork: Bool) -> String {
        switch kind {
        case .program: "install it where Graft runs, or correct the name in the file that calls it"
        case .module(.python):
            "install it (pip install \(name), in the environment that the command uses), or correct the import"
        case .module(.node): "install the dependencies (npm ci) in your checkout, where runs see them"
        case .module(.ruby): "install it (bundle install)"
        case .module(.perl), .module(.php): "install the dependencies in your checkout, where runs see them"
        case .module(.native): "install the package that has it"
        case .network where reachesNetwork: "see whether the host is up"
        case .network: "commands have no network: --policy network gives it, or install what it fetches beforehand"
        case .disk: "free some space"
        case .memory: "run fewer things at once, or run Graft where there is more memory"
        case .processes: "give commands more of them (processes under [limits] of a policy)"
        }
    }
}
