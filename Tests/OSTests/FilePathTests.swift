import Glibc
import OS
import Testing

@Suite struct FilePathTests {
    @Test func `links, dots and doubled slashes go`() throws {
        let scratch = Scratch()
        let real = try #require(FilePath.resolved(scratch.path))
        #expect(mkdir(real + "/folder", 0o700) == 0)
        #expect(symlink("folder", real + "/link") == 0)
        #expect(FilePath.resolved("\(real)//link/../link/.") == real + "/folder")
        #expect(FilePath.resolved(real + "/missing") == nil)
        #expect(FilePath.isLink(real + "/link"))
        #expect(FilePath.kind(real + "/link") == .folder)
        #expect(FilePath.kind("/dev/null") == .other)
    }

    @Test func `a path lies in a folder by whole names`() {
        #expect(FilePath.isInside("/a/b", "/a"))
        #expect(FilePath.isInside("/a", "/a"))
        #expect(FilePath.isInside("/a", "/"))
        #expect(!FilePath.isInside("/ab", "/a"))
    }

    @Test func `a program is found in the search path and a folder of its name is none`() {
        let scratch = Scratch()
        #expect(mkdir(scratch.path + "/sh", 0o700) == 0)
        #expect(FilePath.program("sh", searchPath: "\(scratch.path):/bin") == "/bin/sh")
        #expect(FilePath.program("./own", searchPath: "/bin") == "./own")
        #expect(FilePath.program("no-such-program", searchPath: "/bin") == nil)
        #expect(FilePath.program("", searchPath: "/bin") == nil)
    }
}

@Suite struct `Paths of the machine` {
    @Test func `are the same only by their bytes`() {
        #expect(!FilePath.isSame("/h/\u{E9}", "/h/e\u{301}"))
        #expect(FilePath.isSame("/h/\u{E9}", "/h/\u{E9}"))
        #expect(["/h/\u{E9}"].containsPath("/h/\u{E9}") && !["/h/\u{E9}"].containsPath("/h/e\u{301}"))
    }

    @Test func `lie in a folder by whole names, whatever stands behind the slash`() {
        #expect(FilePath.isInside("/h/\u{301}x", "/h") && FilePath.isInside("/h", "/h") && FilePath.isInside("/x", "/"))
        #expect(!FilePath.isInside("/h2", "/h") && !FilePath.isInside("/h/e\u{301}/x", "/h/\u{E9}"))
        #expect(FilePath.rest(of: "/h/\u{301}x", below: "/h") == "/\u{301}x")
        #expect(FilePath.rest(of: "/h", below: "/h") == nil && FilePath.rest(of: "/h2/x", below: "/h") == nil)
        #expect(FilePath.absolute("~/\u{301}x", home: "/h") == "/h/\u{301}x")
        #expect(FilePath.names(in: "/a/\u{301}b//c") == ["a", "\u{301}b", "c"])
    }
}
