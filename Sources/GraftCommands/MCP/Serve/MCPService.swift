import JSON
import JSONRPC
import Text

/// The server's side of the protocol: answers requests of both kinds, and keeps the calls that run.
actor MCPService {
    private static let modern = "2026-07-28"
    private static let legacy = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]
    private static let unsupportedVersion = -32022
    /// The calls that may run at once.
    private static let callLimit = 8
    private static let prefix = "io.modelcontextprotocol"

    private let environment: [String: String]
    private let output = StandardOutput()
    private var calls: [RPCID: ServedCall] = [:]
    private var answering: [RPCID: Task<Void, Never>] = [:]
    private var isEnding = false
    private var waiters: [CheckedContinuation<Void, Never>] = []
    private var hasEnded = false

    init(environment: [String: String]) { self.environment = environment }

    /// Takes a line of the client.
    func take(_ piece: LineSplitter.Piece) {
        switch piece {
        case .oversized(_, _, let byteCount):
            send(
                RPCMessage.failure(
                    id: nil,
                    RPCError(RPCError.invalidRequest, "a message of \(byteCount.spelledAsBytes) is too large")))
        case .line(let bytes):
            for message in RPCMessage.read(bytes) {
                switch message {
                case .success(.request(let id, let method, let params)): answer(id, method, params)
                case .success(.notification(let method, let params)): note(method, params)
                // Nothing is asked of clients.
                case .success(.response): break
                case .failure(let fault): send(RPCMessage.failure(id: fault.id, fault.error))
                }
            }
        }
    }

    /// Stops all calls, and ends when they have ended.
    func end() async {
        guard !isEnding else { return }
        isEnding = true
        for call in calls.values { call.stop() }
        for task in answering.values { await task.value }
        hasEnded = true
        for waiter in waiters { waiter.resume() }
        waiters = []
    }

    /// Waits for the end.
    func untilEnd() async {
        if hasEnded { return }
        await withCheckedContinuation { waiters.append($0) }
    }

    // MARK: Messages

    private func note(_ method: String, _ params: JSON?) {
        guard method == "notifications/cancelled", let id = RPCID(params?["requestId"]) else { return }
        // A cancelled request gets no answer.
        calls.removeValue(forKey: id)?.stop()
    }

    private func answer(_ id: RPCID, _ method: String, _ params: JSON?) {
        let version = params?["_meta"]?["\(Self.prefix)/protocolVersion"]?.string
        if let version, version != Self.modern { return refuse(id, version) }
        let isModern = version != nil
        switch method {
        case "initialize":
            let asked = params?["protocolVersion"]?.string ?? ""
            let revision = Self.legacy.contains(asked) ? asked : Self.legacy[0]
            result(id, isModern: false) {
                $0.member("protocolVersion", revision)
                Self.writeAbilities(into: &$0)
                $0.key("serverInfo")
                Self.writeInfo(into: &$0)
            }
        case "server/discover":
            guard isModern else { return refuseMissing(id) }
            result(id, isModern: true) {
                $0.member("supportedVersions", array: { $0.string(Self.modern) })
                Self.writeAbilities(into: &$0)
                Self.writeCaching(into: &$0)
            }
        case "ping": result(id, isModern: isModern) { _ in }
        case "tools/list":
            result(id, isModern: isModern) {
                $0.member(
                    "tools", array: { for tool in ServedTool.allCases { $0.object { tool.write(into: &$0) } } })
                if isModern { Self.writeCaching(into: &$0) }
            }
        case "tools/call": call(id, params, isModern: isModern)
        default: send(RPCMessage.failure(id: id, RPCError(RPCError.methodNotFound, "there is no \(method.quoted)")))
        }
    }

    private func call(_ id: RPCID, _ params: JSON?, isModern: Bool) {
        guard let tool = params?["name"]?.string.flatMap(ServedTool.init(rawValue:)) else {
            let name = params?["name"]?.string ?? ""
            return send(RPCMessage.failure(id: id, RPCError(-32602, "there is no tool \(name.quoted)")))
        }
        guard calls[id] == nil else {
            return send(RPCMessage.failure(id: id, RPCError(RPCError.invalidRequest, "the id is in use")))
        }
        guard !isEnding, calls.count < Self.callLimit else {
            return result(id, isModern: isModern) {
                ServedAnswer(failure: "\(Self.callLimit) calls run already; wait for one of them").write(into: &$0)
            }
        }
        let token = params?["_meta"]?["progressToken"].flatMap { $0.isNull ? nil : $0 }
        let served: ServedCall
        do throws(Refusal) {
            served = try ServedCall(tool, params?["arguments"], environment: environment)
        } catch {
            return result(id, isModern: isModern) { ServedAnswer(failure: error.description).write(into: &$0) }
        }
        calls[id] = served
        answering[id] = Task {
            let answer = await served.run { words, number in self.tell(words, number, token) }
            finish(id, served, answer, isModern: isModern)
        }
    }

    private func finish(_ id: RPCID, _ call: ServedCall, _ answer: ServedAnswer, isModern: Bool) {
        answering.removeValue(forKey: id)
        guard calls[id] === call else { return }
        calls.removeValue(forKey: id)
        result(id, isModern: isModern) { answer.write(into: &$0) }
    }

    private nonisolated func tell(_ words: String, _ number: Int, _ token: JSON?) {
        guard let token else { return }
        send(
            RPCMessage.notification(method: "notifications/progress") {
                $0.member("progressToken", token)
                $0.member("progress", number)
                $0.member("message", words)
            })
    }

    // MARK: Answers

    private func refuse(_ id: RPCID, _ version: String) {
        // The text is JSON.
        let data = try? JSON(#"{"supported":["\#(Self.modern)"],"requested":\#(Self.quoted(version))}"#)
        send(
            RPCMessage.failure(
                id: id, RPCError(Self.unsupportedVersion, "Unsupported protocol version", data: data)))
    }

    private func refuseMissing(_ id: RPCID) {
        send(RPCMessage.failure(id: id, RPCError(-32602, "params._meta lacks \(Self.prefix)/protocolVersion")))
    }

    private static func quoted(_ text: String) -> String {
        var writer = JSONWriter()
        writer.string(text)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    private func result(_ id: RPCID, isModern: Bool, _ members: (inout JSONWriter) -> Void) {
        send(
            RPCMessage.result(id: id) {
                members(&$0)
                guard isModern else { return }
                $0.member("resultType", "complete")
                $0.member(
                    "_meta",
                    object: {
                        $0.key("\(Self.prefix)/serverInfo")
                        Self.writeInfo(into: &$0)
                    })
            })
    }

    private nonisolated func send(_ message: [UInt8]) { output.write(message + [UInt8(ascii: "\n")]) }

    private static func writeInfo(into writer: inout JSONWriter) {
        writer.object {
            $0.member("name", "graft")
            $0.member("version", GraftCommand.number)
        }
    }

    private static func writeAbilities(into writer: inout JSONWriter) {
        writer.member("capabilities", object: { $0.member("tools", object: { $0.member("listChanged", false) }) })
        writer.member(
            "instructions",
            "Graft changes code in git repositories and proves what it did. It never touches the checkout: commits are on "
                + "a branch of their own, which the answers name. Answers with the verdict fixed are proved.")
    }

    private static func writeCaching(into writer: inout JSONWriter) {
        writer.member("ttlMs", 0)
        writer.member("cacheScope", "private")
    }
}
