import Foundation
import Repository
import TestSupport
import Testing
import Text

@testable import Evidence

private let files = [
    "src/calc.py": "def add(a, b):\n    return a - b\n",
    "tests/test_calc.py": "def test_add():\n    assert add(1, 2) == 3\n",
    "tests/data.json": "{}\n", "run.sh": "exit 1\n",
    "package.json": #"{"name": "a", "scripts": {"test": "jest"}, "dependencies": {"a": "1"}}"#,
    "pyproject.toml": "[project]\nname = \"a\"\n\n[tool.ruff]\nline-length = 80\n",
]

@Suite struct RestoredTreeTests {
    private func change(_ change: (GitFixture) throws -> Void) throws -> GuardedChange {
        try GuardedChange(files, change: change)
    }

    @Test func `a true fix changes nothing that is protected`() throws {
        let change = try change { try $0.write("src/calc.py", "def add(a, b):\n    return a + b\n") }
        #expect(change.changes == [] && change.inspection.restored == nil)
        #expect(change.inspection.newTests == [] && change.inspection.withoutNewTests == nil)
    }

    @Test func `changed and deleted tests come back, and the rest stays`() throws {
        let change = try change {
            try $0.write("tests/test_calc.py", "def test_add():\n    pass\n")
            try $0.remove("tests/data.json")
            try $0.write("src/calc.py", "new\n")
            try $0.write("src/more.py", "more\n")
        }
        #expect(change.changes == ["deleted tests/data.json", "modified tests/test_calc.py"])
        let restored = change.inspection.restored
        #expect(try change.files(of: restored) == (files.keys + ["src/more.py"]).sorted())
        #expect(try change.text("tests/test_calc.py", of: restored) == files["tests/test_calc.py"])
        #expect(try change.text("src/calc.py", of: restored) == "new\n")
    }

    @Test func `a renamed test is at its old place only`() throws {
        let change = try change { try $0.git("mv", "tests/test_calc.py", "src/notes.py") }
        #expect(change.changes == ["renamed tests/test_calc.py -> src/notes.py"])
        #expect(try change.files(of: change.inspection.restored) == files.keys.sorted())
        #expect(change.inspection.restoredPaths == ["src/notes.py", "tests/test_calc.py"])
    }

    @Test func `new configuration goes, and new tests stay`() throws {
        let change = try change {
            try $0.write("conftest.py", "collect_ignore = ['tests']\n")
            try $0.write("tests/test_more.py", "def test_more():\n    assert True\n")
        }
        #expect(change.changes == ["added conftest.py"])
        #expect(change.inspection.newTests == ["tests/test_more.py"])
        #expect(try change.files(of: change.inspection.restored) == (files.keys + ["tests/test_more.py"]).sorted())
        #expect(try change.files(of: change.inspection.withoutNewTests) == files.keys.sorted())
    }

    @Test func `a folder of tests that became a link is a folder again`() throws {
        let change = try change {
            try $0.write("other/test_calc.py", "def test_add():\n    pass\n")
            try $0.git("rm", "-q", "-r", "tests")
            try FileManager.default.createSymbolicLink(
                atPath: $0.root + "/tests", withDestinationPath: "other")
        }
        #expect(change.changes.contains("type tests"))
        let restored = try change.files(of: change.inspection.restored)
        #expect(restored.contains("tests/test_calc.py") && !restored.contains("tests"))
    }

    @Test func `a test that became a folder, a link or a program is as it was`() throws {
        let change = try change {
            try $0.remove("tests/test_calc.py")
            try $0.write("tests/test_calc.py/a", "a\n")
            try $0.remove("tests/data.json")
            try FileManager.default.createSymbolicLink(
                atPath: $0.root + "/tests/data.json", withDestinationPath: "/dev/null")
        }
        #expect(change.changes == ["type tests/data.json", "deleted tests/test_calc.py"])
        #expect(try change.files(of: change.inspection.restored) == files.keys.sorted())
        let mode = try GuardedChange(files, command: "./run.sh") {
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: $0.root + "/run.sh")
        }
        #expect(mode.changes == ["mode run.sh"])
    }

    @Test func `of manifests the parts count that say how they are checked`() throws {
        let free = try change {
            try $0.write(
                "package.json",
                #"{"name": "b", "dependencies": {"a": "2"}, "scripts": {"test":"jest"}, "type": "module"}"#)
            try $0.write(
                "pyproject.toml", "[tool.ruff]\nline-length=80\n[project]\nname = \"b\"\ndependencies = [\"x\"]\n")
        }
        #expect(free.changes == [])
        let held = try change {
            try $0.write("package.json", #"{"name": "a", "scripts": {"test": "jest"}, "scripts": {"test": "true"}}"#)
            try $0.write("pyproject.toml", "[project]\nname = \"a\"\n\n[tool.ruff]\nline-length = 800\n")
        }
        #expect(held.changes == ["modified package.json", "modified pyproject.toml"])
        let broken = try change { try $0.write("package.json", "{\"name\": \"b\",}") }
        #expect(broken.changes == ["modified package.json"])
        let gone = try change { try $0.remove("package.json") }
        #expect(gone.changes == ["deleted package.json"])
        let runner = try GuardedChange(
            [
                "Cargo.toml": "[package]\nname = \"a\"\n\n[dependencies]\nx = \"1\"\n"
            ], command: "cargo test"
        ) {
            try $0.write("Cargo.toml", "[package]\nname = \"a\"\n\n[dependencies]\nx = \"2\"\n\n[lib]\ntest = false\n")
        }
        #expect(runner.changes == ["modified Cargo.toml"])
    }

    @Test func `attributes that call a file binary hide nothing, and names may be any bytes`() throws {
        let change = try GuardedChange(files, command: "true") {
            try $0.write("tests/\u{e9}\"\u{1}.py", "1\n")
            try $0.write(".gitattributes", "*.py binary\n")
            try $0.write("tests/test_calc.py", "def test_add():\n    pass\n")
        }
        #expect(change.changes == ["added .gitattributes", "modified tests/test_calc.py"])
        #expect(change.inspection.newTests.count == 1)
    }

    @Test func `a run that protects nothing looks at nothing`() throws {
        let change = try GuardedChange(files, choice: ProtectionChoice(usesDefaults: false)) {
            try $0.remove("tests/test_calc.py")
        }
        #expect(change.changes == [] && change.inspection.restored == nil && change.inspection.doubts == [])
    }
}
