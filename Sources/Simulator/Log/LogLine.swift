import JSON
import Responses

/// The lines of a log file: one when a request has arrived, one when it is answered.
enum LogLine {
    static func request(_ request: SimulatorLog.Request, body: [UInt8]) -> [UInt8] {
        line { writer in
            writer.member("type", "request")
            writer.member("request", request.index)
            writer.member("connection", request.connection)
            writer.member("transport", request.transport.rawValue)
            writer.member("method", request.method)
            writer.member("path", request.path)
            writer.member("authorized", request.isAuthorized)
            writer.member(
                "headers",
                object: { writer in
                    for (name, value) in request.headers.sorted(by: { $0.key < $1.key }) { writer.member(name, value) }
                })
            writer.member("arrived_ns", Int(clamping: request.arrived))
            guard !body.isEmpty else { return }
            // A body that fills one line of JSON stays as it is.
            if !body.contains(0x0A), !body.contains(0x0D), let json = try? JSON(body) {
                writer.member("body", json)
            } else {
                writer.key("body_text")
                writer.string(repairing: body)
            }
        }
    }

    static func answer(_ request: SimulatorLog.Request) -> [UInt8] {
        line { writer in
            writer.member("type", "answer")
            writer.member("request", request.index)
            if let status = request.status { writer.member("status", status) }
            if let id = request.responseID { writer.member("response_id", id) }
            if let turn = request.turn { writer.member("turn", turn) }
            if let error = request.error { writer.member("error", error) }
            writer.member("answered_ns", Int(clamping: request.answered ?? 0))
            writer.member(
                "violations",
                array: { writer in
                    for violation in request.violations { writer.string(violation) }
                })
        }
    }

    private static func line(_ body: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter(capacity: 512)
        writer.object(body)
        return writer.bytes + [0x0A]
    }
}
