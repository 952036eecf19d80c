import Testing

@testable import Evidence

@Suite struct `A reader of YAML` {
    private func json(_ value: YAML) -> String {
        switch value {
        case .text(let text):
            "\"\(text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n"))\""
        case .list(let values): "[\(values.map(json).joined(separator: ","))]"
        case .map(let entries): "{\(entries.map { "\($0.key):\(json($0.value))" }.joined(separator: ","))}"
        case .unusable(let reason): "<\(reason)>"
        case .none: "-"
        }
    }

    @Test(arguments: [
        ("a: 1\nb:\n  c: x y\n  d:\n    - 1\n    - 2\n", #"{a:"1",b:{c:"x y",d:["1","2"]}}"#),
        ("a:\n- x\n- y\nb: z", #"{a:["x","y"],b:"z"}"#),
        ("- a: 1\n  b: 2\n-\n  a: 3\n- - x\n  - y\n", #"[{a:"1",b:"2"},{a:"3"},["x","y"]]"#),
        ("a: |\n  one\n    two\n\n  three\nb: 1", #"{a:"one\n  two\n\nthree",b:"1"}"#),
        ("a: >-\n  one\n  two\n\n  three\n", #"{a:"one two\n\nthree"}"#),
        ("a: |2\n    x\n  y\n", #"{a:"  x\ny"}"#),
        ("- run: |\n    make\n    make test\n- run: x", #"[{run:"make\nmake test"},{run:"x"}]"#),
        ("- |\n  a\n  b\n- c", #"["a\nb","c"]"#),
        ("a: \"x # y\" # z\nb: 'it''s' # c\nc: d#e #f\n", #"{a:"x # y",b:"it's",c:"d#e"}"#),
        ("a: \"\\u00e4\\t\\\"\\n\"", "{a:\"ä\t\"\\n\"}"),
        ("a: one\n  two\n  three\nb: 1", #"{a:"one two three",b:"1"}"#),
        ("a: [x, 'y, z', {b: c, d: [e]}]\nf: {}\ng: []", #"{a:["x","y, z",{b:"c",d:["e"]}],f:{},g:[]}"#),
        ("a: [x,\n  y, # c\n  z]\nb: 1", #"{a:["x","y","z"],b:"1"}"#),
        (
            "a: &n x\nb: *n\nc: !reference [.x, script]\nd: !!str 3",
            "{a:\"x\",b:<an alias of YAML (*n)>,c:<a tag of YAML (!reference)>,d:\"3\"}"
        ),
        ("a: &n\n  b: 1\nc:\n  <<: *n\n  d: 2", "{a:{b:\"1\"},c:{<<:<an alias of YAML (*n)>,d:\"2\"}}"),
        ("- &x\n- y\n- &z a: 1\n  b: 2", #"[-,"y",{a:"1",b:"2"}]"#),
        ("%YAML 1.2\n---\na: 1\n---\nb: 2", #"{a:"1"}"#), ("--- \na: 1\n...\nrest", #"{a:"1"}"#),
        ("\"a b\": 1\n'c': 2\n? d\n", #"{a b:"1",c:"2"}"#), ("a:\n  # only a comment\nb: 1", #"{a:-,b:"1"}"#),
        (
            "on:\n  push:\n    branches: [ main ]\njobs:\n  x:\n    steps:\n    - uses: a@v1\n    - run: npm test\n",
            #"{on:{push:{branches:["main"]}},jobs:{x:{steps:[{uses:"a@v1"},{run:"npm test"}]}}}"#
        ),
        ("", "-"), ("# x", "-"), ("just text", #""just text""#), ("a: http://x:80/y", #"{a:"http://x:80/y"}"#),
        ("a: [x\nb: 1", "{a:<a value of YAML that is not closed>,b:\"1\"}"),
        ("a: \"x\nb: 1", "{a:<a value of YAML that is not closed>,b:\"1\"}"),
    ])
    func `reads what definitions are made of`(_ text: String, _ expected: String) {
        #expect(json(YAMLReader.read(text)) == expected)
    }

    @Test func `ends with any text`() {
        let pieces = [
            "- ", "a: ", "\n", "  ", "[", "{", "]", "}", "'", "\"", "|", ">", "&x ", "*x", "!t ", "#", ":", ",", "\t",
            "-", "\\", "é",
        ]
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<3000 {
            let text = (0..<Int.random(in: 0...40, using: &generator)).map { _ in
                pieces.randomElement(using: &generator) ?? ""
            }
            _ = YAMLReader.read(text.joined())
        }
        _ = YAMLReader.read(String(repeating: "- ", count: 50_000))
        _ = YAMLReader.read(String(repeating: "[", count: 50_000))
        _ = YAMLReader.read(String(repeating: "{a: ", count: 20_000))
        _ = YAMLReader.read((0..<500).map { String(repeating: " ", count: $0) + "a:\n" }.joined())
        _ = YAMLReader.read(String(repeating: "a: [\n", count: 10_000))
        _ = YAMLReader.read(String(repeating: "- a\n", count: 60_000))
    }
}
