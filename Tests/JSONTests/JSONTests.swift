import JSON
import Testing

@Suite struct JSONTests {
    @Test(arguments: [
        "null", "true", "[]", "{}", "[1,2,[3]]", "{\"a\":{\"b\":[{},{\"c\":null}]},\"d\":-1.5e+3}", "\"\\u00e9\\n\"",
        " [ 1 , {} ] ",
    ])
    func `a valid text parses and its raw bytes are the text without outer space`(_ text: String) throws {
        let value = try JSON(text)
        #expect(value.rawText == text.trimmingSpaces)
    }

    @Test(arguments: [
        "", " ", "nul", "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "[1 2]", "01", "1.", "-", "1e", "\"a", "\"\\x\"",
        "\"\\u12g4\"",
        "\"\u{01}\"", "[] []", "[", "{\"a\":1", "]",
    ])
    func `a text that is not JSON is refused`(_ text: String) {
        #expect(throws: JSONError.self) { try JSON(text) }
    }

    @Test func `members and elements are found by name and order`() throws {
        let value = try JSON(#"{"type":"message","n\u0061me":"x","list":[1,"two",{"k":[true]}],"n":12}"#)
        #expect(value["type"]?.string == "message")
        #expect(value["name"]?.string == "x")
        #expect(value["missing"] == nil)
        #expect(value["n"]?.int == 12)
        #expect(value["list"]?.elements.map(\.rawText) == ["1", "\"two\"", "{\"k\":[true]}"])
        #expect(value.members.map(\.key) == ["type", "name", "list", "n"])
    }

    @Test func `a member is found by its name's bytes, with escapes or without, and the first one counts`() throws {
        let json = try JSON(#"{"":0,"a\u0062":1,"ab":2,"abc":3,"é":4,"e\u0301":5,"q\"":6,"\ud83d\ude00":7}"#)
        #expect(json[""]?.int == 0 && json["ab"]?.int == 1 && json["abc"]?.int == 3 && json["a"] == nil)
        #expect(json["\u{E9}"]?.int == 4 && json["e\u{301}"]?.int == 5)
        #expect(json["q\""]?.int == 6 && json["😀"]?.int == 7)
        let inner = try JSON(#"{"a":{"x":1,"y":[{"x":2}]},"x":3}"#)
        #expect(inner["x"]?.int == 3 && inner["a"]?["x"]?.int == 1 && inner["a"]?["y"]?["x"] == nil)
    }

    @Test func `strings decode escapes, pairs and lone surrogates`() throws {
        #expect(try JSON(#""\"\\\/\b\f\n\r\t\u20ac\ud83d\ude00""#).string == "\"\\/\u{08}\u{0C}\n\r\t€😀")
        #expect(try JSON(#""\ud83dx\ude00""#).string == "\u{FFFD}x\u{FFFD}")
    }

    @Test func `numbers keep their spelling and convert when they fit`() throws {
        #expect(try JSON("1.0").rawText == "1.0")
        #expect(try JSON("1e400").rawText == "1e400")
        #expect(try JSON("3e2").int == 300)
        #expect(try JSON("12345678901234567890").int == nil)
    }

    @Test func `nesting beyond the limit is refused, not a crash`() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONError.self) { try JSON(deep) }
    }

    @Test func `the writer separates members and escapes strings`() throws {
        var writer = JSONWriter()
        writer.object {
            $0.member("a", "q\"\\\n\u{01}é")
            $0.member(
                "b",
                array: {
                    $0.int(1); $0.bool(false); $0.null(); $0.object { _ in }
                })
            $0.key("raw")
            $0.raw("{\"x\":1.0}".utf8)
        }
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == #"{"a":"q\"\\\n\u0001é","b":[1,false,null,{}],"raw":{"x":1.0}}"#)
        #expect(try JSON(text)["a"]?.string == "q\"\\\n\u{01}é")
    }

    @Test func `no input of arbitrary bytes traps the parser`() {
        var random = SystemRandomNumberGenerator()
        let alphabet = Array("{}[]\",:\\u0019eE+-.tfn \u{FF}".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<24, using: &random)).map { _ in alphabet.randomElement(using: &random)!
            }
            guard let value = try? JSON(bytes) else { continue }
            _ = value.string
            _ = value.members.map(\.key)
        }
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
