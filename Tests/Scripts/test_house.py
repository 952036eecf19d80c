"""The check of the package's layout finds each fault in a small tree, and none in a sound one."""

import importlib.machinery
import importlib.util
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
SCRIPT = Path(__file__).resolve().parents[2] / "scripts/check-house"
loader = importlib.machinery.SourceFileLoader("check_house", str(SCRIPT))
house = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_house", loader))
loader.exec_module(house)

TABLE = """# Architecture

| target | what it is for | may import |
| --- | --- | --- |
| `CGit`, `CCurl` | bindings | - |
| `OS` | the floor | `CGit`, `CCurl` |
| `Text` | safe text | - |
| `graft` | the program | `OS`, `Text` |

| another | table |
| `Text` | `OS` |
"""
MANIFEST = """// swift-tools-version: 6.2
import PackageDescription
let package = Package(name: "small", targets: [.target(name: "Lower"), .target(name: "Upper", dependencies: ["Lower"])])
"""


def described(name, *dependencies, kind="regular", path=None):
    own = [{"byName": [dependency, None]} for dependency in dependencies]
    return {"name": name, "type": kind, "path": path, "dependencies": own}


class House(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.descriptions = [
            described("CGit", kind="system"), described("CCurl", kind="system"), described("OS", "CGit", "CCurl"),
            described("Text"), described("graft", "OS", "Text", kind="executable"),
            described("OSTests", "OS", kind="test"), described("bench", "Text", kind="executable"),
        ]
        self.write("docs/architecture.md", TABLE)
        self.write("Sources/CGit/shim.h", "")
        self.write("Sources/OS/Floor.swift", "internal import CCurl\nimport CGit\n\npublic struct Floor {}\n")
        self.write("Sources/Text/Text.swift", "public struct Text {}\n")
        self.write("Sources/graft/main.swift", "import OS\nimport struct Text.Text\n")
        self.write("Sources/bench/main.swift", "import Text\n")
        self.write("Tests/OSTests/FloorTests.swift", "@testable import OS\n")

    def write(self, path, text):
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def faults(self):
        return house.faults(house.targets_in({"targets": self.descriptions}, self.root), self.root)

    def assert_fault(self, *parts):
        found = self.faults()
        self.assertEqual(len(found), 1, found)
        for part in parts:
            self.assertIn(part, found[0])

    def test_a_sound_tree_has_no_fault(self):
        self.assertEqual(self.faults(), [])

    def test_a_missing_document_is_a_fault(self):
        (self.root / "docs/architecture.md").unlink()
        self.assert_fault("has no table", "add it")

    def test_a_target_without_a_row_is_a_fault(self):
        self.write("docs/architecture.md", TABLE.replace("| `Text` | safe text | - |\n", ""))
        self.assert_fault("does not list `Text`")

    def test_a_row_without_a_target_is_a_fault(self):
        self.write("docs/architecture.md", TABLE.replace("`CCurl` |", "`CCurl`, `CGone` |"))
        self.assert_fault("lists `CGone`, which is no target")

    def test_an_arrow_only_of_the_manifest_is_a_fault(self):
        self.write("docs/architecture.md", TABLE.replace("`OS`, `Text` |", "`OS` |"))
        self.assert_fault("Package.swift lets `graft` import `Text`", "docs/architecture.md does not")

    def test_an_arrow_only_of_the_table_is_a_fault(self):
        self.write("docs/architecture.md", TABLE.replace("safe text | -", "safe text | `CGit`"))
        self.assert_fault("docs/architecture.md lets `Text` import `CGit`", "Package.swift does not")

    def test_a_dependency_that_no_file_imports_is_a_fault(self):
        self.write("Tests/OSTests/FloorTests.swift", '// import OS\nlet text = """\n    import OS\n    """\n')
        self.assert_fault("lets `OSTests` import `OS`, but none of its files does")

    def test_an_import_that_is_not_declared_is_a_fault(self):
        self.write("Sources/Text/Text.swift", "public import OS\n")
        self.assert_fault("Sources/Text/Text.swift imports `OS`", "does not let `Text`")

    def test_a_binding_imported_elsewhere_is_a_fault(self):
        self.descriptions[3] = described("Text", "CGit")
        self.write("docs/architecture.md", TABLE.replace("safe text | -", "safe text | `CGit`"))
        self.write("Sources/Text/Text.swift", "import CGit\n")
        self.assert_fault("Sources/Text/Text.swift imports the C module `CGit`")

    def test_a_full_folder_is_a_fault_and_its_folders_count_apart(self):
        for number in range(house.FOLDER_LIMIT - 1):
            self.write(f"Sources/Text/File{number}.swift", "")
            self.write(f"Sources/Text/Inner/File{number}.swift", "")
        self.assertEqual(self.faults(), [])
        self.write("Sources/Text/Last.swift", "")
        self.assert_fault(f"Sources/Text holds {house.FOLDER_LIMIT + 1} Swift files")

    def test_a_long_file_is_a_fault(self):
        self.write("Sources/Text/Text.swift", "\n" * house.LINE_LIMIT)
        self.assertEqual(self.faults(), [])
        self.write("Sources/Text/Text.swift", "\n" * (house.LINE_LIMIT + 1))
        self.assert_fault("Sources/Text/Text.swift has 401 lines")

    def ring(self, target, count):
        for number in range(count):
            text = f'struct Part{number} {{ let next: Part{(number + 1) % count}? }} // "Text\n'
            self.write(f"Sources/{target}/Part{number}.swift", text)

    def test_a_long_cycle_of_files_is_a_fault(self):
        self.ring("Text", house.CYCLE_LIMIT)
        self.assertEqual(self.faults(), [])
        self.ring("Text", house.CYCLE_LIMIT + 1)
        self.assert_fault("5 files of `Text`", "Part0, Part1, Part2, Part3, Part4")

    def test_the_tree_of_commands_may_be_a_cycle(self):
        self.descriptions.append(described("GraftCommands"))
        self.write("docs/architecture.md", TABLE.replace("| `graft`", "| `GraftCommands` | commands | - |\n| `graft`"))
        self.ring("GraftCommands", house.CYCLE_LIMIT + 1)
        self.assertEqual(self.faults(), [])

    def test_a_cycle_of_targets_is_a_fault(self):
        self.descriptions[3] = described("Text", "OS")
        self.descriptions[2] = described("OS", "CGit", "CCurl", "Text")
        table = TABLE.replace("safe text | -", "safe text | `OS`")
        table = table.replace("the floor | `CGit`, `CCurl`", "the floor | `CGit`, `CCurl`, `Text`")
        self.write("docs/architecture.md", table)
        self.write("Sources/OS/More.swift", "import Text\n")
        self.write("Sources/Text/More.swift", "import OS\n")
        self.assert_fault("The targets `OS`, `Text` import one another")

    def test_unclosed_text_does_not_stop_the_reader(self):
        self.write("Sources/Text/Text.swift", '/// Three quotes (""") and a word.\nlet a = "\\\\"\n' + "\\n" * 5000)
        self.assertEqual(self.faults(), [])

    def test_the_manifest_is_read_as_the_package_manager_reads_it(self):
        self.write("Package.swift", MANIFEST)
        targets = house.targets_of(self.root)
        found = {name: target.dependencies for name, target in targets.items()}
        self.assertEqual(found, {"Lower": set(), "Upper": {"Lower"}})


if __name__ == "__main__":
    unittest.main()
