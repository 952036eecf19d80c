"""graft apply: what a file is made of, and how the lines of a hunk find their place in it."""

import gzip
import unittest

from test_apply import ApplyTest, envelope, update

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\6\0\0\0\x1f\x15\xc4\x89"


class Contents(ApplyTest):
    """What is no text is not patched as if it were."""

    def bytes(self, name):
        return (self.root / name).read_bytes()

    def test_utf_16_and_utf_32_are_patched_in_their_encoding(self):
        for coding in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
            with self.subTest(coding):
                text = "\ufeff// ü\r\nCAPTION \"a\"\r\n".encode(coding)
                self.write({"s.rc": text, "t.rc": text})
                self.apply(envelope("*** Update File: s.rc\n@@\n+// й\n"), 0)
                self.assertEqual(self.bytes("s.rc"), text + "// й\r\n".encode(coding))
                self.apply('--- a/t.rc\n+++ b/t.rc\n@@ -2 +2 @@\n-CAPTION "a"\n+CAPTION "b"\n', 0)
                self.assertEqual(self.bytes("t.rc"), '\ufeff// ü\r\nCAPTION "b"\r\n'.encode(coding))
                self.apply(envelope('*** Update File: t.rc\n*** Move to: u.rc\n@@ // ü\n+// x\n'), 0)
                self.assertEqual(self.bytes("u.rc"), '\ufeff// ü\r\n// x\r\nCAPTION "b"\r\n'.encode(coding))
                (self.root / "u.rc").unlink()
        self.write({"s.rc": "one line\n".encode("utf-16-le")})
        self.refuse(envelope("*** Update File: s.rc\n@@\n+x\n"), "s.rc is UTF-16 without a byte-order mark", "a command")

    def test_binary_files_are_refused_in_every_form(self):
        elf = b"\x7fELF\2\1\1\0" + b"\0" * 8 + b"text\n"
        files = {"p.png": PNG, "z.gz": gzip.compress(b"text\n"), "e": elf, "n": b"\0\1\2\3\n", "x": b"\x8f\x13\xd0\x77\n"}
        self.write(files)
        for name in files:
            with self.subTest(name):
                self.refuse(envelope(f"*** Update File: {name}\n@@\n+x\n"), name, "a command")
                self.refuse(envelope(f"*** Update File: {name}\n@@\n+x\n*** End of File\n"), name, "a command")
                self.refuse(envelope(f"*** Update File: {name}\n*** Move to: m\n@@\n+x\n"), name, "a command")
                self.refuse(f"--- a/{name}\n+++ b/{name}\n@@ -1,0 +2 @@\n+x\n", name, "a command")
                self.refuse(f"--- a/{name}\n+++ b/{name}\n@@ -0,0 +1 @@\n+x\n", name, "a command")
        self.refuse(envelope(update("e", "-text", "+x")), "e is a binary file (an ELF program)")
        self.apply(envelope("*** Update File: p.png\n*** Move to: q.png\n", "*** Delete File: z.gz\n"), 0)
        self.assertEqual(self.bytes("q.png"), PNG)

    def test_text_in_an_encoding_of_one_byte_takes_lines_in_ascii(self):
        russian = "привет мир\nx\n".encode("koi8-r")
        self.write({"r": russian, "l": b"caf\xe9\nx\n"})
        self.apply(envelope("*** Update File: r\n@@\n+y\n", "*** Update File: l\n@@\n+th\u00e9\n"), 0)
        self.assertEqual(self.bytes("r"), russian + b"y\n")
        self.assertEqual(self.bytes("l"), b"caf\xe9\nx\nth\xe9\n")
        self.refuse(envelope(update("r", "-x", "+\u00e9")), "nothing tells its encoding")


class Places(ApplyTest):
    """Where a hunk belongs."""

    EXAMPLE = envelope("*** Update File: src/main.c\n@@ int main(void)\n-    return 1;\n+    return 0;\n")

    def test_the_example_applied_twice_is_refused_and_not_put_into_the_next_function(self):
        function = "int {}(void)\n{{\n    return {};\n}}\n"
        other = function.format("other", 1)
        self.write({"src/main.c": function.format("main", 1) + "\n" + other})
        self.apply(self.EXAMPLE, 0)
        self.assertEqual(self.tree()["src/main.c"], function.format("main", 0) + "\n" + other)
        self.refuse(
            self.EXAMPLE, "fits at line 8", "'int other(void)' (line 6)", "'int main(void)' (line 1)",
            "Line 3 reads as the hunk makes it: it may have been applied already",
        )

    def test_the_one_definition_that_an_anchor_names_is_meant(self):
        self.write({"f.py": "def one():\n    a\n\n\ndef two():\n    b\n"})
        patch = envelope("*** Update File: f.py\n@@ def one():\n-    b\n+    c\n")
        self.refuse(patch, "fits at line 6", "'def two():' (line 5)", "'def one():' (line 1)")
        # What git writes there is the line above the hunk, whatever the hunk is about.
        self.apply("--- a/f.py\n+++ b/f.py\n@@ -6 +6 @@ def one():\n-    b\n+    c\n", 0)
        self.apply(envelope("*** Update File: f.py\n@@ def one():\n     a\n+\n+def new():\n+    d\n"), 0)
        self.assertEqual(self.tree()["f.py"], "def one():\n    a\n\ndef new():\n    d\n\n\ndef two():\n    c\n")

    def test_text_that_is_composed_otherwise_is_found_and_keeps_its_bytes(self):
        self.write({"f": "до\u0438\u0306\nx\n", "g": "\u0438\u0306\n\u0438\u0306\n"})
        self.apply(envelope(update("f", " до\u0439", "-x", "+y")), 0)
        self.assertEqual((self.root / "f").read_bytes(), "до\u0438\u0306\ny\n".encode())
        self.refuse(envelope(update("g", "-\u0439", "+x")), "lines 1 and 2", "U+0438 U+0306", "U+0439", "column 1")

    def test_lines_that_look_alike_are_told_apart(self):
        self.write({"f": "x\nvalue = \u0430\n"})
        self.refuse(envelope(update("f", "-value = a", "+y")), "line 2, column 9", "U+0430", "U+0061")


if __name__ == "__main__":
    unittest.main()
