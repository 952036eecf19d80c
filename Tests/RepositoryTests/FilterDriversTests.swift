import Testing
import Text

@testable import Repository

@Suite struct FilterDriversTests {
    @Test(arguments: [
        ("cat", ["cat"]), ("a 'b c' \"d e\" f\\ g", ["a", "b c", "d e", "f g"]), ("A=1 B=x run it", ["run", "it"]),
        ("one | two x && three;four", ["one", "two", "x", "three", "four"]), ("~/bin/x ~y", ["/home/me/bin/x", "~y"]),
        ("$HOME/x ${HOME}/y '$HOME' \"$HOME\" $NO", ["/home/me/x", "/home/me/y", "$HOME", "/home/me", ""]),
        ("sed -e 's/$Id$/x/'", ["sed", "-e", "s/$Id$/x/"]), ("x \"a'b\" 'c\"d'", ["x", "a'b", "c\"d"]),
        ("x <in >out", ["x", "in", "out"]), ("", []), ("\"open", ["open"]), ("x \\", ["x", ""]),
    ])
    func `words are those that a shell would make`(_ command: String, _ words: [String]) {
        let parsed = ShellWords(command, variables: ["HOME": "/home/me"])
        #expect(parsed.words.map(\.text) == words)
        #expect(!parsed.isOpaque)
    }

    @Test(arguments: ["$(x)", "x \"$(y)\"", "x `y`", "cd a && ./b", "eval x", "x ${y%z}", "a | (cd b; c)"])
    func `what cannot be told is said to be so`(_ command: String) {
        #expect(ShellWords(command, variables: [:]).isOpaque)
    }

    @Test func `the program is the first word of each command in a line`() {
        let words = ShellWords("a b | c d; X=1 e", variables: [:]).words
        #expect(words.filter(\.isProgram).map(\.text) == ["a", "c", "e"])
        #expect(words.map(\.program) == ["a", "a", "c", "c", "e"])
    }
}
