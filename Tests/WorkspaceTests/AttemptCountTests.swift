import Testing

@testable import Workspace

@Suite struct `The number of an attempt` {
    @Test(
        arguments: [
            ("Fix it\n\nGraft-Attempt: 2", 2), ("Fix it\n\nGraft-Session: x\ngraft-attempt:3\n", 3),
            ("Squash (#1)\n\n* Fix it\n\n  Graft-Attempt: 1\n\n* More\n\n* Graft-Attempt: 4\n", 4),
            ("Graft-Attempt: 1", 1),
            ("Fix\r\n\r\nGraft-Attempt: 5\r\n", 5), ("Fix it", nil), ("Fix\n\nGraft-Attempt: 0", nil),
            ("Fix\n\nGraft-Attempt: -1", nil), ("Fix\n\nGraft-Attempt: 99999999", nil),
            ("Fix\n\nGraft-Attempt: two", nil),
            ("Fix\n\nNo-Graft-Attempt: 2", nil), ("The Graft-Attempt: 2", nil), ("", nil),
        ] as [(String, Int?)])
    func `is read off a message`(_ message: String, _ number: Int?) {
        #expect(AttemptCount.number(in: message) == number)
    }
}
