import Testing

@testable import Sandbox

@Suite struct OutputTruncationTests {
    private func capture(_ text: [UInt8], limit: Int = 64 * 1024, chunk: Int = 1000) -> CapturedOutput {
        var capture = OutputCapture(limit: limit, file: nil)
        var start = 0
        while start < text.count {
            let end = min(start + chunk, text.count)
            text[start..<end].withUnsafeBytes { capture.append($0) }
            start = end
        }
        return capture.finish()
    }

    private func lines(_ count: Int, _ special: [Int: String] = [:]) -> [UInt8] {
        Array((1...count).map { (special[$0] ?? "line \($0) of the build") + "\n" }.joined().utf8)
    }

    @Test func `what fits is whole`() {
        let text = lines(10)
        let output = capture(text)
        #expect(OutputTruncation(byteLimit: text.count).render(output) == String(decoding: text, as: UTF8.self))
        #expect(OutputTruncation(byteLimit: 10).render(CapturedOutput()) == "")
    }

    @Test(arguments: [64 * 1024, 4000])
    func `beginning, error lines with neighbours, and end remain`(_ kept: Int) {
        let text = lines(2000, [1000: "main.c:3: error: no such thing", 1990: "last but some"])
        let cut = OutputTruncation(byteLimit: 1000, handle: "c1", offset: 7).render(capture(text, limit: kept))
        #expect(cut.utf8.count <= 1000)
        #expect(cut.hasPrefix("line 1 of the build\n"))
        #expect(cut.hasSuffix("line 2000 of the build\n"))
        #expect(
            cut.contains(
                """
                ; read_output handle=c1 offset=271; lines that look like errors:]
                999: line 999 of the build
                1000: main.c:3: error: no such thing
                1001: line 1001 of the build
                1002: line 1002 of the build
                [the end:]
                """))
    }

    @Test func `the note counts what is left out`() {
        let text = lines(1000)
        let cut = OutputTruncation(byteLimit: 600).render(capture(text))
        let shown = cut.split(separator: "\n").filter { $0.hasPrefix("line ") }
        let bytes = shown.reduce(0) { $0 + $1.utf8.count + 1 }
        #expect(cut.contains("[\(text.count - bytes) bytes, \(1000 - shown.count) lines left out]\n"))
    }

    @Test func `no limit is passed and no character is split`() {
        var text = Array(String(repeating: "häßlich 漢字 🦊 error\n", count: 200).utf8)
        text.insert(contentsOf: [0xFF, 0xC3, 0x80, 0xE2], at: 3000)
        for kept in [101, 1001, 65536] {
            let output = capture(text, limit: kept, chunk: 37)
            for limit in stride(from: 0, to: 1500, by: 31) {
                let cut = OutputTruncation(byteLimit: limit, handle: "x").render(output)
                #expect(cut.utf8.count <= limit)
                #expect(cut.count { $0 == "\u{FFFD}" } <= 4)
            }
        }
    }

    @Test(arguments: [1, 7, 64, 1000, 100_000])
    func `head, tail and line count do not depend on how the output came`(_ chunk: Int) {
        let text = lines(3000, [1500: "FAILED tests/test_a.py", 1502: "E   assert 1 == 2"])
        let output = capture(text, limit: 2001, chunk: chunk)
        #expect(output.head == Array(text.prefix(1001)))
        #expect(output.tail == Array(text.suffix(1000)))
        #expect(output.lineCount == 3000)
        #expect(output.excerpts.map(\.line) == [1499, 1500, 1501, 1502, 1503, 1504])
        #expect(output.excerpts.filter(\.isMatch).map(\.line) == [1500, 1502])
    }

    @Test func `among very many error lines the first and the last are kept`() {
        let text = Array((1...20000).map { "error \($0)\n" }.joined().utf8)
        let output = capture(text, limit: 1000)
        #expect(output.excerpts.count < 4000)
        #expect(output.excerpts.first.map { $0.line < 100 } == true)
        #expect(output.excerpts.last.map { $0.line > 19900 } == true)
        #expect(OutputTruncation(byteLimit: 2000).render(output).contains("...\n"))
    }

    @Test(
        arguments: [
            ("src/a.swift:1:2: error: x", true), ("Traceback (most recent call last):", true),
            ("thread 'main' panicked at src/main.rs:2:5", true), ("E   assert 1 == 2", true),
            ("FAILED test_a.py::test_b", true), ("java.lang.NullPointerException", true), ("not ok 3 - adds", true),
            ("Assertion `x' failed.", true), ("ld: undefined reference to `f'", true),
            ("test_error.py::test_failure PASSED", false), ("test errors::parse ... ok", false),
            ("Compiling a.c", false), ("", false), ("E", false), ("Entering directory", false),
        ])
    func `error lines are known by their words`(_ line: String, _ expected: Bool) {
        #expect(Array(line.utf8).withUnsafeBytes { ErrorLine().matches($0) } == expected)
    }
}
