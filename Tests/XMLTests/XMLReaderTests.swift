import Testing
import XML

@Suite struct `XML reader` {
    /// Reads a document in pieces of a size; the events as text, and what was wrong.
    private static func read(_ bytes: [UInt8], pieces size: Int = .max) throws -> (events: String, error: XMLError?) {
        final class Log { var text = "" }
        let log = Log()
        let reader = try XMLReader { event in
            switch event {
            case .begin(let name, let attributes):
                log.text +=
                    "<\(name)\(attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }.joined())>"
            case .text(let text): log.text += text
            case .end(let name): log.text += "</\(name)>"
            }
        }
        do throws(XMLError) {
            var rest = bytes[...]
            while !rest.isEmpty {
                try reader.read(rest.prefix(size))
                rest = rest.dropFirst(size)
            }
            try reader.finish()
        } catch {
            return (log.text, error)
        }
        return (log.text, nil)
    }

    @Test(arguments: [1, 2, 3, 7, 1000])
    func `gives the same for pieces of any size`(_ size: Int) throws {
        let document = """

            <?xml version="1.0" encoding="UTF-8"?>
            <a x="1 &lt; 2 &#228; &#x1F600;"><b>é€😀</b><![CDATA[<raw> & ]]>\u{1B}[31m&#27;&#x1b;&#xD83D;&amp;</a>
            """
        let (events, error) = try Self.read(Array(document.utf8), pieces: size)
        #expect(error == nil)
        #expect(events == "<a x=1 < 2 ä 😀><b>é€😀</b><raw> & ␛[31m␛␛\u{FFFD}&</a>")
    }

    @Test func `knows encodings by mark and declaration`() throws {
        let latin = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>".utf8) + [0xE9] + Array("</a>".utf8)
        #expect(try Self.read(latin).events == "<a>é</a>")
        let windows = Array("<?xml version='1.0' encoding='windows-1252'?><a>".utf8) + [0x80] + Array("</a>".utf8)
        #expect(try Self.read(windows).events == "<a>€</a>")
        let chinese = Array("<?xml version='1.0' encoding='GB2312'?><a>".utf8) + [0xC4, 0xE3] + Array("</a>".utf8)
        #expect(try Self.read(chinese).events == "<a>\u{FFFD}\u{FFFD}</a>")
        let text = "<?xml version='1.0' encoding='UTF-16'?><a>é😀</a>"
        let wide = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        #expect(try Self.read([0xFF, 0xFE] + wide, pieces: 3).events == "<a>é😀</a>")
        let bigEndian = text.utf16.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        #expect(try Self.read([0xFE, 0xFF] + bigEndian).events == "<a>é😀</a>")
    }

    @Test func `reads bytes that are no text`() throws {
        let (events, error) = try Self.read(
            Array("<a b='".utf8) + [0xFF, 0xC3] + Array("'>".utf8) + [0] + Array("</a>".utf8))
        #expect(error == nil)
        #expect(events == "<a b=\u{FFFD}\u{FFFD}>␀</a>")
    }

    @Test(arguments: [
        "<!DOCTYPE a [<!ENTITY x 'ha'><!ENTITY y '&x;&x;'>]><a>&y;</a>",
        "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
        "<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1/x.dtd'>%x;]><a/>",
        "<!DOCTYPE a PUBLIC 'x' 'y' [<!ENTITY x PUBLIC 'a' 'b'>]><a>&x;</a>",
    ])
    func `refuses entities`(_ document: String) throws {
        let (events, error) = try Self.read(Array(document.utf8))
        #expect(error?.code == .entities)
        #expect(events == "")
    }

    @Test func `takes a document type without entities, and reads nothing outside`() throws {
        #expect(try Self.read(Array("<!DOCTYPE a SYSTEM '/etc/passwd'><a/>".utf8)).events == "<a></a>")
    }

    @Test func `refuses what is nested too deeply`() throws {
        let deep = [UInt8](repeatElement(Array("<a>".utf8), count: 100_000).joined())
        let (_, error) = try Self.read(deep, pieces: 4096)
        #expect(error?.code == .tooDeep)
    }

    @Test(arguments: ["<a><b>x</b", "<a><b>x</c></a>", "<a>", "<a/><b/>", "plain", ""])
    func `says where a document breaks off`(_ document: String) throws {
        let (_, error) = try Self.read(Array(document.utf8))
        #expect(error?.code == .malformed)
        #expect(error?.line == 1)
    }

    @Test func `gives what stands before a fault, and stays failed`() throws {
        #expect(try Self.read(Array("<a><b>x</b><c".utf8)).events == "<a><b>x</b>")
        let reader = try XMLReader { _ in }
        #expect(throws: XMLError.self) { try reader.read(Array("<a></b>".utf8)) }
        #expect(throws: XMLError.self) { try reader.read(Array("<a></a>".utf8)) }
    }

    @Test func `never traps on bytes that are not XML`() throws {
        var state: UInt64 = 7
        let alphabet = Array("<>/=\"'&;#x1?![]-a \n\u{1B}é<!DOCTYPE<![CDATA[".utf8) + [0, 0xFF, 0xC3]
        for _ in 0..<1000 {
            let bytes = (0..<80).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return alphabet[Int(state >> 33) % alphabet.count]
            }
            _ = try Self.read(Array("<a>".utf8) + bytes, pieces: 5)
        }
    }
}
