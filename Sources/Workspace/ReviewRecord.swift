public import JSON
public import Repository
import Responses

/// One operation of a review, as recorded in its log.
public struct ReviewRecord: Sendable, Hashable {
    /// The operations.
    public enum Operation: String, Sendable, Hashable {
        case accept, drop, reword, squash, split, undo
    }

    /// A reference that moved.
    public struct Move: Sendable, Hashable {
        /// Its full name, or `HEAD` where none was checked out.
        public var name: String
        /// The commit before.
        public var before: CommitID
        /// The commit after.
        public var after: CommitID

        /// Makes a move of a reference.
        public init(name: String, before: CommitID, after: CommitID) {
            self.name = name
            self.before = before
            self.after = after
        }
    }

    /// The number of the operation, from 1.
    public var number: Int
    /// The operation.
    public var operation: Operation
    /// The commits it changed, by their ids at that time.
    public var commits: [CommitID]
    /// The time, in seconds since 1970.
    public var time: Int
    /// The reference that moved; nil if there was nothing to move.
    public var move: Move?
    /// The user's checkout that was moved with the reference; nil if only the series was.
    public var checkout: String?
    /// The accepted commits of the series, with their commits on the user's branch.
    public var accepted: [CommitID: CommitID] = [:]
    /// The commits that replace commits of the series.
    public var replaced: [CommitID: [CommitID]] = [:]
    /// The number of the operation that this one undoes.
    public var undoes: Int?

    /// Makes a record; `accepted` and `replaced` are set afterwards.
    public init(
        number: Int, operation: Operation, commits: [CommitID], time: Int, move: Move? = nil, checkout: String? = nil,
        undoes: Int? = nil
    ) {
        self.number = number
        self.operation = operation
        self.commits = commits
        self.time = time
        self.move = move
        self.checkout = checkout
        self.undoes = undoes
    }
}

extension ReviewRecord {
    /// Writes the members of a line of the log.
    public func write(into writer: inout JSONWriter) {
        writer.member("n", number)
        writer.member("op", operation.rawValue)
        writer.member("commits", array: { for commit in commits { $0.string(commit.hex) } })
        writer.member("time", time)
        if let move {
            writer.member("ref", move.name)
            writer.member("before", move.before.hex)
            writer.member("after", move.after.hex)
        }
        if let checkout { writer.member("checkout", checkout) }
        if !accepted.isEmpty {
            writer.member(
                "accepted",
                object: { for (key, value) in accepted.sorted(by: Self.byKey) { $0.member(key.hex, value.hex) } })
        }
        if !replaced.isEmpty {
            writer.member(
                "replaced",
                object: {
                    for (key, values) in replaced.sorted(by: Self.byKey) {
                        $0.member(key.hex, array: { for value in values { $0.string(value.hex) } })
                    }
                })
        }
        if let undoes { writer.member("undoes", undoes) }
    }

    /// Reads a line of the log; nil if it is not an operation.
    public init?(_ json: JSON) {
        guard let number = json["n"]?.int, let operation = json["op"]?.string.flatMap(Operation.init) else {
            return nil
        }
        self.init(
            number: number, operation: operation,
            commits: json["commits"]?.elements.compactMap { $0.string.flatMap(CommitID.init) } ?? [],
            time: json["time"]?.int ?? 0)
        if let name = json["ref"]?.string, let before = json["before"]?.string.flatMap(CommitID.init),
            let after = json["after"]?.string.flatMap(CommitID.init)
        {
            move = Move(name: name, before: before, after: after)
        }
        checkout = json["checkout"]?.string
        for member in json["accepted"].map({ Array($0.members) }) ?? [] {
            guard let key = CommitID(member.key), let value = member.value.string.flatMap(CommitID.init) else {
                continue
            }
            accepted[key] = value
        }
        for member in json["replaced"].map({ Array($0.members) }) ?? [] {
            guard let key = CommitID(member.key) else { continue }
            replaced[key] = member.value.elements.compactMap { $0.string.flatMap(CommitID.init) }
        }
        undoes = json["undoes"]?.int
    }

    private static func byKey<T>(_ a: (key: CommitID, value: T), _ b: (key: CommitID, value: T)) -> Bool {
        a.key.hex < b.key.hex
    }
}
