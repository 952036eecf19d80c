"""What our reader of TOML accepts and understands, compared with tomllib of Python's standard library.

Both keep to TOML 1.0. They differ, on purpose or by their hosts, in these places, which `excused` knows:
- Whole numbers: tomllib has no limit, ours is 64 bits, the least that the specification asks for.
- A second of 60 and the year 0000 are in RFC 3339 but not in Python's datetime.
- A byte order mark at the start is skipped by ours, and refused by tomllib.
- Depth: ours stops at 128, tomllib with a RecursionError, which is not tried here.
- Fractions of a second: tomllib cuts them to six digits, ours keeps the text.
tomllib knows no error of column for texts that are not UTF-8: it is given decoded text.
"""

import datetime
import json
import math
import os
import pathlib
import re
import struct
import subprocess
import sys
import tomllib
import unittest

from toml_documents import PIECES, SCALARS, Writer

CHECK = pathlib.Path(os.environ["GRAFT"]).with_name("toml-check")
# Python 3.15 reads TOML 1.1.
ORACLE = sys.version_info < (3, 15)


def read(documents):
    """What ours says of each document."""
    data = b"".join(struct.pack(">I", len(document)) + document for document in documents)
    process = subprocess.run([CHECK], input=data, stdout=subprocess.PIPE, timeout=300, check=True)
    answers = [json.loads(line) for line in process.stdout.splitlines()]
    assert len(answers) == len(documents), "an answer is missing"
    return answers


def oracle(document):
    """What tomllib says of a document: its value, or None."""
    try:
        return tomllib.loads(document.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None
    except ValueError as error:  # More digits than Python turns into a number.
        assert "digits" in str(error), error
        return None


def plain(tagged):
    """A value of ours as tomllib has it."""
    kind, value = tagged
    if kind == "table":
        table = {key: plain(part) for key, part in value}
        assert len(table) == len(value), "a key stands twice"
        return table
    if kind == "array":
        return [plain(part) for part in value]
    if kind in ("string", "boolean"):
        return value if kind == "string" else value == "true"
    if kind in ("integer", "float"):
        return int(value) if kind == "integer" else float(value)
    moment = re.sub(r"(\.\d{6})\d+", r"\1", value.upper().replace(" ", "T"))
    moment = re.sub(r"\.(\d+)", lambda digits: "." + digits[1].ljust(6, "0"), moment)
    reader = {"local date": datetime.date, "local time": datetime.time}.get(kind, datetime.datetime)
    result = reader.fromisoformat(moment)
    assert (getattr(result, "tzinfo", None) is not None) == (kind == "offset date-time"), kind
    return result


def same(one, other):
    """Whether two values are alike, their types and the order of keys, too; not-a-number is like itself."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float):
        return math.isnan(one) == math.isnan(other) and (
            math.isnan(one) or (one == other and math.copysign(1, one) == math.copysign(1, other)))
    if isinstance(one, datetime.datetime):
        return one == other and one.utcoffset() == other.utcoffset()
    return one == other


def excused(document, answer, value):
    """Whether a difference in what is accepted is one of those in the head of this file."""
    if value is not None:
        return "64 bits" in answer.get("error", "")
    text = document.decode(errors="replace")
    return text.startswith("\ufeff") or re.search(r":60|0000-\d\d-\d\d", text) is not None


class Comparison(unittest.TestCase):
    def compare(self, documents):
        """Compares, and returns how many both accept."""
        accepted = 0
        for document, answer in zip(documents, read(documents)):
            value = oracle(document)
            if (value is None) == ("error" in answer):
                accepted += value is not None
                if value is not None:
                    self.assertTrue(same(plain(answer["value"]), value), (document, answer, value))
            else:
                self.assertTrue(excused(document, answer, value), (document, answer, value))
        return accepted

    @unittest.skipUnless(ORACLE, "this Python reads another TOML")
    def test_documents_of_the_grammar(self):
        writer = Writer(1)
        documents = [writer.document().encode() for _ in range(6000)]
        accepted = self.compare(documents)
        self.assertGreater(accepted, 1000)
        self.assertLess(accepted, 5000)

    @unittest.skipUnless(ORACLE, "this Python reads another TOML")
    def test_changed_documents(self):
        writer = Writer(2)
        documents = [writer.changed(writer.document()).encode() for _ in range(12000)]
        self.assertGreater(self.compare(documents), 500)

    @unittest.skipUnless(ORACLE, "this Python reads another TOML")
    def test_broken_encodings(self):
        writer = Writer(3)
        self.compare([writer.changed_bytes(writer.document()) for _ in range(2000)])

    @unittest.skipUnless(ORACLE, "this Python reads another TOML")
    def test_each_value_alone_and_beside_each_piece(self):
        documents = [f"x = {scalar}" for scalar in SCALARS]
        for scalar in SCALARS:
            for piece in PIECES:
                documents += [f"x = {scalar}{piece}", f"x = {piece}{scalar}", f"x = [{scalar}{piece}]", f"{piece}x = {scalar}"]
        self.compare([document.encode() for document in documents])

    @unittest.skipUnless(ORACLE, "this Python reads another TOML")
    def test_short_documents_of_headers_and_keys(self):
        lines = [
            "[a]", "[a.b]", "[a.b.c]", "[[a]]", "[[a.b]]", "a = 1", "a.b = 1", "a.b.c = 1", "b = {}", "b.c = 1", "a = {b = 1}", "a = [{}]",
        ]
        documents = ["\n".join([one, two, three]) for one in lines for two in lines for three in lines]
        documents += ["\n".join([one, two, three, four]) for one in lines[:8] for two in lines[:8] for three in lines[:8] for four in lines[:10]]
        accepted = self.compare([document.encode() for document in documents])
        self.assertGreater(accepted, 500)

    def test_where_the_two_differ(self):
        for text, accepted in [
            ("x = 9223372036854775808", False), ("x = 23:59:60", True), ("x = 0000-01-01", True), ("\ufeffx = 1", True),
        ]:
            (answer,) = read([text.encode()])
            self.assertEqual("value" in answer, accepted, text)


if __name__ == "__main__":
    unittest.main()
