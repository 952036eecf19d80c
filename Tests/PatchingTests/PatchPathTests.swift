import Patching
import Testing
import Text

@Suite struct `A path in a patch` {
    @Test(arguments: [
        ("a", "a"), ("./a", "a"), ("a/./b", "a/b"), ("././a", "a"), ("a b/c d", "a b/c d"), (".github/x", ".github/x"),
        (".gitignore", ".gitignore"), ("a/.gitmodules", "a/.gitmodules"), ("...", "..."), ("é/日本", "é/日本"),
        ("dev\\x2duuid.mount", "dev\\x2duuid.mount"), ("git", "git"), ("x.git/a", "x.git/a"), ("git~2", "git~2"),
    ])
    func `is taken relative to the root`(_ given: String, _ expected: String) throws {
        #expect(try PatchPath(BytePath(given)).path == BytePath(expected))
    }

    @Test(arguments: [
        "", "/", "/etc/passwd", ".", "./", "..", "../a", "a/../b", "a/..", "a//b", "a/", "a\0b", "a\\..\\b",
        ".git", ".git/config", "a/.git/hooks/x", ".GIT/x", ".Git", ".git./x", ".git /x", ".git. . /x", "git~1/x",
        "GIT~1",
        ".g\u{200C}it/x", "\u{FEFF}.git", ".git\u{200D}", ".git::$INDEX_ALLOCATION/x", ".git:a", "a\\.git\\config",
        ".\u{206A}GIT",
    ])
    func `is refused outside the root and in the repository's own folder`(_ path: String) {
        let error = #expect(throws: PatchError.self) { try PatchPath(BytePath(path)) }
        #expect(error?.code == .invalidPath)
        #expect(error?.path == path)
    }

    @Test(arguments: [
        FileOperation.create(path: "../a", diff: "+x"), .update(path: "/f", diff: "@@\n-a\n+b", moveTo: nil),
        .update(path: "f", diff: "@@\n-a\n+b", moveTo: ".git/hooks/pre-commit"), .delete(path: ".GIT/config"),
    ])
    func `is checked in every operation`(_ operation: FileOperation) {
        let error = #expect(throws: PatchError.self) {
            try PatchEngine.changes([operation], dialect: .native, to: Reading { _ in StoredFile(Array("a\n".utf8)) })
        }
        #expect(error?.code == .invalidPath)
    }
}
