public import JSON

/// One message of JSON-RPC 2.0.
public enum RPCMessage: Sendable {
    /// Asks for an answer.
    case request(id: RPCID, method: String, params: JSON?)
    /// Asks for none.
    case notification(method: String, params: JSON?)
    /// Answers a request.
    case response(id: RPCID, Result<JSON, RPCError>)

    /// Why bytes are no message, with the id to answer if there is one.
    public struct Fault: Error, Sendable {
        /// What to answer with.
        public let error: RPCError
        /// The id that the message names.
        public let id: RPCID?
    }

    /// The most messages of a batch.
    private static let batchLimit = 1000

    /// Reads a message, or the messages of a batch (JSON-RPC 2.0, section 6).
    public static func read(_ bytes: [UInt8]) -> [Result<RPCMessage, Fault>] {
        let json: JSON
        do throws(JSONError) { json = try JSON(bytes) } catch {
            return [.failure(Fault(error: RPCError(RPCError.parseError, "\(error)"), id: nil))]
        }
        guard json.kind == .array else { return [message(json)] }
        let all = json.elements.prefix(batchLimit).map(message)
        return all.isEmpty ? [invalid("an empty batch", id: nil)] : all
    }

    private static func message(_ json: JSON) -> Result<RPCMessage, Fault> {
        guard json.kind == .object else { return invalid("a message must be an object", id: nil) }
        let id = RPCID(json["id"])
        if let method = json["method"] {
            guard let method = method.string else { return invalid("the method must be a string", id: id) }
            let params = json["params"].flatMap { $0.isNull ? nil : $0 }
            guard let given = json["id"] else { return .success(.notification(method: method, params: params)) }
            guard let id else { return invalid("the id must be a string or a number, not \(given.kind)", id: nil) }
            return .success(.request(id: id, method: method, params: params))
        }
        if let error = json["error"], !error.isNull {
            let failure = RPCError(
                error["code"]?.int ?? RPCError.internalError, error["message"]?.string ?? "an error without a message",
                data: error["data"])
            // An error without an id is about something that could not be read.
            guard let id else { return .failure(Fault(error: failure, id: nil)) }
            return .success(.response(id: id, .failure(failure)))
        }
        guard let id else { return invalid("neither a method nor the id of an answer", id: nil) }
        guard let result = json["result"] else { return invalid("an answer without a result", id: id) }
        return .success(.response(id: id, .success(result)))
    }

    private static func invalid(_ reason: String, id: RPCID?) -> Result<RPCMessage, Fault> {
        .failure(Fault(error: RPCError(RPCError.invalidRequest, reason), id: id))
    }
}
