import JSON
import Transport

/// The REST API of GitHub, version 2022-11-28.
struct GitHub: Forge {
    let place: ForgePlace

    private func url(_ path: String, query: String? = nil) -> Endpoint {
        place.api.http(path: "repos/\(place.project)" + path, query: query)
    }

    var projectCall: ForgeCall { .get(url(""), "read the repository \(place.project)") }

    func project(_ json: JSON) -> ForgeProject {
        ForgeProject(
            standardBranch: json["default_branch"]?.string, isArchived: json["archived"]?.bool ?? false,
            takesRequests: true)
    }

    func branchCall(_ name: String) -> ForgeCall {
        .get(url("/branches/\(name.percentEncoded)"), "read the branch \(name) of \(place.project)")
    }

    func isProtected(_ json: JSON) -> Bool { json["protected"]?.bool ?? false }

    func requestsCall(head: String) -> ForgeCall {
        let owner = place.project.prefix { $0 != "/" }
        let query = "state=all&head=\("\(owner):\(head)".percentEncoded)&per_page=100"
        return .get(url("/pulls", query: query), "look for the pull request of \(head) in \(place.project)")
    }

    func requests(_ json: JSON) -> [ForgeRequest] {
        json.elements.filter { element in
            guard let repository = element["head"]?["repo"]?["full_name"]?.string else { return true }
            return repository.lowercased() == place.project.lowercased()
        }.compactMap(request)
    }

    func request(_ json: JSON) -> ForgeRequest? {
        guard let number = json["number"]?.int, let state = json["state"]?.string else { return nil }
        let isMerged = json["merged_at"].map { !$0.isNull } ?? false
        return ForgeRequest(
            number: number, url: json["html_url"]?.string ?? "",
            state: state == "open" ? .open : isMerged ? .merged : .closed, title: json["title"]?.string ?? "",
            body: json["body"]?.string ?? "", base: json["base"]?["ref"]?.string ?? "",
            isDraft: json["draft"]?.bool ?? false,
            labels: json["labels"]?.elements.compactMap { $0["name"]?.string } ?? [])
    }

    func createCall(_ draft: RequestDraft) -> ForgeCall {
        .send("POST", url("/pulls"), "open a pull request in \(place.project)", isRepeatable: false) { writer in
            writer.member("title", draft.title)
            writer.member("head", draft.head)
            writer.member("base", draft.base)
            writer.member("body", draft.body)
            writer.member("draft", draft.isDraft)
        }
    }

    func updateCall(_ request: ForgeRequest, _ draft: RequestDraft) -> ForgeCall? {
        let (isTitle, isBody) = (request.title == draft.title, request.body.asKept == draft.body.asKept)
        let isBase = request.base == draft.base
        guard !isTitle || !isBody || !isBase else { return nil }
        let what = "change the pull request #\(request.number) of \(place.project)"
        return .send("PATCH", url("/pulls/\(request.number)"), what, isRepeatable: true) { writer in
            if !isTitle { writer.member("title", draft.title) }
            if !isBody { writer.member("body", draft.body) }
            if !isBase { writer.member("base", draft.base) }
        }
    }

    func labelCall(_ number: Int, _ labels: [String]) -> ForgeCall? {
        guard !labels.isEmpty else { return nil }
        let what = "label the pull request #\(number) of \(place.project)"
        // Labels that it has are not added again.
        return .send("POST", url("/issues/\(number)/labels"), what, isRepeatable: true) { writer in
            writer.member("labels", array: { for label in labels { $0.string(label) } })
        }
    }
}
