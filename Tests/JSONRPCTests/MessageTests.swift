import JSON
import Testing

@testable import JSONRPC

struct MessageTests {
    private func described(_ text: String) -> [String] {
        RPCMessage.read(Array(text.utf8)).map { message in
            switch message {
            case .success(.request(let id, let method, let params)):
                "request \(id) \(method) \(params?.rawText ?? "-")"
            case .success(.notification(let method, let params)): "notification \(method) \(params?.rawText ?? "-")"
            case .success(.response(let id, .success(let result))): "result \(id) \(result.rawText)"
            case .success(.response(let id, .failure(let error))): "error \(id) \(error.code) \(error.message)"
            case .failure(let fault): "fault \(fault.id?.description ?? "-") \(fault.error.code)"
            }
        }
    }

    @Test(arguments: [
        (#"{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":1}}"#, [#"request 1 m {"a":1}"#]),
        (#"{"id":"x","method":"m","params":null}"#, [#"request "x" m -"#]),
        (#"{"method":"m"}"#, ["notification m -"]),
        (#"{"id":1.0,"result":{}}"#, ["result 1 {}"]),
        (#"{"id":2,"error":{"code":-32601,"message":"no"}}"#, ["error 2 -32601 no"]),
        (#"{"id":2,"error":"no"}"#, ["error 2 -32603 an error without a message"]),
        (#"{"id":null,"error":{"code":-32700,"message":"bad"}}"#, ["fault - -32700"]),
        (#"[{"method":"a"},{"id":1,"result":2}]"#, ["notification a -", "result 1 2"]),
        ("[]", ["fault - -32600"]), ("{", ["fault - -32700"]), ("7", ["fault - -32600"]),
        (#"{"id":3}"#, ["fault 3 -32600"]), (#"{"id":{},"method":"m"}"#, ["fault - -32600"]),
        (#"{"id":4,"method":5}"#, ["fault 4 -32600"]), (#"{"result":{}}"#, ["fault - -32600"]),
    ])
    func `A message is what its members say`(text: String, expected: [String]) {
        #expect(described(text) == expected)
    }

    @Test func `What is written is read back`() throws {
        let id = RPCID(7)
        #expect(
            described(
                String(decoding: RPCMessage.request(id: id, method: "a/b") { $0.member("n", 1) }, as: UTF8.self))
                == [#"request 7 a/b {"n":1}"#])
        #expect(
            described(String(decoding: RPCMessage.failure(id: nil, RPCError(-32700, "bad\n")), as: UTF8.self))
                == ["fault - -32700"])
        let line = RPCMessage.result(id: id) { $0.member("text", "a\nb") }
        #expect(!line.contains(0x0A))
    }

    @Test func `A request is answered once, and only under its own id`() {
        var table = RequestTable<String>()
        let (one, two) = (table.add("one"), table.add("two"))
        #expect(table.take(two) == "two")
        #expect(table.take(two) == nil)
        #expect(table[one] == "one")
        #expect(table.take(RPCID(99)) == nil)
        #expect(table.takeAll() == ["one"])
        #expect(table.add("three") != one)
    }
}
