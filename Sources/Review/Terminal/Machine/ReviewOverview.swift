/// What the view shows of a session: facts and commits.
struct ReviewOverview: Sendable {
    /// One commit of the series.
    struct Entry: Sendable, Hashable, Identifiable {
        /// The commit's id in hexadecimal digits.
        let id: String
        /// The commit on the user's branch that has taken it over; nil while it is pending.
        let acceptedAs: String?
        /// The first line of the message.
        let subject: String
        /// The message below the subject, without trailers.
        let body: String
        /// What was reached on the way to it and by it.
        let milestones: [Reached]
        /// What was run before and after, a line each.
        let evidence: [Evidence]
        /// Lines that are new.
        let added: Int
        /// Lines that are gone.
        let removed: Int

        /// Whether it is pending.
        var isPending: Bool { acceptedAs == nil }

        /// Makes an entry.
        init(
            id: String, acceptedAs: String?, subject: String, body: String, milestones: [Reached] = [],
            evidence: [Evidence], added: Int, removed: Int
        ) {
            self.id = id
            self.acceptedAs = acceptedAs
            self.subject = subject
            self.body = body
            self.milestones = milestones
            self.evidence = evidence
            self.added = added
            self.removed = removed
        }
    }

    /// A milestone, in words.
    struct Reached: Sendable, Hashable {
        /// What kind of milestone it is.
        let kind: String
        /// What was reached, and what shows it.
        let text: String
        /// Whether the harness has seen it itself.
        let isSeen: Bool
    }

    /// A command that was run, and its outcome.
    struct Evidence: Sendable, Hashable {
        /// When it was run.
        let moment: String
        /// How it ended, and after how long.
        let ending: String
        /// The command.
        let command: String
        /// Whether it exited with zero; nil where the status is of a part only.
        let isGood: Bool?
    }

    /// The session's name.
    var session: String
    /// The facts about the session, as names and values.
    var facts: [Fact]
    /// The commits, oldest first.
    var entries: [Entry]

    /// A name and a value.
    struct Fact: Sendable, Hashable {
        /// The name.
        let name: String
        /// The value.
        let value: String
    }

    /// The first pending commit, from a position on and then from the start.
    func pending(from position: Int) -> Int? {
        let order = entries.indices.filter { $0 >= position } + entries.indices.filter { $0 < position }
        return order.first { entries[$0].isPending }
    }

    /// How many commits are pending.
    var pendingCount: Int { entries.count { $0.isPending } }
}
