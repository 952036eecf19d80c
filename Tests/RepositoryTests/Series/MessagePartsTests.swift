import Repository
import TestSupport
import Testing

@Suite struct MessagePartsTests {
    @Test(arguments: [
        ("Subject", "Subject", "", []),
        ("\n\n  Subject  \n\n\n", "Subject", "", []),
        ("Two\nlines\n\nBody\n\n\nmore   \n", "Two lines", "Body\n\nmore", []),
        ("S\n\nBody\n\nA-b: c\nD: e f\n", "S", "Body", ["A-b=c", "D=e f"]),
        ("S\n\nNote: this is the body\nand goes on\n", "S", "Note: this is the body\nand goes on", []),
        ("Fix: a thing\n", "Fix: a thing", "", []),
        ("S\r\n\r\nBody\r\n", "S", "Body", []),
        ("S\n\n    code: x\n", "S", "    code: x", []),
        ("", "", "", []),
    ]) func `a message is taken apart`(text: String, subject: String, body: String, trailers: [String]) {
        let parts = MessageParts(text)
        #expect(parts.subject == subject)
        #expect(parts.body == body)
        #expect(parts.trailers.map { "\($0.key)=\($0.value)" } == trailers)
        #expect(MessageParts(parts.text) == parts)
    }
}
