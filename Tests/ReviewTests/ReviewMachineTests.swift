import Repository
import Terminal
import TestSupport
import Testing
import Text

@testable import Review

@Suite struct ReviewMachineTests {
    static func entry(_ id: String, _ subject: String, acceptedAs: String? = nil) -> ReviewOverview.Entry {
        ReviewOverview.Entry(
            id: id, acceptedAs: acceptedAs, subject: subject, body: "The reason of \(subject).",
            evidence: [.init(moment: "before", ending: "exit 1, 3 s", command: "make test", isGood: false)], added: 3,
            removed: 1)
    }

    static func overview(_ entries: ReviewOverview.Entry...) -> ReviewOverview {
        ReviewOverview(
            session: "20261121-0608-whbs", facts: [.init(name: "repository", value: "/src/a")], entries: entries)
    }

    static let three = overview(entry("a1", "One"), entry("b2", "Two"), entry("c3", "Three"))

    static func diff(hunks: Int = 2) throws -> TreeDiff {
        let hunk = SampleDiff.hunk(" x\n-return 1\n+return 2\n y\n", oldStart: 4, newStart: 4)
        var files = [SampleDiff.file("new.txt", kind: .added, SampleDiff.hunk("+hello\n"))]
        files += (1..<hunks).map { SampleDiff.file(BytePath("file\($0).py"), hunk) }
        return try #require(SampleDiff.tree(files))
    }

    private func machine(
        _ overview: ReviewOverview = three, columns: Int = 80, rows: Int = 24
    ) -> ReviewMachine {
        ReviewMachine(overview, size: ScreenSize(columns: columns, rows: rows))
    }

    /// Presses keys; returns the effects of the last one. Differences are there as soon as they are asked for.
    @discardableResult
    private func press(_ keys: String, _ machine: inout ReviewMachine, hunks: Int = 2) throws -> [ReviewEffect] {
        var effects: [ReviewEffect] = []
        for key in keys.unicodeScalars {
            effects = machine.handle(key == "\n" ? .enter : key == "\u{1B}" ? .escape : .character(key))
            for case .load(let id) in effects { machine.loaded(try Self.diff(hunks: hunks), of: id) }
        }
        return effects
    }

    private func text(_ machine: ReviewMachine) -> [String] {
        machine.screen.map { line in
            var text = Substring(line.text)
            while text.last == " " { text.removeLast() }
            return String(text)
        }
    }

    @Test func `it opens with the series`() {
        let start = machine(Self.overview(Self.entry("a1", "One", acceptedAs: "d4"), Self.entry("b2", "Two")), rows: 14)
        #expect(
            text(start) == [
                " graft review 20261121-0608-whbs",
                "repository  /src/a",
                "",
                "  1  accepted  One                                                         +3 −1",
                "› 2  pending   Two                                                         +3 −1",
                "", "", "", "", "", "", "", "",
                "enter look  j k move  a accept  d drop  u undo  q quit  ? keys",
            ])
    }

    @Test(arguments: [24, 40, 80, 120])
    func `the keys are told in lines that end between words`(_ columns: Int) throws {
        var machine = machine(columns: columns, rows: 80)
        try press("?", &machine)
        let rows = text(machine).filter { !$0.isEmpty }
        let told = rows.joined(separator: " ").split(separator: " ")
        #expect(told.joined(separator: " ").contains("open the file on the screen in your editor u undo the last step"))
        #expect(rows.allSatisfy { $0.count <= columns })
        let keys = rows.drop { $0 != "The commit on the screen" && $0 != "The commit on the" }.dropFirst()
        #expect(keys.allSatisfy { $0.first != " " || $0.hasPrefix("  ") })
        #expect(columns > 40 || rows.contains { $0.hasPrefix(String(repeating: " ", count: 11)) })
    }

    @Test func `a commit shows its reason, its evidence and its difference`() throws {
        var machine = machine(rows: 20)
        try press("\n", &machine)
        #expect(
            text(machine) == [
                " 1/3 pending                                                              +3 −1",
                "One",
                "",
                "The reason of One.",
                "",
                "before  ✗ exit 1, 3 s  make test",
                "",
                "A new.txt  +1",
                "@@ -1,0 +1 @@",
                "    1 + hello",
                "",
                "M file1.py  +1 −1",
                "@@ -4,3 +4,3 @@",
                " 4  4   x",
                " 5    - return 1",
                "    5 + return 2",
                " 6  6   y",
                "", "",
                "a accept  d drop  e edit  s split  m squash  v verify  u undo  n next  ? keys",
            ])
    }

    @Test(arguments: [
        ("a", ReviewEffect.perform(.accept("a1"))), ("d", .perform(.drop("a1"))), ("e", .perform(.reword("a1"))),
        ("v", .perform(.verify("a1"))), ("u", .perform(.undo)), ("q", .quit), ("jm", .perform(.squash("b2"))),
        ("\na", .perform(.accept("a1"))), ("\nnd", .perform(.drop("b2"))), ("\nnpe", .perform(.reword("a1"))),
        ("Gv", .perform(.verify("c3"))), ("\nlja", .perform(.accept("b2"))), ("\u{C}", .redraw),
        ("\nsyn", .perform(.split("a1", pieces: [1]))), ("\nsny", .perform(.split("a1", pieces: [2]))),
        ("\nsnpyn", .perform(.split("a1", pieces: [1]))), ("\nsyd", .perform(.split("a1", pieces: [1]))),
        ("\no", .open(path: "new.txt", line: 1)), ("n\nnu", .perform(.undo)),
    ])
    func `keys ask for one thing`(_ keys: String, _ effect: ReviewEffect) throws {
        var machine = machine()
        #expect(try press(keys, &machine).last == effect)
    }

    @Test(arguments: [
        ("m", "There is no pending commit before this one to squash it into"),
        ("x", "unknown key \"x\"; ? shows the keys"),
        ("\np", "This is the first commit"), ("\nGnnn", "This is the last commit"), ("\nsq", "Nothing was split"),
        ("\nsnn", "Nothing was split: take some of the hunks, not none and not all"),
        ("\nsyy", "Nothing was split: take some of the hunks, not none and not all"),
    ])
    func `keys that ask for nothing say why`(_ keys: String, _ status: String) throws {
        var machine = machine()
        #expect(try press(keys, &machine).allSatisfy { if case .load = $0 { true } else { false } })
        #expect(machine.status?.text == status)
    }

    @Test func `a commit of one hunk cannot be split`() throws {
        var machine = machine()
        #expect(try press("\ns", &machine, hunks: 1) == [])
        #expect(machine.status?.text == "This commit is one hunk: there is nothing to split")
    }

    @Test(arguments: ["a", "d", "e", "s", "m"])
    func `a commit that is accepted is not changed`(_ key: String) throws {
        var machine = machine(Self.overview(Self.entry("a1", "One", acceptedAs: "d4d4d4d4d4d4")))
        #expect(try press("\n" + key, &machine) == [])
        #expect(machine.status?.text.contains("is on your branch already, as d4d4d4d4d4") == true)
    }

    @Test(arguments: [
        ReviewOutcome(
            message: "accepted", isDone: true,
            overview: overview(entry("a1", "One", acceptedAs: "d4"), entry("b2", "Two"), entry("c3", "Three"))),
        ReviewOutcome(message: "dropped", isDone: true, overview: overview(entry("b9", "Two"), entry("c9", "Three"))),
    ])
    func `after an answer the next pending commit is shown`(_ outcome: ReviewOutcome) throws {
        var machine = machine()
        try press("\n", &machine)
        let isDrop = outcome.overview.entries.count == 2
        let effects = machine.finish(isDrop ? .drop("a1") : .accept("a1"), outcome)
        #expect(machine.entry?.subject == "Two")
        #expect(effects == [.load(isDrop ? "b9" : "b2")])
        #expect(text(machine)[22].hasPrefix(outcome.message))
    }

    @Test func `after the last answer the list says that all is done`() throws {
        var machine = machine(Self.overview(Self.entry("a1", "One")))
        try press("\n", &machine)
        let after = Self.overview(Self.entry("a1", "One", acceptedAs: "d4"))
        #expect(machine.finish(.accept("a1"), ReviewOutcome(message: "accepted", isDone: true, overview: after)) == [])
        guard case .list = machine.mode else {
            Issue.record("not the list")
            return
        }
    }

    @Test func `undo goes to the commit that is back`() throws {
        var machine = machine(Self.overview(Self.entry("a1", "One"), Self.entry("c9", "Three")))
        try press("G\n", &machine)
        _ = machine.finish(.undo, ReviewOutcome(message: "undone", isDone: true, overview: Self.three))
        #expect(machine.entry?.subject == "Two")
    }

    @Test func `a refusal leaves the reader where they were, a conflict is shown first`() throws {
        var machine = machine(rows: 10)
        try press("\nnjjj", &machine)
        #expect(machine.top == 3)
        _ = machine.finish(.drop("b2"), ReviewOutcome(message: "refused", isDone: false, overview: Self.three))
        #expect(machine.top == 3 && machine.entry?.id == "b2" && machine.status?.text == "refused")
        _ = machine.finish(
            .accept("b2"),
            ReviewOutcome(message: "conflict", isDone: false, details: ["yours", "theirs"], overview: Self.three))
        #expect(text(machine).prefix(3) == [" conflict", "yours", "theirs"])
        try press("x", &machine)
        #expect(machine.entry?.id == "b2")
        #expect(text(machine)[0].hasPrefix(" 2/3 pending"))
    }

    @Test func `a series without commits can be looked at and left`() throws {
        var machine = machine(Self.overview())
        for key in "jkgG\nadesmvon?x" { try press(String(key), &machine) }
        #expect(try press("q", &machine) == [.quit])
        #expect(text(machine).contains("No commit is left in this series."))
    }

    @Test func `pasted text is not taken for keys`() {
        var machine = machine()
        #expect(machine.handle(.paste) == [])
        #expect(machine.status?.text == "Pasted text is not taken for keys")
    }

    @Test(arguments: [(80, 24), (40, 24), (120, 40), (80, 10), (16, 4), (0, 0), (500, 200)])
    func `every screen fills its rows and is never wider, whatever is pressed`(_ columns: Int, _ rows: Int) throws {
        var random = SeededRandom(state: UInt64(columns * 1_000 + rows + 1))
        var machine = machine(columns: columns, rows: rows)
        for _ in 0..<600 {
            let key = "jkgGnp\n bf?lsyadx\u{1B}uvemo".unicodeScalars.randomElement(using: &random) ?? "j"
            try press(String(key), &machine)
            if Int.random(in: 0..<20, using: &random) == 0 {
                machine.resize(to: ScreenSize(columns: Int.random(in: 1...130, using: &random), rows: rows))
            }
            let screen = machine.screen
            #expect(screen.count == machine.size.rows)
            #expect(screen.allSatisfy { $0.width <= machine.size.columns })
        }
    }

    @Test func `a narrow and tiny screen keeps what matters`() throws {
        var machine = machine(columns: 40, rows: 10)
        #expect(text(machine)[1] == "› 1  ·  One                        +3 −1")
        try press("\n", &machine)
        #expect(
            text(machine) == [
                " 1/3 pending                      +3 −1", "One", "", "The reason of One.", "",
                "before  ✗ exit 1, 3 s  make test", "", "A new.txt  +1",
                "                                     43%", "a accept  d drop  e edit  ? keys",
            ])
    }

    @Test(arguments: [
        (16, ["one two three", "four five six", "", "- a point", "  more"]),
        (40, ["one two three four", "five six", "", "- a point", "  more"]),
    ])
    func `a reason is filled anew where its lines are too wide`(_ width: Int, _ expected: [String]) {
        let entry = ReviewOverview.Entry(
            id: "a1", acceptedAs: nil, subject: "S", body: "one two three four\nfive six\n\n- a point\n  more",
            evidence: [], added: 0, removed: 0)
        let rows = CommitPage(entry, nil, width: width).rows.map(\.line.text)
        #expect(rows.dropFirst(2).prefix(expected.count) == expected[...])
    }

    @Test func `the rows that have changed are written, and no others`() throws {
        var writer = ScreenWriter(hasColor: false)
        #expect(writer.update(to: ["one", "two"]).contains("\u{1B}[1;1H\u{1B}[2Kone"))
        #expect(writer.update(to: ["one", "2"]) == "\u{1B}[2;1H\u{1B}[2K2")
        #expect(writer.update(to: ["one", "2"]) == "")
    }

    @Test(arguments: [
        ("Subject\n\nBody  \n\n# ------------------------ >8 ------------------------\n# note", "Subject\n\nBody"),
        ("\n\n#12 is fixed\r\n", "#12 is fixed"), ("# ------------------------ >8 ------------------------\nx", ""),
        ("", ""),
    ])
    func `a message is what stands above the remarks`(_ text: String, _ message: String) {
        #expect(MessageFile.message(in: text) == message)
    }

    @Test(arguments: [
        (["VISUAL": "v", "EDITOR": "e"], "g", "v"), (["EDITOR": "e"], "g", "e"), (["VISUAL": ""], "g", "g"),
        ([:], nil, "vi"),
    ])
    func `the editor is the one that the user has chosen`(
        _ environment: [String: String], _ configured: String?, _ command: String
    ) {
        #expect(Editor(environment: environment, configured: configured).command == command)
    }

    @Test(arguments: [
        ("vim", ["+7", "/a b"]), ("/usr/bin/code --wait", ["--goto", "/a b:7"]), ("hx", ["/a b:7"]), ("ed", ["/a b"]),
    ])
    func `an editor opens a file at a line`(_ command: String, _ arguments: [String]) {
        let editor = Editor(environment: ["EDITOR": command], configured: nil)
        #expect(editor.arguments(path: "/a b", line: 7) == arguments)
    }
}
