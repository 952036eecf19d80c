import JSON
import Repository
import Text

extension Publication {
    /// What a publication would do, as far as it can be known without asking anybody.
    public struct Plan: Sendable {
        /// The words of the push behind `git`, for a branch that is not there yet.
        public let push: [String]
        /// The calls that find out what is there.
        public let questions: [ForgeCall]
        /// The call that opens a request where there is none.
        public let create: ForgeCall
        /// The calls that bring a request up to date; its number stands in the addresses as 0.
        public let update: [ForgeCall]
        /// The text of the request.
        public let body: String
    }

    /// Plans the publication; nobody is asked, and nothing is changed.
    ///
    /// - Throws: `usage` if the base branch is not known here.
    public func plan() throws(ForgeError) -> Plan {
        guard let base = choices.base ?? choices.checkedOut else {
            throw ForgeError(.usage, "cannot tell which branch the commits are for", nextStep: "say --base BRANCH")
        }
        let (forge, draft) = (place.forge, draft(base: base, hiding: SecretMask(choices.secrets)))
        let other = ForgeRequest(
            number: 0, url: "", state: .open, title: "", body: "", base: base, isDraft: draft.isDraft, labels: [])
        return Plan(
            push: remote.pushArguments(series.tip, to: choices.branch, known: nil),
            questions: [
                forge.projectCall, forge.branchCall(choices.branch), forge.requestsCall(head: choices.branch),
            ],
            create: forge.createCall(draft),
            update: [forge.updateCall(other, draft), forge.labelCall(0, draft.labels)].compactMap { $0 },
            body: draft.body)
    }
}
