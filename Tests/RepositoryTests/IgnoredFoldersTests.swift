import Foundation
import Repository
import TestSupport
import Testing

@Suite struct IgnoredFoldersTests {
    private func ignored(_ fixture: GitFixture) throws -> [String] {
        try fixture.open().uncommittedWork(privateFolder: try fixture.privateFolder()).ignoredFolders.sorted()
    }

    /// What git says, folders only.
    private func listed(_ fixture: GitFixture) throws -> [String] {
        try fixture.git("ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
            .split(separator: "\0").filter { $0.hasSuffix("/") }.map { String($0.dropLast()) }.sorted()
    }

    @Test func `ignored folders are those that git lists, topmost ones only`() throws {
        let fixture = try GitFixture([
            ".gitignore": "node_modules/\n/build\n*.egg-info\n.env\n!important.egg-info\n", "a/b/file": "1",
            "packages/one/package.json": "{}", "packages/.gitignore": "dist/\n",
        ])
        let ignoredFiles = [
            "node_modules/x/index.js", "node_modules/x/node_modules/y.js", "packages/one/node_modules/z.js",
            "packages/one/dist/out.js", "build/deep/er/out.o", "my package.egg-info/PKG-INFO", ".env/file",
            "a/b/node_modules/w.js", "ünï cödé:,\\/node_modules/v.js",
        ]
        for path in ignoredFiles + ["untracked/file", "dist/not-here", "important.egg-info/x", ".envrc"] {
            try fixture.write(path, "x")
        }
        try fixture.write("ünï cödé:,\\/untracked", "x")
        symlink("/tmp", fixture.root + "/packages/one/build")
        symlink("/tmp", fixture.root + "/x.egg-info")
        let expected = try listed(fixture)
        #expect(expected.count == 8)
        #expect(try ignored(fixture) == expected)
    }

    @Test func `a folder that ignores itself counts`() throws {
        let fixture = try GitFixture(["a": "1"])
        for name in [".venv", "tools/.cache"] {
            try fixture.write("\(name)/.gitignore", "*\n")
            try fixture.write("\(name)/lib/module.py", "x")
        }
        try fixture.write("tools/file", "x")
        try fixture.write("half/.gitignore", "ignored/\n")
        try fixture.write("half/ignored/x", "x")
        #expect(try ignored(fixture) == [".venv", "half/ignored", "tools/.cache"])
    }

    @Test func `a checkout without any has none`() throws {
        let fixture = try GitFixture([".gitignore": "*.log\nbuild/\n", "a": "1"])
        try fixture.write("trace.log", "x")
        #expect(try ignored(fixture) == [])
    }

    @Test func `tracked files in an ignored folder are not in the list, folders beside them are`() throws {
        let fixture = try GitFixture(["a": "1"])
        try fixture.write(".gitignore", "build/\n")
        try fixture.write("build/kept", "x")
        try fixture.git("add", "-f", ".gitignore", "build/kept")
        try fixture.git("commit", "-q", "-m", "Kept")
        try fixture.write("build/out/x.o", "x")
        #expect(try ignored(fixture) == ["build/out"])
    }
}
