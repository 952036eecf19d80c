import Repository
import Testing

@Suite struct CommitMessageTests {
    @Test func `a message is subject, body and trailers with empty lines between`() {
        let message = CommitMessage(
            subject: " Fix the\nparser\t now ", body: "\n\nBecause.\n\n    code stays\n\n",
            trailers: [.init("Graft-Session", "1\n2"), .init("Graft-Step", "3")])
        #expect(
            message.text == "Fix the parser now\n\nBecause.\n\n    code stays\n\nGraft-Session: 1 2\nGraft-Step: 3\n")
    }

    @Test func `a long subject is cut at a word and kept whole in the body`() {
        let words = Array(repeating: "sixsix", count: 14).joined(separator: " ")
        let message = CommitMessage(subject: words)
        #expect(message.subject == Array(repeating: "sixsix", count: 9).joined(separator: " ") + "...")
        #expect(message.body.split(separator: "\n").joined(separator: " ") == words)
    }

    @Test(arguments: [
        "", " \n ", String(repeating: "x", count: 500), "a\u{0}b\u{7}c", String(repeating: "é ", count: 80),
    ])
    func `no subject is empty, long or on two lines`(_ text: String) {
        let subject = CommitMessage(subject: text).subject
        #expect(!subject.isEmpty && subject.count <= 72 && !subject.contains { $0.isNewline || $0 == "\0" })
    }

    @Test func `what a terminal would obey is left out`() {
        let hostile = "a\u{1B}[2J\u{202E}b\u{200B}"
        let message = CommitMessage(subject: hostile, body: hostile, trailers: [.init("Key", hostile)])
        #expect(message.text == "a[2Jb\n\na[2Jb\n\nKey: a[2Jb\n")
    }

    @Test func `body lines are wrapped, also when Windows wrote them`() {
        let body = CommitMessage(subject: "s", body: String(repeating: "word ", count: 40) + "\r\nnext\r\n").body
        #expect(body.split(separator: "\n").allSatisfy { $0.count <= 72 })
        #expect(body.hasSuffix("word\nnext"))
    }
}
