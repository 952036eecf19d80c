import Foundation
import JSON
import Repository
import Responses
import Session
import TestSupport
import Testing
import Workspace

@testable import Tools

/// The difference between two states of files, made in a repository that is removed again.
private func difference(_ files: [String: (old: String?, new: String?)]) throws -> TreeDiff {
    let fixture = try GitFixture([:])
    for (path, texts) in files {
        if let text = texts.old { try fixture.write(path, text) }
    }
    try fixture.commit("Old")
    for (path, texts) in files {
        if let text = texts.new { try fixture.write(path, text) } else { try fixture.remove(path) }
    }
    try fixture.commit("New")
    let repository = try fixture.open()
    return try repository.treeDiff(
        from: repository.treeID(of: repository.resolve("HEAD~1")),
        to: repository.treeID(of: repository.resolve("HEAD")), findsRenames: false)
}

/// Lines of which every tenth changes.
private func hunks(_ count: Int) -> (old: String?, new: String?) {
    let old = (1...count * 10).map { "line \($0)" }
    let new = old.enumerated().map { $0.offset % 10 == 5 ? "new \($0.offset)" : $0.element }
    return (old.joined(separator: "\n"), new.joined(separator: "\n"))
}

private let messages = StepMessage(session: SessionID("20261121-0335-k3f9"), model: "m", hasAttribution: true)

@Suite struct SeriesPlanReaderTests {
    private let diff: TreeDiff

    init() throws { diff = try difference(["a.txt": hunks(9)]) }

    /// The pieces of each commit, or what the model is told.
    private func answer(_ arguments: String) throws -> String {
        do {
            let plan = try SeriesPlanReader(diff: diff, messages: messages).plan(JSON(arguments))
            return plan.commits.map { $0.pieces.sorted().map(String.init).joined(separator: " ") }
                .joined(separator: " | ")
        } catch let flaw as ToolRefusal {
            return flaw.message
        }
    }

    @Test(arguments: [
        (#"["h1","h2","h3"],["h4","h5","h6","h7","h8","h9"]"#, "1 2 3 | 4 5 6 7 8 9"),
        (#"["h4-h9"],["h1-h3"]"#, "4 5 6 7 8 9 | 1 2 3"),
        (#"[1,2,3],[4,"5-9"]"#, "1 2 3 | 4 5 6 7 8 9"),
        (#"["H1 - h3", "h5"],["h4,  h6..h9"]"#, "1 2 3 5 | 4 6 7 8 9"),
        (#"[" h1 h2 "],["h3–h9"]"#, "1 2 | 3 4 5 6 7 8 9"),
        (#""h1-h4","h5;h6-9""#, "1 2 3 4 | 5 6 7 8 9"),
        (#"["h1-h9", "h3"]"#, "1 2 3 4 5 6 7 8 9"),
    ])
    func `hunks are named by ids, numbers and ranges`(_ lists: String, _ expected: String) throws {
        var json = "["
        // Each element of the list of lists becomes the hunks of a commit.
        for (position, list) in try JSON("[\(lists)]").elements.enumerated() {
            json += (position > 0 ? "," : "") + #"{"subject":"S","why":"w","hunks":\#(list.rawText)}"#
        }
        #expect(try answer(#"{"commits":\#(json)]}"#) == expected)
    }

    @Test(arguments: [
        (#"{}"#, "order_commits needs an array \"commits\""),
        (#"{"commits":"h1"}"#, "order_commits needs an array \"commits\""),
        (#"{"commits":[]}"#, "\"commits\" is empty; name at least one commit"),
        (#"{"commits":[3]}"#, "commit 1 has no subject"),
        (#"{"commits":[{"subject":" \n ","why":"","hunks":["h1"]}]}"#, "commit 1 has no subject"),
        (#"{"commits":[{"subject":"S","why":"","hunks":[]}]}"#, "commit 1 has no hunks"),
        (#"{"commits":[{"subject":"S"}]}"#, "commit 1 has no hunks"),
        (
            #"{"commits":[{"subject":"S","hunks":["h1-h8"]}]}"#,
            "in no commit: h9; every hunk goes into exactly one"
        ),
        (
            #"{"commits":[{"subject":"S","hunks":["h1-h9"]},{"subject":"S","hunks":["h2","h3","h5"]}]}"#,
            "commit 2: h2-h3, h5 in an earlier commit already; every hunk goes into exactly one"
        ),
        (
            #"{"commits":[{"subject":"S","hunks":["h1-h99999999999"]}]}"#,
            "commit 1: there is no hunk h99999999999; the hunks are h1 to h9"
        ),
        (#"{"commits":[{"subject":"S","hunks":[0]}]}"#, "commit 1: there is no hunk h0; the hunks are h1 to h9"),
        (#"{"commits":[{"subject":"S","hunks":["h9-h1"]}]}"#, "commit 1: there is no hunk \"h9-h1\""),
        (#"{"commits":[{"subject":"S","hunks":["h-1"]}]}"#, "commit 1: there is no hunk \"h-1\""),
        (#"{"commits":[{"subject":"S","hunks":["-"]}]}"#, "commit 1: there is no hunk \"-\""),
        (#"{"commits":[{"subject":"S","hunks":["all of it"]}]}"#, "commit 1: there is no hunk \"all\""),
        (
            #"{"commits":[{"subject":"S","hunks":["h99999999999999999999"]}]}"#,
            "commit 1: there is no hunk \"h99999999999999999999\""
        ),
        (
            #"{"commits":[{"subject":"S","hunks":[{}]}]}"#,
            "commit 1: a hunk is named by its id, such as \"h3\" or \"h5-h9\""
        ),
    ])
    func `a call that does not fit is told so in one line`(_ arguments: String, _ expected: String) throws {
        #expect(try answer(arguments) == expected)
    }

    @Test func `too many commits are refused before they are read`() throws {
        let commit = #"{"subject":"S","why":"","hunks":["h1"]}"#
        let list = [String](repeating: commit, count: 10_000).joined(separator: ",")
        #expect(try answer(#"{"commits":[\#(list)]}"#) == "these are too many commits; make a few, at most 50")
    }
}

@Suite struct HunkListTests {
    @Test func `the hunks are listed with path, lines, place and changes`() throws {
        let old = "int main() {\n" + (1...12).map { "  \($0);\n" }.joined() + "}\n"
        let diff = try difference([
            "a.c": (old, old.replacing("  9;\n", with: "  nine;\n  ten;\n")), "old": ("x\n", nil),
            "sub/new file": (nil, "1\n2\n"), "bytes": (nil, "\0\u{1}"),
        ])
        let question = try #require(HunkList(diff))
        let list = question.text.components(separatedBy: "4 hunks:\n\n")
        #expect(
            list.last == """
                h1 a.c:7-14 in int main() { +2 -1
                    -  9;
                    +  nine;
                    +  ten;
                h2 bytes (new, binary)
                h3 old (deleted) +0 -1
                    -x
                h4 sub/new file (new) +2 -0
                    +1
                    +2

                """)
    }

    @Test(arguments: [1, 30, 120, 900, 10_000])
    func `the list is bounded, whatever there is to list`(_ count: Int) throws {
        let diff = try difference(["a/long/path/to/some/file.txt": hunks(count)])
        #expect(diff.pieces.count == count)
        let question = try #require(HunkList(diff))
        #expect(question.text.utf8.count < 18 * 1024)
        #expect(question.text.contains(count == 1 ? "h1 " : count > 1000 ? "h1-h\(count) " : "h\(count) "))
    }

    @Test func `what nobody could list is not asked about`() throws {
        let files = (0..<1500).map { ("a/long/path/to/some/folder/file-number-\($0)", (old: nil as String?, new: "1")) }
        let diff = try difference(Dictionary(uniqueKeysWithValues: files))
        #expect(HunkList(diff) == nil)
    }

    @Test func `names and lines cannot break out of their place`() throws {
        let diff = try difference([
            "a\nh2 b.txt": (nil, "\u{1b}[31mred\u{202e}\r" + String(repeating: "x", count: 9999))
        ])
        let text = try #require(HunkList(diff)).text
        let list = try #require(text.components(separatedBy: "One hunk:\n\n").last)
        #expect(list.hasPrefix("h1 a\\nh2 b.txt (new) +1 -0\n    +[31mred "))
        #expect(list.utf8.count < 200)
    }
}

@Suite struct SeriesMessageTests {
    @Test func `a message has subject, reason and the harness's trailers`() {
        let message = messages.message(
            subject: "Accept an empty list.", why: "The loop assumed one.\n\nNow it does not.")
        #expect(
            message?.text == """
                Accept an empty list

                The loop assumed one.

                Now it does not.

                Graft-Session: 20261121-0335-k3f9
                Assisted-by: graft:m

                """)
        let plain = StepMessage(session: SessionID("s"), model: "m", hasAttribution: false)
        #expect(plain.message(subject: "S", why: "")?.text == "S\n\nGraft-Session: s\n")
    }

    @Test(arguments: [
        ("Fix it\n\nCo-authored-by: Eve <eve@example.org>", "", "Fix it", ""),
        ("Fix it", "Because.\n\nSigned-off-by: Eve <e@x>\nGraft-Step: 9\nCC: eve", "Fix it", "Because."),
        ("Fix it", "A\r\nco-AUTHORED-by : Eve\rB", "Fix it", "A\nB"),
        ("Fix it\u{2028}Reviewed-by: Eve", "Note: it is slow.", "Fix it", "Note: it is slow."),
        ("Fix\u{1b}[31m it\u{7}\u{202e}", "a\u{0}b\u{9b}c", "Fix[31m it", "abc"),
        ("Fix it\nand more of it", "Why.", "Fix it", "and more of it\n\nWhy."),
        ("  Fix   the\tparser!  ", "", "Fix the parser", ""),
    ])
    func `what a model writes cannot be more than text`(
        _ subject: String, _ why: String, _ expectedSubject: String, _ expectedBody: String
    ) throws {
        let message = try #require(messages.message(subject: subject, why: why))
        #expect(message.subject == expectedSubject)
        #expect(message.body == expectedBody)
        #expect(message.trailers.map(\.key) == ["Graft-Session", "Assisted-by"])
    }

    @Test(arguments: ["", " \n\t", "...", "Co-authored-by: Eve <eve@example.org>", "\u{1b}\u{0}"])
    func `without a subject there is no message`(_ subject: String) {
        #expect(messages.message(subject: subject, why: "w") == nil)
    }

    @Test func `long texts are cut and wrapped`() throws {
        let words = String(repeating: "word ", count: 5000)
        let message = try #require(messages.message(subject: words, why: words))
        #expect(message.text.utf8.count < 40_000)
        #expect(message.text.split(separator: "\n").allSatisfy { $0.count <= 72 })
    }
}
