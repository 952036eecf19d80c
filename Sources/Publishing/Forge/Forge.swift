import JSON

/// How the API of a forge says what publishing needs: the calls, and what their answers mean.
protocol Forge: Sendable {
    var place: ForgePlace { get }

    /// Asks for the repository.
    var projectCall: ForgeCall { get }
    func project(_ json: JSON) -> ForgeProject

    /// Asks for a branch; an answer says whether it is protected.
    func branchCall(_ name: String) -> ForgeCall
    func isProtected(_ json: JSON) -> Bool

    /// Asks for all requests with the commits of a branch, whatever has become of them, the newest first.
    func requestsCall(head: String) -> ForgeCall
    /// The requests of an answer; those from another repository's branch of that name are left out.
    func requests(_ json: JSON) -> [ForgeRequest]
    /// The request of an answer; nil for what is none.
    func request(_ json: JSON) -> ForgeRequest?

    func createCall(_ draft: RequestDraft) -> ForgeCall
    /// Makes a request what it should be; nil if it is.
    func updateCall(_ request: ForgeRequest, _ draft: RequestDraft) -> ForgeCall?
    /// Adds labels where that is a call of its own; nil for none.
    func labelCall(_ number: Int, _ labels: [String]) -> ForgeCall?
}

extension ForgePlace {
    /// The forge's way to say things.
    var forge: any Forge { kind == .github ? GitHub(place: self) : GitLab(place: self) }
}

extension String {
    /// The text as forges give it back: with line feeds only, and nothing behind its end.
    var asKept: String {
        var text = replacing("\r\n", with: "\n")[...]
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
