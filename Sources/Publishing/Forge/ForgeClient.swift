import JSON
import Text
import Transport

/// Makes calls of a forge's API, again where that may help, until a deadline.
struct ForgeClient: Sendable {
    /// How often a call is made.
    private static let attemptLimit = 6

    let place: ForgePlace
    let token: ForgeToken
    let mask: SecretMask
    let http: HTTPClient
    let deadline: ContinuousClock.Instant
    /// Told before each wait, a line for a person.
    let notice: @Sendable (String) -> Void

    /// Makes a call.
    ///
    /// - Returns: The answer's JSON; nil for the status 404 where that is an answer.
    /// - Throws: `ForgeError`; its `mayBeDone` says whether a call that changes something may have come through.
    func answer(to call: ForgeCall, allowsMissing: Bool = false) async throws(ForgeError) -> JSON? {
        var attempt = 1
        while true {
            let failure: (error: ForgeError, wait: Duration?)
            switch await exchange(call) {
            case .success(let response):
                if allowsMissing, response.status == 404 { return nil }
                guard let problem = problem(response, call) else { return try Self.json(response, call, place) }
                failure = problem
            case .failure(let error):
                guard error.code != .cancelled else { throw ForgeError(.temporary, "stopped") }
                failure = problem(error, call)
            }
            guard let asked = failure.wait, attempt < Self.attemptLimit,
                call.isRepeatable || !failure.error.mayBeDone
            else { throw failure.error }
            try await pause(max(asked, .milliseconds(500 << attempt)), for: failure.error)
            attempt += 1
        }
    }

    /// Waits before another attempt, if there is time for it.
    func pause(_ wait: Duration, for error: ForgeError) async throws(ForgeError) {
        guard .now + wait < deadline else {
            throw ForgeError(
                error.code, error.message, nextStep: "try again later: \(wait.spelled) is more than there was time for",
                mayBeDone: error.mayBeDone)
        }
        notice("\(error.message); trying again in \(wait.spelled)")
        do { try await Task.sleep(for: wait) } catch { throw ForgeError(.temporary, "stopped") }
    }

    private func exchange(_ call: ForgeCall) async -> Result<HTTPResponse, TransportError> {
        do throws(TransportError) { return .success(try await http.request(request(call))) } catch {
            return .failure(error)
        }
    }

    private func request(_ call: ForgeCall) -> HTTPRequest {
        var headers = token.headers
        headers.append("User-Agent", "graft")
        if !call.body.isEmpty { headers.append("Content-Type", "application/json") }
        var request = HTTPRequest(call.method, call.url, headers: headers, body: call.body)
        let left = max(.seconds(1), deadline - .now)
        request.timeouts.total = min(left, .seconds(60))
        request.timeouts.connect = min(left, .seconds(15))
        request.answerByteLimit = 16 << 20
        return request
    }

    /// What is wrong with an answer, and how long to wait before another attempt; nil for a good one, a nil wait where none
    /// helps.
    private func problem(_ response: HTTPResponse, _ call: ForgeCall) -> (error: ForgeError, wait: Duration?)? {
        let status = response.status
        guard !(200...299).contains(status) else { return nil }
        let said = said(response)
        let text = "cannot \(call.purpose): \(place.kind.name) answered \(status)" + (said.isEmpty ? "" : ", \(said)")
        func failure(_ code: ForgeError.Code, _ next: String?) -> (ForgeError, Duration?) {
            (ForgeError(code, text, nextStep: next), nil)
        }
        if let wait = wait(response) {
            // A server that failed in the middle may have done it; one that refuses to be asked so often has not.
            let mayBeDone = status >= 500 && status != 503
            return (ForgeError(.temporary, text, nextStep: "try again later", mayBeDone: mayBeDone), wait)
        }
        switch status {
        case 301, 302, 307, 308:
            return failure(.forge, "the repository may have moved: bring the remote up to date with git remote set-url")
        case 401:
            return failure(.credentials, "the token in \(token.variable) is wrong, has run out or was revoked")
        case 403: return failure(.credentials, missingRight(response))
        case 404:
            let what = "\(place.project) is not there, or the token in \(token.variable) may not see it"
            return failure(.forge, what + (token.isOfJob ? "; \(Self.jobAdvice)" : ""))
        default: return failure(.forge, nil)
        }
    }

    /// What a failure to reach the forge means.
    private func problem(_ error: TransportError, _ call: ForgeCall) -> (error: ForgeError, wait: Duration?) {
        let isPassing = [.connectFailed, .timedOut, .closed, .proxy].contains(error.code)
        let failure = ForgeError(
            isPassing ? .temporary : .forge, "cannot \(call.purpose): \(mask.masked(error.message))",
            nextStep: error.nextStep, mayBeDone: error.code != .connectFailed)
        return (failure, isPassing ? .zero : nil)
    }

    /// How long to wait where the same call may work later; nil where it will not.
    private func wait(_ response: HTTPResponse) -> Duration? {
        let after = response.headers["retry-after"].flatMap { Int($0) }.map {
            Duration.seconds(max(0, min($0, 86_400)))
        }
        switch response.status {
        case 429, 500, 502, 503, 504, 408: return after ?? .zero
        case 403:
            // GitHub's limits: the main one, and those for many calls at once.
            if let after { return after }
            let text = String(decoding: response.body.prefix(4096), as: UTF8.self).lowercased()
            if text.contains("secondary rate limit") || text.contains("abuse detection") { return .seconds(60) }
            return response.headers["x-ratelimit-remaining"] == "0" ? .seconds(3600) : nil
        default: return nil
        }
    }

    /// What the forge says of the reason, on one line.
    private func said(_ response: HTTPResponse) -> String {
        guard let json = try? JSON(response.body) else { return "" }
        func words(_ json: JSON) -> [String] {
            if let text = json.string { return [text] }
            switch json.kind {
            case .array: return json.elements.flatMap(words)
            case .object:
                if let message = json["message"] { return words(message) }
                return json.members.flatMap { member in words(member.value).map { "\(member.key): \($0)" } }
            default: return []
            }
        }
        var parts = json["message"].map(words) ?? json["error_description"].map(words) ?? json["error"].map(words) ?? []
        for error in json["errors"]?.elements.map({ $0 }) ?? [] {
            let place = [error["resource"], error["field"], error["code"]].compactMap { $0?.string }
            parts.append(error["message"]?.string ?? error.string ?? place.joined(separator: " "))
        }
        let text = parts.filter { !$0.isEmpty }.joined(separator: ": ").clipped(to: 500)
        return text.isEmpty ? "" : "\"\(mask.masked(text).markedLine)\""
    }

    private func missingRight(_ response: HTTPResponse) -> String {
        let name = token.variable
        guard place.kind == .github else {
            return token.isOfJob
                ? Self.jobAdvice : "the token in \(name) may not do this: it needs \(ForgeToken.needs(.gitlab))"
        }
        var advice = "the token in \(name) may not do this"
        if let needs = response.headers["x-accepted-github-permissions"], !needs.isEmpty {
            advice += ": it needs \(needs.markedLine.clipped(to: 200))"
        } else if let needs = response.headers["x-accepted-oauth-scopes"], !needs.isEmpty {
            let has = response.headers["x-oauth-scopes"] ?? ""
            advice += ": it needs one of the scopes \(needs.markedLine.clipped(to: 200))"
            advice += ", and has \(has.isEmpty ? "none" : has.markedLine.clipped(to: 200))"
        } else {
            advice += ": it needs \(ForgeToken.needs(.github))"
        }
        return advice + "; on Actions, the settings must also allow Actions to create pull requests"
    }

    static let jobAdvice =
        "CI_JOB_TOKEN cannot open merge requests: make an access token of the project and set GITLAB_TOKEN"

    private static func json(
        _ response: HTTPResponse, _ call: ForgeCall, _ place: ForgePlace
    ) throws(ForgeError) -> JSON? {
        do throws(JSONError) { return try JSON(response.body) } catch {
            throw ForgeError(
                .forge, "cannot \(call.purpose): \(place.kind.name) answered \(response.status) with what is \(error)",
                nextStep: "is \(place.api) the address of its API?", mayBeDone: true)
        }
    }
}
