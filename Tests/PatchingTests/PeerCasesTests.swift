import Foundation
import Patching
import Testing
import Text

/// What the most used implementation answers, as recorded from it.
struct PeerCase: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let input: [String: String]
    let patch: String
    let rc: Int
    let result: [String: String]

    var testDescription: String { name }

    static func load() throws -> [PeerCase] {
        let url = try #require(Bundle.module.url(forResource: "Resources/peer-cases", withExtension: "json"))
        return try JSONDecoder().decode([PeerCase].self, from: Data(contentsOf: url))
    }
}

/// A case in which we answer otherwise, on purpose.
struct Difference: Sendable {
    let reason: String
    /// The tree after the patch; nil if we refuse it.
    let result: [String: String]?

    static let all: [String: Difference] = [
        "trim_match_indentation_from_patch": Difference(
            reason: "a new line takes the file's indentation", result: ["f": "    FOO\n    bar\n"]),
        "context_lines_rewritten_with_patch_text": Difference(
            reason: "a new line takes the file's indentation", result: ["f": "    foo   \n    BAR\n"]),
        "tabs_vs_spaces_trim": Difference(
            reason: "a new line takes the file's tabs", result: ["f": "\tif x:\n\t\tz\n"]),
        "two_headers_in_a_row": Difference(
            reason: "anchors may be stacked", result: ["f": "class A\n  def m\n    1\nclass B\n  def m\n    2\n"]),
        "pure_add_with_header_context_goes_to_eof": Difference(
            reason: "new lines go behind their anchor", result: ["f": "a\nnew\nb\nc\n"]),
        "chunks_out_of_order_fail": Difference(
            reason: "each hunk has one place whatever the order", result: ["f": "A\nb\nC\n"]),
        "eof_marker_not_at_end_falls_back": Difference(
            reason: "the lines stand in one place, only not at the end", result: ["f": "Z\ny\n"]),
        "repeat_same_chunk_twice_advances": Difference(
            reason: "two hunks on three equal lines have three ways to lie", result: nil),
        "unified_diff_style_header": Difference(
            reason: "line numbers are a hint, not a line of the file", result: ["f": "a\nB\n"]),
        "noop_patch_same_content": Difference(
            reason: "a change of line endings that got lost on the way looks like this", result: nil),
        "symlink_target_updated": Difference(
            reason: "a write through a link ends elsewhere than the patch says; the message names the file", result: nil
        ),
        "move_symlink": Difference(reason: "the peer makes a file of the link and leaves the target", result: nil),
        "begin_marker_with_stars": Difference(
            reason: "the meaning is clear, and refusing makes models loop", result: ["f": "b\n"]),
        "mixed_eol_file": Difference(
            reason: "a new line takes the ending of the one it replaces", result: ["f": "a\r\nB\nB2\nc\r\n"]),
        "no_trailing_newline_edit_elsewhere": Difference(
            reason: "the end of the file was not touched", result: ["f": "A\nb"]),
        "no_trailing_newline_append": Difference(
            reason: "a file without final newline stays one", result: ["f": "a\nb\nc"]),
        "move_without_hunks": Difference(reason: "a rename needs no hunk", result: ["g": "a\n"]),
        "move_to_self": Difference(reason: "the file must not vanish", result: ["f": "b\n"]),
        "absolute_path": Difference(reason: "a patch stays inside its root", result: nil),
        "dotdot_path": Difference(reason: "a patch stays inside its root", result: nil),
        "second_hunk_fails_first_file_kept": Difference(reason: "a patch is applied whole or not at all", result: nil),
        "bom_file": Difference(
            reason: "a byte-order mark is no part of line 1", result: ["f": "\u{FEFF}A\nb\n"]),
        "end_of_file_marker_padded": Difference(
            reason: "the line is in no file, so it is the marker", result: ["f": "b\n"]),
    ]

    /// Cases in which `lnk` is a symbolic link to `real`.
    static let aboutLinks: Set = ["symlink_target_updated", "delete_symlink", "move_symlink"]
}

@Suite struct `The peer's cases` {
    @Test(arguments: try PeerCase.load())
    func `give what the peer gives, or what we list as better`(_ peer: PeerCase) throws {
        var files = Files(peer.input)
        if peer.name == "non_utf8_file" { files.files["f"] = [0xFF, 0xFE, 0x61, 0x0A] }
        if Difference.aboutLinks.contains(peer.name) { files.links["lnk"] = "real" }
        let before = files.changed(by: ChangeSet())
        let patch = peer.patch.replacingOccurrences(of: "$T", with: "/tmp/tree")
        let result = Result { () throws(PatchError) in try files.patched(patch) }
        if let difference = Difference.all[peer.name] {
            #expect((try? result.get()) == difference.result, "\(difference.reason): \(result)")
        } else if peer.rc == 0 {
            #expect(try result.get() == peer.result.filter { !$0.key.hasSuffix("#mode") })
        } else {
            #expect(throws: PatchError.self) { try result.get() }
            #expect(peer.name == "non_utf8_file" || before == peer.result)
        }
    }

    @Test func `are all there, and so are those we differ on`() throws {
        let names = Set(try PeerCase.load().map(\.name))
        #expect(names.count == 75)
        #expect(names.isSuperset(of: Difference.all.keys))
        #expect(names.isSuperset(of: Difference.aboutLinks))
    }
}
