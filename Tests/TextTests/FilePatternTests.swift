import Testing
import Text

@Suite struct `File pattern` {
    @Test(arguments: [
        ("build/**/*.xml", "build/a.xml"), ("build/**/*.xml", "build/x/y/a.xml"), ("**/*.xml", "a.xml"),
        ("*.xml", ".hidden.xml"), ("./r.xml", "r.xml"), ("a//b.xml", "a/b.xml"), ("build/", "build/x/y"),
        ("{a,b}/r.{xml,tap}", "b/r.tap"), ("{a,b{c,d}}.x", "bd.x"), ("{a}.x", "{a}.x"), ("{a.x", "{a.x"),
        ("TEST-?.xml", "TEST-1.xml"), ("[ab].xml", "b.xml"), ("é*.xml", "é1.xml"), ("a/**", "a/b/c"),
        ("\\{a,b}", "{a,b}"), ("{,x}a", "a"),
    ])
    func `matches`(_ pattern: String, _ path: String) {
        #expect(FilePattern(pattern)?.matches(BytePath(path)) == true)
    }

    @Test(arguments: [
        ("build/*.xml", "build/x/a.xml"), ("*.xml", "a/b.xml"), ("*.xml", "a.xml.bak"), ("build/", "build"),
        ("A.xml", "a.xml"), ("e\u{301}.xml", "é.xml"), ("{a,b}", "c"),
    ])
    func `does not match`(_ pattern: String, _ path: String) {
        #expect(FilePattern(pattern)?.matches(BytePath(path)) == false)
    }

    @Test func `matches names that are not UTF-8`() {
        let path = BytePath(bytes: Array("a/".utf8) + [0xFF] + Array(".xml".utf8))
        #expect(FilePattern("a/*.xml")?.matches(path) == true)
        #expect(FilePattern("a/?.xml")?.matches(path) == true)
    }

    @Test(arguments: [
        "", "/", "/a", "..", "../a", "a/../b", ".", "a\0b", "{a,/b}",
        "{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", "{{{{{{{{a,b},c},d},e},f},g},h},..}",
        String(repeating: "{a,b}", count: 5000),
    ])
    func `that leads outside, or stands for too much, is none`(_ pattern: String) {
        #expect(FilePattern(pattern) == nil)
    }

    @Test(arguments: [
        ("build/**/*.xml", ["build:*.xml"]), ("**/*.xml", [":*.xml"]), ("a/b/c.xml", ["a/b:c.xml"]),
        ("a/{b,c*}/r.xml", ["a/b:r.xml", "a:r.xml"]), ("a/", ["a:*"]), ("a/b?/c/**", ["a:*"]),
    ])
    func `tells where to look`(_ pattern: String, _ places: [String]) {
        let found = FilePattern(pattern)?.places.map {
            "\(String(decoding: $0.folder.bytes, as: UTF8.self)):\(String(decoding: $0.name.bytes, as: UTF8.self))"
        }
        #expect(found == places)
    }
}
