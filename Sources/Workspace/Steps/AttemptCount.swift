public import Repository

/// How many attempts of Graft stand one after the other at the end of a branch.
///
/// A commit of somebody else begins the count anew. A merge counts for what it merges, and a squash for the trailers
/// that it keeps anywhere in its message.
public struct AttemptCount: Sendable, Equatable {
    /// The key of the trailer.
    public static let trailer = "Graft-Attempt"
    /// So many commits are looked at, at most.
    private static let mostCommits = 200
    /// A number beyond that is nobody's count.
    private static let highest = 1_000_000

    /// The highest number that those commits carry; 0 for none.
    public private(set) var count = 0

    /// Looks at the commits from a tip backwards; what a shallow clone lacks ends the count.
    public init(at tip: CommitID, in repository: GitRepository) {
        var next: CommitID? = tip
        var looked = 0
        while let id = next, looked < Self.mostCommits, let record = try? repository.record(of: id) {
            looked += 1
            let merged = record.parents.dropFirst().lazy.compactMap { parent in
                // What is missing in a shallow clone carries nothing.
                (try? repository.record(of: parent)).flatMap { Self.number(in: $0.message) }
            }
            guard let number = Self.number(in: record.message) ?? merged.first else { return }
            count = max(count, number)
            next = record.parents.first
        }
    }

    /// The highest number of the trailers in a message; nil without one.
    static func number(in message: String) -> Int? {
        message.split(whereSeparator: \.isNewline).compactMap { line -> Int? in
            let parts = line.drop { " *-".contains($0) }.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].lowercased() == trailer.lowercased(),
                let number = Int(parts[1].filter { $0 != " " && $0 != "\t" }), (1...highest).contains(number)
            else { return nil }
            return number
        }.max()
    }
}
