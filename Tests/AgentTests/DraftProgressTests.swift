import Responses
import Session
import TestSupport
import Testing

@testable import Agent

@Suite struct DraftProgressTests {
    private let events = RecordedEvents()

    private func told(_ sent: [String]) throws -> [Progress] {
        let progress = DraftProgress(events)
        for text in sent { progress.take(try ServerEvent(Array(text.utf8))) }
        return events.all.compactMap { if case .progress(let progress) = $0 { progress } else { nil } }
    }

    private func added(_ item: String) -> String {
        #"{"type":"response.output_item.added","output_index":0,"item":\#(item)}"#
    }
    private func delta(_ kind: String, _ text: String) -> String {
        #"{"type":"response.\#(kind).delta","output_index":0,"delta":"\#(text)"}"#
    }

    @Test func `a patch that comes whole is counted at its end`() throws {
        let item =
            #"{"type":"apply_patch_call","operation":{"type":"update_file","path":"a.txt","diff":"@@\n-x\n+y\n+z\n"}}"#
        let told = try told([
            added(#"{"type":"apply_patch_call","operation":{"type":"update_file","path":"a.txt","diff":""}}"#),
            #"{"type":"response.output_item.done","output_index":0,"item":\#(item)}"#,
        ])
        #expect(told == [.drafting(.patch(path: "a.txt")), .drafting(.patch(path: "a.txt")), .added(lines: 2)])
    }

    @Test func `a patch in arguments names its files and grows, wherever they are cut`() throws {
        let kind = "function_call_arguments"
        let told = try told([
            added(#"{"type":"function_call","name":"apply_patch","arguments":""}"#),
            delta(kind, #"{\"patch\":\"*** Begin Patch\\n*** Update File: src/a.c\\n@@\\n-x\\"#),
            delta(kind, #"n+y\\n+a \\\\n+b\\n"#), delta(kind, #"*** Add File: b.c\\n+c\\n+"#), delta(kind, #"d\\n"#),
        ])
        let paths: [String?] = told.compactMap { if case .drafting(.patch(let path)) = $0 { path } else { nil } }
        #expect(paths == [nil, "src/a.c", "b.c"])
        #expect(told.reduce(0) { if case .added(let lines) = $1 { $0 + lines } else { $0 } } == 4)
    }

    @Test(arguments: [
        (#"{"type":"message"}"#, Progress.Draft.message), (#"{"type":"reasoning"}"#, .reasoning),
        (#"{"type":"shell_call"}"#, .command), (#"{"type":"function_call","name":"shell"}"#, .command),
        (#"{"type":"function_call","name":"poll_command"}"#, .call("poll_command")),
    ]) func `what comes next is told when it begins`(_ item: String, _ draft: Progress.Draft) throws {
        #expect(try told([added(item)]) == [.drafting(draft)])
    }
}
