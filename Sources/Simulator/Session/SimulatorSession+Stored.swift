import JSON
import Responses

extension SimulatorSession {
    /// Finishes the background responses whose time has come.
    mutating func settle(now: Int) {
        for (id, response) in responses
        where response.isBackground && !response.isAnswered && !response.isCancelled && response.readyAt <= now {
            finish(id, origin: .http, lane: nil)
        }
    }

    /// The stored response, as JSON in its state at `now`.
    mutating func retrieve(_ id: String, now: Int) -> Result<[UInt8], Failure> {
        settle(now: now)
        responses[id]?.wasSeen = true
        guard let response = stored(id) else { return .failure(notFound(id)) }
        return .success(bytes(of: response, now: now))
    }

    /// A background response as it is when it has just been created.
    func queued(_ id: String, now: Int) -> Result<[UInt8], Failure> {
        guard let response = stored(id) else { return .failure(notFound(id)) }
        return .success(bytes(of: response, now: now))
    }

    /// The events of a background response, and how many milliseconds it still takes.
    mutating func replay(_ id: String, now: Int) -> Result<(Playback, remaining: Int), Failure> {
        settle(now: now)
        guard let response = stored(id) else { return .failure(notFound(id)) }
        guard response.isBackground else {
            return .failure(
                Failure(
                    error: APIError(
                        "Only responses created with background=true and stream=true can be streamed again.",
                        param: "stream")))
        }
        var playback = response.playback
        // The line that broke was another one.
        playback.cutAfter = nil
        if response.isCancelled {
            let end = ResponseHead.State(status: "cancelled")
            playback = Playback(
                head: playback.head, items: [], ending: end, streamID: nil, delay: 0, deltaBytes: nil)
            playback.isQueuedFirst = true
        }
        return .success((playback, max(0, response.readyAt - now)))
    }

    /// Deletes a stored response.
    mutating func delete(_ id: String) -> Result<[UInt8], Failure> {
        guard stored(id) != nil else { return .failure(notFound(id)) }
        responses[id] = nil
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("id", id)
            writer.member("object", "response")
            writer.member("deleted", true)
        }
        return .success(writer.bytes)
    }

    /// Cancels a background response; doing it again, or after the end, changes nothing.
    mutating func cancel(_ id: String, now: Int) -> Result<[UInt8], Failure> {
        settle(now: now)
        guard let response = stored(id) else { return .failure(notFound(id)) }
        guard response.isBackground else {
            return .failure(
                Failure(error: APIError("Cannot cancel a synchronous response.", param: "response_id")))
        }
        if !response.isAnswered { responses[id]?.isCancelled = true }
        return .success(bytes(of: responses[id] ?? response, now: now))
    }

    /// A page of a response's input items.
    func inputItems(
        _ id: String, limit: Int, isAscending: Bool, after: String?
    ) -> Result<[UInt8], Failure> {
        guard let response = stored(id) else { return .failure(notFound(id)) }
        guard (1...100).contains(limit) else {
            return .failure(
                Failure(
                    error: APIError(
                        "Invalid 'limit': expected a value from 1 to 100, but got \(limit) instead.",
                        code: "invalid_value", param: "limit")))
        }
        var items = isAscending ? response.input[...] : Array(response.input.reversed())[...]
        if let after {
            guard let index = items.firstIndex(where: { $0["id"]?.string == after }) else {
                return .failure(Failure(error: APIError("No item with id '\(after)'.", param: "after")))
            }
            items = items[(index + 1)...]
        }
        let page = items.prefix(limit)
        var writer = JSONWriter()
        writer.object { writer in
            writer.member("object", "list")
            writer.member("data", array: { writer in for item in page { writer.value(item) } })
            writer.member("first_id", page.first?["id"]?.string ?? "")
            writer.member("last_id", page.last?["id"]?.string ?? "")
            writer.member("has_more", items.count > limit)
        }
        return .success(writer.bytes)
    }

    private func stored(_ id: String) -> StoredResponse? {
        responses[id].flatMap { $0.isStored && ($0.isAnswered || $0.isBackground) ? $0 : nil }
    }

    private func notFound(_ id: String) -> Failure {
        Failure(error: APIError("Response with id '\(id)' not found.", status: 404))
    }

    private func bytes(of response: StoredResponse, now: Int) -> [UInt8] {
        var writer = JSONWriter(capacity: 1024)
        response.playback.head.write(response.state(at: now), to: &writer)
        return writer.bytes
    }
}
