import Glibc
import OS
import Testing

@Suite struct `A resolver of paths` {
    private let scratch = Scratch()
    private let root: String

    /// A tree with folders, files, and links of all kinds.
    init() throws {
        root = try #require(FilePath.resolved(scratch.path))
        for name in ["a", "a/b", "a/b/c", "\u{E9}", "e\u{301}", "\u{301}x"] { mkdir("\(root)/\(name)", 0o700) }
        for name in ["a/file", "\u{E9}/one", "e\u{301}/two"] {
            close(open("\(root)/\(name)", O_CREAT | O_WRONLY, 0o600))
        }
        let links = [
            "to-a": "a", "a/up": "..", "a/b/absolute": "\(root)/a", "loop": "loop", "there": "back", "back": "there",
            "broken": "nothing/here", "to-file": "a/file", "a/b/round": "../../to-a/b/./c", "slashes": ".//a//b/",
            "out": "/dev/null", "self": "/proc/self/fd/0", "a/dot": ".",
        ]
        for (name, text) in links { try #require(symlink(text, "\(root)/\(name)") == 0) }
    }

    private static let names = [
        "", "/", "/a", "/a/", "//a///b", "/a/.", "/a/..", "/a/../a/b", "/to-a", "/to-a/b/c", "/to-a/up/to-a/file",
        "/a/b/absolute/b/absolute/file", "/loop", "/loop/x", "/there", "/broken", "/broken/x", "/missing",
        "/missing/x/y",
        "/missing/../a", "/a/file", "/a/file/", "/a/file/x", "/a/file/..", "/to-file", "/to-file/x", "/a/b/round",
        "/a/b/round/../..", "/slashes", "/slashes/c", "/out", "/out/x", "/self", "/a/dot/dot/dot/b", "/\u{E9}/one",
        "/\u{E9}/two", "/e\u{301}/one", "/e\u{301}/two", "/\u{301}x", "/\u{301}x/../a",
    ]

    @Test func `says of each path what the system says`() {
        let resolver = PathResolver()
        // Twice, because the second time it remembers.
        for name in Self.names + Self.names.reversed() {
            let path = root + name
            #expect(resolver.resolved(path) == FilePath.resolved(path), "\(name)")
            #expect(resolver.kind(path) == FilePath.kind(path), "\(name)")
        }
        for path in ["", "/", ".", "..", "relative", "/..", "/proc/self", "/proc/self/exe", "/dev/stdin"] {
            #expect(resolver.resolved(path) == FilePath.resolved(path), "\(path)")
            #expect(resolver.kind(path) == FilePath.kind(path), "\(path)")
        }
    }

    @Test func `keeps names apart that a string takes for one`() {
        let resolver = PathResolver()
        #expect(resolver.resolved("\(root)/\u{E9}/one") != nil && resolver.resolved("\(root)/e\u{301}/one") == nil)
        #expect(resolver.resolved("\(root)/e\u{301}/two") != nil && resolver.resolved("\(root)/\u{E9}/two") == nil)
    }

    @Test func `asks for nothing below a folder that is missing`() {
        let resolver = PathResolver()
        #expect(resolver.found("\(root)/later/x") == nil)
        mkdir("\(root)/later", 0o700)
        mkdir("\(root)/later/y", 0o700)
        #expect(resolver.found("\(root)/later/y") == nil)
        #expect(PathResolver().found("\(root)/later/y")?.kind == .folder)
    }
}
