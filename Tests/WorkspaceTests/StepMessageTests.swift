import Repository
import Session
import Testing
import Text

@testable import Workspace

@Suite struct StepMessageTests {
    private let messages = StepMessage(session: SessionID("20261121-0335-k3f9"), model: "gpt-5.5", hasAttribution: true)
    private let file = FileSummary(path: "a.py", kind: .update)

    @Test(arguments: [
        ("Accept an empty list. The loop assumed one.", "Accept an empty list", "The loop assumed one."),
        ("funcutils: forward keyword-only arguments", "funcutils: forward keyword-only arguments", ""),
        ("Fix the split\n\nIt kept the separator.\nAlways.", "Fix the split", "It kept the separator. Always."),
        ("Now the change:", "Now the change", ""),
        ("Read v1.2 files", "Read v1.2 files", ""),
    ])
    func `the sentence that announces a change becomes the subject`(_ text: String, _ subject: String, _ body: String) {
        let message = messages.message(commentary: text, files: [file], step: 3)
        #expect(message.subject == subject)
        #expect(message.body == body)
    }

    @Test func `a sentence too long for a subject stands in the body whole`() {
        let sentence = String(repeating: "word ", count: 20) + "end."
        let message = messages.message(commentary: sentence, files: [file], step: 1)
        #expect(message.subject.count <= 72)
        #expect(message.body.filter { $0 != "\n" && $0 != " " } == sentence.dropLast().filter { $0 != " " })
    }

    @Test func `without words the files speak`() {
        #expect(messages.message(commentary: nil, files: [file], step: 1).subject == "Update a.py")
        let more = [FileSummary(path: "b", kind: .add), file]
        #expect(messages.message(commentary: " ", files: more, step: 1).subject == "Add b and 1 more")
    }

    @Test func `trailers name the session, the step and the model, and one switch turns the last off`() {
        let keys = messages.message(commentary: nil, files: [file], step: 7).trailers.map { "\($0.key): \($0.value)" }
        #expect(keys == ["Graft-Session: 20261121-0335-k3f9", "Graft-Step: 7", "Assisted-by: graft:gpt-5.5"])
        let plain = StepMessage(session: SessionID("s"), model: "m", hasAttribution: false)
        #expect(
            plain.message(commentary: nil, files: [file], step: 1).trailers.map(\.key) == [
                "Graft-Session", "Graft-Step",
            ])
    }
}
