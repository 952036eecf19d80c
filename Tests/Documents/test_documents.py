"""Holds the documents against the repository and the built graft: links, commands, flags, keys, events, files named.

GRAFT names the program (default: the debug build). What exists is read from its help and from the sources.
"""

import functools
import os
import re
import shlex
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GRAFT = Path(os.environ.get("GRAFT") or ROOT / ".build/debug/graft").resolve()
README_LINES = 120
COLUMNS = 120
# Files named in code are looked up below these folders.
NAMED_FOLDERS = ("docs", "prompts", "sandbox", "scripts", "Tests")


class Document:
    """A Markdown file, split into prose and code."""

    def __init__(self, path):
        self.path = path
        self.name = path.relative_to(ROOT).as_posix()
        self.lines = path.read_text().splitlines()
        self._prose, self._code = self._split()

    def _split(self):
        """Lines of prose, with code spans blanked, and code: pairs of line number and text."""
        prose, code = [], []
        fence, in_block, in_list, after_blank = None, False, False, True
        for number, line in enumerate(self.lines, 1):
            text = line.strip()
            mark = re.match(r"(`{3,}|~{3,})", text)
            if fence:
                if mark and text.startswith(fence) and not text.strip(fence[0]):
                    fence = None
                else:
                    code.append((number, text))
                continue
            if mark:
                fence, in_block = mark.group(1), False
                continue
            is_indented = line.startswith(("    ", "\t"))
            if not text:
                after_blank = True
                continue
            if is_indented and not in_list and (in_block or after_blank):
                in_block = True
                code.append((number, text))
            else:
                in_block = False
                if re.match(r"\s*([-*+]|\d+[.)])\s", line):
                    in_list = True
                elif not line.startswith(" ") and after_blank:
                    in_list = False
                prose.append((number, line))
            after_blank = False
        plain = []
        for first, paragraph in paragraphs(prose):
            # A span may go over a line's end.
            blanked = paragraph
            for span in re.finditer(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", paragraph, re.S):
                number = first + paragraph.count("\n", 0, span.start())
                code.append((number, re.sub(r"\s*\n\s*", " ", span.group(2)).replace("\\|", "|").strip()))
                blank = re.sub(r"[^\n]", "\u00a0", span.group(0))
                blanked = blanked[: span.start()] + blank + blanked[span.end() :]
            plain += enumerate(blanked.split("\n"), first)
        return plain, sorted(code)

    @property
    def code(self):
        return self._code

    def links(self):
        """Pairs of line number and target, of links in the line and of those defined apart."""
        for number, line in self._prose:
            for link in re.finditer(r"\]\(\s*<?([^()\s<>]+)>?(?:\s+\"[^\"]*\")?\s*\)", line):
                yield number, link.group(1)
            definition = re.match(r"\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?(\s|$)", line)
            if definition:
                yield number, definition.group(1)

    @functools.cached_property
    def anchors(self):
        """The names under which headings can be reached, as the repository's host makes them."""
        found, counts = set(), {}
        code = {number for number, _ in self._code if number not in dict(self._prose)}
        for number, line in enumerate(self.lines, 1):
            heading = re.match(r"#{1,6}\s+(.*?)\s*#*$", line)
            if number in code or not heading:
                continue
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading.group(1))
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            count = counts.get(slug, 0)
            counts[slug] = count + 1
            found.add(f"{slug}-{count}" if count else slug)
        return found


def paragraphs(lines):
    """Joins neighbouring numbered lines; each row of a table is one of its own."""
    rest = list(lines)
    while rest:
        first, text = rest.pop(0)
        parts = [text]
        while rest and rest[0][0] == first + len(parts) and not (text + rest[0][1]).lstrip().startswith("|"):
            if rest[0][1].lstrip().startswith("|"):
                break
            parts.append(rest.pop(0)[1])
        yield first, "\n".join(parts)


class Command:
    """A command of graft with its flags and subcommands, as its help shows them."""

    def __init__(self, words=()):
        self.words = words
        run = subprocess.run([GRAFT, "help", *words], capture_output=True, text=True, timeout=30, check=False)
        if run.returncode:
            raise AssertionError(f"graft help {' '.join(words)}: {run.stderr}")
        self.help = run.stdout
        self.flags, self.subcommands, self.default = {}, {}, None
        section = None
        for line in run.stdout.splitlines():
            if re.fullmatch(r"[A-Z ]+:", line):
                section = line
            elif section == "OPTIONS:" and line.startswith("  -"):
                names = re.split(r"\s{2,}", line.strip())[0]
                takes_value = "<" in names
                self.flags.update({name: takes_value for name in re.findall(r"(?<![\w-])--?[\w-]+", names)})
            elif section == "SUBCOMMANDS:" and (entry := re.match(r"  (\S+)( \(default\))?(\s{2,}|$)", line)):
                self.subcommands[entry.group(1)] = Command((*words, entry.group(1)))
                if entry.group(2):
                    self.default = entry.group(1)
        if self.default:
            self.flags = {**self.subcommands[self.default].flags, **self.flags}

    @property
    def all_flags(self):
        return set(self.flags).union(*(command.all_flags for command in self.subcommands.values()))

    def fault(self, words):
        """What is wrong with the words behind this command, or None."""
        words = list(words)
        own = " ".join(("graft", *self.words))
        if self.words == () and words[:1] == ["help"]:
            return self._fault_of_help(words[1:])
        while words:
            word = words.pop(0)
            if word == "--":
                return None
            if word.startswith("-") and word != "-":
                flag, _, value = word.partition("=")
                if flag not in self.flags:
                    return f"there is no flag {flag} of {own}"
                if self.flags[flag] and not value:
                    words = words[1:]
            elif word in self.subcommands:
                return self.subcommands[word].fault(words)
            elif self.subcommands and not self.default and re.fullmatch(r"[a-z][\w-]*", word):
                return f"there is no command {own} {word}"
        return None

    def _fault_of_help(self, words):
        command = self
        for word in words:
            if not re.fullmatch(r"[a-z][\w-]*", word):
                return None
            if word not in command.subcommands:
                return f"there is no command {' '.join(('graft', *command.words))} {word} to get help on"
            command = command.subcommands[word]
        return None


def invocations(text):
    """The words behind each `graft` that stands where a command does."""
    for match in re.finditer(r"(?:^|(?<=[\s|(;=]))graft(?=\s)", text):
        rest = re.split(r"\s#\s|\s{3,}|\s\|\s|;|&&|<<|[<>](?=\s|\w+\.)|\s[…←→]", text[match.end() :])[0]
        rest = re.sub(r"[\[\]]", " ", rest)
        try:
            words = shlex.split(rest)
        except ValueError:
            words = rest.split()
        if words:
            yield words


@functools.cache
def documents():
    names = git("ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md")
    return [Document(ROOT / name) for name in names if (ROOT / name).is_file()]


def document(name):
    return Document(ROOT / name)


def git(*arguments):
    run = subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=True)
    return run.stdout.splitlines()


@functools.cache
def sources():
    """Texts of the Swift files, by path."""
    return {path: path.read_text() for path in sorted((ROOT / "Sources").rglob("*.swift"))}


def place(path, text, position):
    return f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, position) + 1}"


class DocumentTests(unittest.TestCase):
    maxDiff = None

    def assert_none(self, faults):
        faults = list(faults)
        if faults:
            self.fail("\n" + "\n".join(faults))


class LinkTests(DocumentTests):
    def test_links_lead_to_files_and_headings(self):
        self.assert_none(fault for one in documents() for fault in self.faults(one))

    def faults(self, one):
        for number, target in one.links():
            if re.match(r"[a-z][a-z0-9+.-]*:", target):
                continue
            name, _, anchor = target.partition("#")
            path = (one.path.parent / name).resolve() if name else one.path
            if not path.exists() or ROOT not in (path, *path.parents):
                yield f"{one.name}:{number}: there is no file {target}"
            elif anchor and (path.suffix != ".md" or anchor not in Document(path).anchors):
                yield f"{one.name}:{number}: there is no heading #{anchor} in {path.relative_to(ROOT)}"

    def test_files_named_in_code_exist(self):
        name = re.compile(r"(?<![\w./<>~$-])((?:%s)/[\w.+/-]+)(?![\w/*<…]|\.\w)" % "|".join(NAMED_FOLDERS))
        self.assert_none(
            f"{one.name}:{number}: there is no file {match.group(1)}"
            for one in documents()
            for number, text in one.code
            for match in name.finditer(text)
            if not (ROOT / match.group(1)).exists() and not (one.path.parent / match.group(1)).exists()
        )


class CommandTests(DocumentTests):
    @classmethod
    def setUpClass(cls):
        cls.graft = Command()

    def test_help_is_understood(self):
        self.assertIn("fix", self.graft.subcommands)
        self.assertIn("accept", self.graft.subcommands["review"].subcommands)
        self.assertTrue(self.graft.subcommands["fix"].flags["--result"])
        self.assertFalse(self.graft.subcommands["fix"].flags["--json"])

    def test_faults_are_found(self):
        for line, fault in [
            ("graft fix --result FILE --jsn -- make --what", "there is no flag --jsn of graft fix"),
            ("graft review acept 1", None),  # The default subcommand takes it for a session.
            ("graft review accept --each", "there is no flag --each of graft review accept"),
            ("graft mend -- make", "there is no command graft mend"),
            ("graft help review mend", "there is no command graft review mend to get help on"),
            ("graft review --html FILE", None),
            ("graft fix --json -- make test | sort --what", None),
            ("take: graft review accept --all   or: git merge --what", None),
        ]:
            (words,) = invocations(line)
            self.assertEqual(self.graft.fault(words), fault, line)

    def test_commands_and_flags_exist(self):
        self.assert_none(
            f"{one.name}:{number}: {fault}: {text}"
            for one in documents()
            for number, text in one.code
            for words in invocations(text)
            if (fault := self.graft.fault(words))
        )

    def test_flags_named_alone_exist(self):
        flags = self.graft.all_flags
        self.assert_none(
            f"{one.name}:{number}: no command of graft has the flag {match.group(1)}"
            for one in documents()
            for number, text in one.code
            if (match := re.match(r"(--[a-z][\w-]*)", text)) and match.group(1) not in flags
        )

    def test_readme_names_every_command(self):
        text = "\n".join(text for _, text in document("README.md").code)
        quiet = {"simulate"}
        missing = [name for name in self.graft.subcommands if f"graft {name}" not in text and name not in quiet]
        self.assertFalse(missing, "README.md does not name these commands")

    def test_verdicts_are_those_of_the_help(self):
        told = re.findall(r"^ +(\d+) +(\w+):", self.graft.help, re.M)
        rows = {}
        for line in document("README.md").lines:
            if row := re.match(r"\| ([\d, ]+) \| ((?:`\w+`(?:, )?)+) \|", line):
                rows.update(zip(re.findall(r"\w+", row.group(2)), re.findall(r"\d+", row.group(1))))
        self.assertEqual({name: code for code, name in told}, rows, "README.md, Verdicts, against graft help")


class ReadmeTests(DocumentTests):
    def test_readme_is_short(self):
        lines = document("README.md").lines
        self.assertLessEqual(len(lines), README_LINES, f"README.md:{README_LINES + 1}: the README is too long")
        self.assert_none(
            f"README.md:{number}: {len(line)} columns"
            for number, line in enumerate(lines, 1)
            if len(line) > COLUMNS
        )


class ConfigurationTests(DocumentTests):
    def keys(self):
        """Places and keys of every TOML table that the sources read: the cases of the enumerations `Key`."""
        for path, text in sources().items():
            for body in re.finditer(r"\benum Key: String, CaseIterable \{(.*?)\}", text, re.S):
                for case in re.finditer(r"\bcase (?!\.)([^\n}]*)", body.group(1)):
                    for name, spelled in re.findall(r'(\w+)(?: = "(\w+)")?', case.group(1)):
                        yield path, place(path, text, body.start(1) + case.start()), spelled or name

    def test_every_key_is_documented(self):
        settings = {path for path, _, key in self.keys() if key == "max_turns"}
        self.assertTrue(settings, "the keys of the configuration were not found in Sources")
        one = document("docs/configuration.md")
        lines = one.lines + document("docs/tools.md").lines + document("docs/mcp.md").lines
        rows = [re.match(r"\| ([^|]*) \|", line) for line in lines]
        described = {key for row in rows if row for key in re.findall(r"`(\w+)`", row.group(1))}
        elsewhere = described | named(document("sandbox/README.md"))
        self.assert_none(
            f"{where}: the key {key} is in no table of {one.name}"
            for path, where, key in self.keys()
            if key not in (described if path in settings else elsewhere)
        )


class EventTests(DocumentTests):
    def test_every_event_and_member_is_documented(self):
        homes = {path.parent for path, text in sources().items() if re.search(r"\benum RunEvent\b", text)}
        self.assertTrue(homes, "RunEvent was not found in Sources")
        # A target's files may lie in folders.
        targets = {ROOT / "Sources" / home.relative_to(ROOT / "Sources").parts[0] for home in homes}
        known = named(document("docs/events.md"))
        faults, names = [], set()
        for path, text in sources().items():
            if not targets & set(path.parents):
                continue
            for kind, pattern in [
                ("event", r'"([a-z]+\.(?!jsonl|json|lock|toml|sync\b)[a-z]+)"'),
                ("event", r'case \.notice(?:\([^)]*\))?: "(\w+)"'),
                ("item type", r'member\("type", "(\w+)"\)'),
                ("member", r'(?:\.|\b)(?:member|key|optional)\("(\w+)"'),
            ]:
                for match in re.finditer(pattern, text):
                    if kind == "event":
                        names.add(match.group(1))
                    if match.group(1) not in known:
                        where = place(path, text, match.start())
                        faults.append(f"{where}: docs/events.md does not name the {kind} {match.group(1)}")
        self.assertLessEqual({"thread.started", "commit.created", "run.finished"}, names, "events were not found")
        self.assert_none(faults)


def named(one):
    """The words that a document has in code spans and blocks."""
    return {word for _, text in one.code for word in [text, *re.findall(r"[\w.]+", text)]}


if __name__ == "__main__":
    unittest.main()
