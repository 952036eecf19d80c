import JSON
import Transport

/// The REST API of GitLab, version 4.
struct GitLab: Forge {
    let place: ForgePlace

    private func url(_ path: String, query: String? = nil) -> Endpoint {
        place.api.http(path: "projects/\(place.project.percentEncoded)" + path, query: query)
    }

    var projectCall: ForgeCall { .get(url(""), "read the project \(place.project)") }

    func project(_ json: JSON) -> ForgeProject {
        ForgeProject(
            standardBranch: json["default_branch"]?.string, isArchived: json["archived"]?.bool ?? false,
            takesRequests: json["merge_requests_access_level"]?.string != "disabled"
                && json["merge_requests_enabled"]?.bool != false)
    }

    func branchCall(_ name: String) -> ForgeCall {
        .get(url("/repository/branches/\(name.percentEncoded)"), "read the branch \(name) of \(place.project)")
    }

    func isProtected(_ json: JSON) -> Bool { json["protected"]?.bool ?? false }

    func requestsCall(head: String) -> ForgeCall {
        let query = "source_branch=\(head.percentEncoded)&state=all&per_page=100"
        return .get(url("/merge_requests", query: query), "look for the merge request of \(head) in \(place.project)")
    }

    func requests(_ json: JSON) -> [ForgeRequest] {
        json.elements.filter { element in
            let (source, target) = (element["source_project_id"]?.int, element["target_project_id"]?.int)
            return source == nil || source == target
        }.compactMap(request)
    }

    func request(_ json: JSON) -> ForgeRequest? {
        guard let number = json["iid"]?.int, let state = json["state"]?.string else { return nil }
        let states: [String: ForgeRequest.State] = ["opened": .open, "locked": .open, "merged": .merged]
        return ForgeRequest(
            number: number, url: json["web_url"]?.string ?? "", state: states[state] ?? .closed,
            title: json["title"]?.string ?? "", body: json["description"]?.string ?? "",
            base: json["target_branch"]?.string ?? "",
            isDraft: json["draft"]?.bool ?? json["work_in_progress"]?.bool ?? false,
            labels: json["labels"]?.elements.compactMap { $0.string ?? $0["name"]?.string } ?? [])
    }

    func createCall(_ draft: RequestDraft) -> ForgeCall {
        let what = "open a merge request in \(place.project)"
        return .send("POST", url("/merge_requests"), what, isRepeatable: false) { writer in
            writer.member("source_branch", draft.head)
            writer.member("target_branch", draft.base)
            writer.member("title", Self.title(draft))
            writer.member("description", draft.body.withoutOrders)
            if !draft.labels.isEmpty { writer.member("labels", draft.labels.joined(separator: ",")) }
        }
    }

    func updateCall(_ request: ForgeRequest, _ draft: RequestDraft) -> ForgeCall? {
        let (title, body) = (Self.title(draft), draft.body.withoutOrders)
        let (isTitle, isBody) = (request.title == title, request.body.asKept == body.asKept)
        let isBase = request.base == draft.base
        let labels = draft.labels.filter { !request.labels.contains($0) }
        guard !isTitle || !isBody || !isBase || !labels.isEmpty else { return nil }
        let what = "change the merge request !\(request.number) of \(place.project)"
        return .send("PUT", url("/merge_requests/\(request.number)"), what, isRepeatable: true) { writer in
            if !isTitle { writer.member("title", title) }
            if !isBody { writer.member("description", body) }
            if !isBase { writer.member("target_branch", draft.base) }
            if !labels.isEmpty { writer.member("add_labels", labels.joined(separator: ",")) }
        }
    }

    /// They go with the other members.
    func labelCall(_ number: Int, _ labels: [String]) -> ForgeCall? { nil }

    /// The beginning of the title makes it a draft.
    private static func title(_ draft: RequestDraft) -> String { (draft.isDraft ? "Draft: " : "") + draft.title }
}

extension String {
    /// The text without what GitLab would obey: a line such as `/merge` is an order to it, with the rights of the token.
    fileprivate var withoutOrders: String {
        split(separator: "\n", omittingEmptySubsequences: false).map { line -> String in
            let words = line.drop { $0 == " " || $0 == "\t" || $0 == ">" }
            guard words.first == "/", words.dropFirst().first?.isLetter == true else { return String(line) }
            return "\(line[..<words.startIndex])\u{200B}\(words)"
        }.joined(separator: "\n")
    }
}
