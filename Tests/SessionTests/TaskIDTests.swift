import Testing

@testable import Session

@Suite struct `The name of a task` {
    @Test(arguments: ["a", "7", "job.7", "A-b_c.d", String(repeating: "x", count: 64)])
    func `is made of plain characters`(_ name: String) { #expect(TaskID(name)?.description == name) }

    @Test(arguments: [
        "", ".", "..", "-a", "_a", "a/b", "a b", "ä", "a\n", "a\0", "é", String(repeating: "x", count: 65),
    ])
    func `is nothing that a file's name must not be`(_ name: String) { #expect(TaskID(name) == nil) }
}
