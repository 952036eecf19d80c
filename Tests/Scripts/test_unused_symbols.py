"""The search for unused declarations finds what nothing uses in two small modules, and leaves the rest alone."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "scripts/unused-symbols"
LIBRARY = """
public protocol Shape { func area() -> Int; func never() }
public struct Square: Shape, CustomStringConvertible {
    public let side: Int
    public init(side: Int) { self.side = side }
    public func area() -> Int { side * helper() }
    public func never() {}
    public var description: String { "square" }
    private func helper() -> Int { side }
    private func chain() { link() }
    private func link() { chain() }
}
public enum Choice: String { case first, second }
public enum Event { case happened(Report), missed }
public struct Report { public let text: String }
public struct Hidden { public static func use() -> Payload { Payload() } }
public struct Payload { public init() {} }
public struct DeadType { public func member() {} }
extension DeadType { public func more() -> DeadType { self } }
public func onlyTested() {}
"""
PROGRAM = """
import Shapes
@main struct Main {
    static func main() {
        let shape: any Shape = Square(side: 2)
        print(shape.area(), shape, Choice(rawValue: "second") as Any)
        _ = Hidden.use()
        let event: Event? = nil
        if case .happened = event { return }
    }
}
"""
TESTS = """
@testable import Shapes
func tests() { onlyTested() }
"""


class UnusedSymbols(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        cls.root = Path(folder.name).resolve()
        cls.compile("Sources/Shapes/Shapes.swift", LIBRARY, "-enable-testing")
        cls.compile("Sources/App/App.swift", PROGRAM)
        cls.compile("Tests/ShapesTests/Tests.swift", TESTS)

    @classmethod
    def compile(cls, path, text, *options):
        file = cls.root / path
        file.parent.mkdir(parents=True)
        file.write_text(text)
        module, place = file.parent.name, cls.root / ".build"
        place.mkdir(exist_ok=True)
        command = [
            "swiftc", "-parse-as-library", "-c", file, "-module-name", module, "-I", place, "-emit-module",
            "-emit-module-path", place / f"{module}.swiftmodule", "-o", place / f"{module}.o", "-index-store-path",
            place / "store", *options,
        ]
        subprocess.run(command, check=True, cwd=place)

    def run_script(self, *options):
        command = [sys.executable, SCRIPT, self.root, "--store", self.root / ".build/store", *options]
        return subprocess.run(command, capture_output=True, text=True)

    def names(self, title):
        return {item["name"] for item in json.loads(self.run_script("--json").stdout)[title]}

    def test_what_nothing_uses_is_dead(self):
        dead = {"Event.missed", "Report.text", "DeadType", "Square.chain()", "Square.link()", "Shape.never()"}
        self.assertEqual(self.names("dead"), dead)

    def test_what_only_tests_use_is_listed_apart(self):
        self.assertEqual(self.names("tests only"), {"onlyTested()"})

    def test_what_no_other_module_names_need_not_be_public(self):
        self.assertEqual(self.names("public in one target only"), {"Square.side", "Payload.init()"})

    def test_a_check_fails_on_a_dead_declaration_and_names_its_place(self):
        done = self.run_script("--check")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Sources/Shapes/Shapes.swift:18: DeadType: struct\n", done.stdout)

    def test_the_list_of_allowed_names_is_left_out(self):
        allowed = self.root / "scripts/unused-symbols.allowed"
        allowed.parent.mkdir()
        self.addCleanup(allowed.unlink)
        allowed.write_text("\n".join(self.names("dead")))
        self.assertEqual(self.run_script("--check").returncode, 0)

    def test_a_missing_index_says_what_to_do(self):
        done = subprocess.run([sys.executable, SCRIPT, self.root], capture_output=True, text=True)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("swift build --build-tests", done.stderr)


if __name__ == "__main__":
    unittest.main()
