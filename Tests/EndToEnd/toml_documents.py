"""Documents of TOML: written by its grammar, and those changed a little, most of which are broken."""

import random

SCALARS = [
    "true", "false", "0", "+0", "-0", "42", "-17", "1_000", "0xDEAD_beef", "0o755", "0b1101", "9223372036854775807",
    "-9223372036854775808", "1.5", "-0.01", "5e+22", "1E-2", "6.626e-34", "3_1.4_1e1_0", "inf", "-inf", "nan", "+nan", "0.0",
    "-0.0", "1979-05-27T07:32:00Z", "1979-05-27t00:32:00.999999-07:00", "1979-05-27 07:32:00z", "1979-05-27T07:32:00",
    "1979-05-27", "2000-02-29", "07:32:00", "00:32:00.999", '""', "''", "'C:\\n'", '"a\\tb\\"\\\\"', '"\\u00e9\\U0001F600"',
    '""""""', "''''''", '"""a "" b""""', "'''a '' b''''", '"""\\\n  a\\\n\n  b"""', "'''\na\nb'''", '"é😀\u0085"', '"""\na\n"""',
]
# What a mutation puts in: the characters of the syntax, broken words, and what no text may hold.
PIECES = [
    "=", ".", ",", "[", "]", "[[", "]]", "{", "}", "#", '"', "'", '"""', "'''", "\\", "\n", "\r\n", "\r", " ", "\t", "_", "-", "+", ":",
    "0", "1", "9", "a", "e", "x", "T", "Z", "z", "é", "\0", "\x1f", "\x7f", "\u0085", "\u2028", "\ufeff", "0x", "0o8", "0b2", "01", "1_", "1__0",
    "1.", ".5", "1e", "e5", "+-1", "infinity", "True", "1979-02-29", "1979-05-27T", "24:00:00", "07:32", "+24:00", "23:59:61",
    "\\u", "\\uD800", "\\U00110000", "\\x41", "\\e", "\\\n", "\\ \n", "a.b", "a = 1\n", "[a]\n", "[[a]]\n", "[a.b]\n", "a.b = 1\n", "{ a = 1, }",
]
NAMES = ["a", "b", "c", "d", '"a"', "'b'", '"x y"', "1", "-", '"é"', "''"]


class Writer:
    """Writes one document after another, the same for the same seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def blank(self):
        return self.random.choice(["", " ", " ", "\t", "  "])

    def line_end(self):
        comment = self.random.choice(["", "", "", " # c", "#é\t"])
        return self.blank() + comment + self.random.choice(["\n", "\n", "\n", "\r\n", "\n\n"])

    def key(self, longest=3):
        count = self.random.choice([1, 1, 1, 2, 2, longest])
        dot = self.blank() + "." + self.blank() if self.random.random() < 0.2 else "."
        return dot.join(self.random.choice(NAMES) for _ in range(count))

    def pair(self, depth):
        return f"{self.key()}{self.blank()}={self.blank()}{self.value(depth)}"

    def value(self, depth=0):
        kind = self.random.random()
        if depth > 3 or kind < 0.6:
            return self.random.choice(SCALARS)
        if kind < 0.8:
            values = [self.value(depth + 1) for _ in range(self.random.randrange(4))]
            gaps = [self.random.choice(["", " ", "\n", " # c\n "]) for _ in range(len(values) + 1)]
            comma = self.random.choice(["", ",", "\n,", ", # c\n"]) if values else ""
            return "[" + gaps[0] + ",".join(gap + value for gap, value in zip(gaps[1:], values)) + comma + "]"
        pairs = [self.pair(depth + 1) for _ in range(self.random.randrange(4))]
        return "{" + ",".join(self.blank() + pair + self.blank() for pair in pairs) + "}"

    def document(self):
        """One that keeps to the grammar; names are few, so many break a rule about defining twice."""
        lines = []
        for _ in range(self.random.randrange(1, 8)):
            kind = self.random.random()
            if kind < 0.55:
                lines.append(self.pair(0))
            elif kind < 0.8:
                lines.append(f"[{self.blank()}{self.key()}{self.blank()}]")
            else:
                lines.append(f"[[{self.key()}]]")
        return "".join(self.blank() + line + self.line_end() for line in lines)

    def changed(self, text):
        """The text with one to three places taken out, doubled, swapped or filled."""
        for _ in range(self.random.choice([1, 1, 1, 2, 3])):
            start = self.random.randrange(len(text) + 1)
            end = min(len(text), start + self.random.choice([0, 1, 1, 2, 5]))
            piece = self.random.choice(PIECES + SCALARS + [text[start:end] * 2, ""])
            text = text[:start] + piece + text[end:]
        return text

    def changed_bytes(self, text):
        """The bytes of a text with one of them another: mostly no UTF-8."""
        data = bytearray(text.encode())
        if data:
            data[self.random.randrange(len(data))] = self.random.choice([0x80, 0xC3, 0xE2, 0xED, 0xF0, 0xFF, 0xC0, 0xBF])
        return bytes(data)
