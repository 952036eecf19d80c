public import JSON
public import Responses
public import Transport

/// What a server keeps under the id of a response (Responses API, "Cancelling, deleting, retrieving").
extension ModelServer {
    /// The events of a response behind a number, as they come; all of them without one.
    func follow(
        _ id: ResponseID, after sequence: Int?, _ deadlines: Deadlines
    ) async throws(TransportError) -> HTTPBody {
        let query = "stream=true" + (sequence.map { "&starting_after=\($0)" } ?? "")
        var request = HTTPRequest("GET", endpoint.http(path: Self.path(of: id), query: query), headers: headers)
        request.headers.append("Accept", "text/event-stream")
        request.timeouts.connect = deadlines.handshake
        request.timeouts.idle = deadlines.silence
        do throws(TransportError) { return try await http.stream(request).body } catch { throw told(error) }
    }

    /// The response as it is now.
    ///
    /// - Throws: `TransportError`; `.refused` for a response that the server does not have.
    public func response(_ id: ResponseID, within limit: Duration) async throws(TransportError) -> StoredResponse {
        try await stored(HTTPRequest("GET", endpoint.http(path: Self.path(of: id)), headers: headers), limit)
    }

    /// Ends a response that is made in the background; one that has ended stays as it is.
    ///
    /// - Throws: As ``response(_:within:)``.
    @discardableResult
    public func cancel(_ id: ResponseID, within limit: Duration) async throws(TransportError) -> StoredResponse {
        try await stored(
            HTTPRequest("POST", endpoint.http(path: Self.path(of: id) + "/cancel"), headers: headers), limit)
    }

    private func stored(_ request: HTTPRequest, _ limit: Duration) async throws(TransportError) -> StoredResponse {
        var request = request
        request.timeouts.total = limit
        let answer: HTTPResponse
        do throws(TransportError) { answer = try await http.request(request) } catch { throw told(error) }
        guard (200..<300).contains(answer.status) else {
            throw told(
                TransportError(
                    .refused(status: answer.status), "\(request.url) answered with status \(answer.status)",
                    headers: answer.headers, body: answer.body))
        }
        do throws(JSONError) { return StoredResponse(try JSON(answer.body)) } catch {
            throw TransportError(.protocolError, "the server sent a response that is \(error)")
        }
    }

    /// An id is the server's, and may hold anything: what is no letter, digit, dot, underscore or hyphen is escaped.
    private static func path(of id: ResponseID) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var path = Array("/responses/".utf8)
        for byte in id.rawValue.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                path.append(byte)
            default: path += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: path, as: UTF8.self)
    }
}

/// A response as a server has it.
public struct StoredResponse: Sendable {
    /// The whole object.
    public let json: JSON
    /// `queued`, `in_progress`, `completed`, `incomplete`, `failed` or `cancelled`; empty where a server does not say.
    public let status: String
    /// How it ended, if it has.
    public let end: ResponseEnd?

    init(_ json: JSON) {
        self.json = json
        status = json["status"]?.string ?? ""
        end = ["queued", "in_progress"].contains(status) ? nil : ResponseEnd(json)
    }
}
