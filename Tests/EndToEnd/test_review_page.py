"""Opens the page of `graft review --html` in a browser without a screen: it runs, looks like something, asks nobody."""

import html.parser
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest
import zlib
from pathlib import Path

from harness import GRAFT, GraftTest
from scripted import message, note, patch, shell, turn

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
HOSTILE = "</script><script>document.title='owned'</script><img src=http://203.0.113.1/x onerror=alert(1)>"
VOID = {"meta", "link", "br", "img", "input", "hr", "path", "rect", "col"}


class Shape(html.parser.HTMLParser):
    """What elements a page has, and with which attributes."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.text = [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text.append(data)

    def count(self, tag):
        return sum(1 for name, _ in self.elements if name == tag)


def pixels(path):
    """The colours of a PNG with 8 bits a channel, and how often each occurs (PNG specification, filters 0 to 4)."""
    data = Path(path).read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    position, body = 8, b""
    while position < len(data):
        (length,), kind = struct.unpack(">I", data[position : position + 4]), data[position + 4 : position + 8]
        content = data[position + 8 : position + 8 + length]
        if kind == b"IHDR":
            width, height, depth, color = struct.unpack(">IIBB", content[:10])
        elif kind == b"IDAT":
            body += content
        position += length + 12
    assert depth == 8
    size = {2: 3, 6: 4}[color]
    raw, stride = zlib.decompress(body), width * size
    previous, counts = bytearray(stride), {}
    for row in range(height):
        start = row * (stride + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + stride])
        for index in range(stride if kind else 0):
            left = line[index - size] if index >= size else 0
            above, corner = previous[index], previous[index - size] if index >= size else 0
            if kind == 1:
                guess = left
            elif kind == 2:
                guess = above
            elif kind == 3:
                guess = (left + above) // 2
            else:
                near = left + above - corner
                guess = min((left, above, corner), key=lambda value: abs(near - value))
            line[index] = (line[index] + guess) & 255
        previous = line
        for index in range(0, stride, size * 7):
            pixel = bytes(line[index : index + 3])
            counts[pixel] = counts.get(pixel, 0) + 1
    return counts


class PageTest(GraftTest):
    def setUp(self):
        super().setUp()
        self.page = self.root / "page.html"

    def session(self, *turns, files=None, command="grep -q right answer.txt", exit_code=0):
        repository = self.repository(files)
        self.run_graft(repository, exit_code, server=self.simulate(*turns), command=command)
        return repository

    def usual(self):
        return self.session(
            turn(shell("ls", "printf 'a\\033[31mred\\033[0m\\n'; exit 3")),
            turn(note("Say what is right. The old text was wrong."), patch()),
            turn(note("Tell more.\n\nBecause."), patch("other.txt", "@@\n one\n-two\n+two and a half\n+more\n three\n")),
            turn(message("Done.")),
            files={"answer.txt": "wrong\n", "other.txt": "one\ntwo\nthree\n"},
        )

    def write(self, repository, *arguments, exit_code=0):
        run = subprocess.run(
            [GRAFT, "review", "--html", *arguments] if arguments else [GRAFT, "review", "--html", self.page],
            env=self.world, cwd=repository.path, capture_output=True, timeout=60, stdin=subprocess.DEVNULL, check=False,
        )
        self.assertEqual(run.returncode, exit_code, run.stderr.decode())
        return run

    def html(self):
        return self.page.read_text(encoding="utf-8")


class Writing(PageTest):
    def test_the_page_has_the_series_the_evidence_and_the_timeline(self):
        repository = self.usual()
        run = self.write(repository)
        self.assertRegex(run.stdout.decode(), r"^wrote .*page.html, [0-9.]+ KB\n$")
        shape = Shape(self.html())
        text = "".join(shape.text)
        for word in ("fixed", "Say what is right", "The old text was wrong.", "Graft-Session", "before anything was done",
                     "on a clean checkout", "Tokens of each turn", "gpt-5.5", "two and a half"):
            self.assertIn(word, text)
        self.assertEqual(shape.count("svg"), 2)
        self.assertEqual(shape.count("article"), 2)
        self.assertEqual(shape.count("main"), 1)
        self.assertEqual(shape.count("h1"), 1)

    def test_nothing_on_the_page_leads_to_a_network(self):
        self.write(self.usual())
        shape = Shape(self.html())
        policy = next(a["content"] for tag, a in shape.elements if a.get("http-equiv") == "Content-Security-Policy")
        self.assertIn("default-src 'none'", policy)
        self.assertNotIn("unsafe", policy)
        for tag, attributes in shape.elements:
            self.assertNotIn(tag, ("link", "img", "iframe", "object", "embed", "base", "form"))
            for name, value in attributes.items():
                self.assertNotIn(name, ("src", "style", "srcset", "action"), tag)
                self.assertFalse(name.startswith("on"), f"{tag} {name}")
                if name == "href":
                    self.assertTrue(value.startswith("#"), value)
        self.assertNotRegex(self.html(), r"url\(|@import|https?://(?!127)")

    def test_what_is_linked_to_is_there_once(self):
        self.write(self.usual())
        shape = Shape(self.html())
        ids = [attributes["id"] for _, attributes in shape.elements if "id" in attributes]
        self.assertEqual(len(ids), len(set(ids)))
        for _, attributes in shape.elements:
            for name in ("href", "aria-labelledby"):
                if name in attributes:
                    self.assertIn(attributes[name].lstrip("#"), ids)

    def test_names_messages_and_outputs_cannot_become_markup(self):
        name = "a<b>&\"c'\u202e.txt"
        repository = self.session(
            turn(shell(f"echo \"{HOSTILE}\"; printf '\\342\\200\\256\\377\\n'")),
            turn(note(f"Say {HOSTILE} right."), patch(), patch(name, f"+{HOSTILE}\n+{chr(0x202e)}evil\n", "create_file")),
            turn(message(HOSTILE)), command=f"grep -q right answer.txt || {{ echo \"{HOSTILE}\"; exit 1; }}",
        )
        self.write(repository)
        shape = Shape(self.html())
        self.assertEqual(shape.count("script"), 1)
        self.assertEqual(shape.count("img"), 0)
        self.assertIn("<U+202E>", "".join(shape.text))
        for character in "\u202e\u2066\u0000\u001b":
            self.assertNotIn(character, self.html())
        self.assertNotIn("\ufffd", "".join(shape.text).split("Skip to the series")[0])

    def test_bytes_that_are_not_utf_8_are_named(self):
        repository = self.session(
            turn(shell("printf 'caf\\351 \\000? \\377\\n' > latin.txt; printf 'caf\\351\\n' > l1.txt"), patch()),
            turn(message("Done.")))
        self.write(repository)
        self.assertIn("&lt;E9&gt;", self.html())

    def test_what_is_long_is_cut_and_said(self):
        line = "x = 1  # " + "long " * 30
        repository = self.session(
            turn(shell(f"yes '{line}' | head -n 40000 > big.txt; for n in $(seq 400); do echo $n > f$n.txt; done"), patch()),
            turn(message("Done.")))
        self.assertGreater(self.size(repository), 5_000_000)
        self.write(repository)
        self.assertLess(self.page.stat().st_size, 6_000_000)
        text = "".join(Shape(self.html()).text)
        self.assertIn("of 40000 lines are left out; see: git show", text)
        self.assertIn("more files are left out", text)

    def size(self, repository):
        (branch,) = self.branches(repository)
        return len(repository.git("log", "-p", f"main..{branch}"))

    def test_a_session_without_commits_has_a_page(self):
        repository = self.repository()
        self.run_graft(repository, 12, "--max-turns", "1", server=self.simulate(turn(message("Sorry."))))
        self.write(repository)
        text = "".join(Shape(self.html()).text)
        self.assertIn("budget", text)

    def test_the_page_can_go_to_standard_output_and_to_a_pipe(self):
        repository = self.usual()
        out = self.write(repository, "-").stdout
        self.assertTrue(out.startswith(b"<!DOCTYPE html>") and out.endswith(b"</html>\n"))
        out = self.write(repository, "/dev/stderr")
        self.assertIn(b"</html>", out.stderr)

    def test_a_file_that_cannot_be_written_is_told(self):
        repository = self.usual()
        run = self.write(repository, self.root / "no/such/folder.html", exit_code=64)
        self.assertRegex(run.stderr.decode(), r"^graft: cannot write the page to .*: No such file or directory\n$")
        run = self.write(repository, self.root, exit_code=64)
        self.assertIn("Is a directory", run.stderr.decode())
        self.write(repository, "", exit_code=64)
        self.assertEqual(list(self.root.glob("*.graft-tmp*")), [])

    def test_a_file_is_replaced_whole_and_a_link_is_kept(self):
        repository = self.usual()
        self.page.write_text("old")
        link = self.root / "link.html"
        link.symlink_to(self.page)
        self.write(repository, link)
        self.assertTrue(link.is_symlink())
        self.assertIn("</html>", self.html())


@unittest.skipUnless(BROWSER, "there is no chromium")
class Opening(PageTest):
    def browse(self, *flags, fragment="", complaints=0, seconds=60):
        """Opens the page; returns what the browser printed, and checks what it had to complain of."""
        profile = tempfile.mkdtemp(dir=self.root)
        process = subprocess.Popen(
            [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", f"--user-data-dir={profile}",
             "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--host-resolver-rules=MAP * 0.0.0.0", "--enable-logging=stderr", f"--log-net-log={profile}/net.json",
             "--virtual-time-budget=3000", *flags, f"file://{self.page}{fragment}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**self.world, "HOME": profile}, start_new_session=True,
        )
        try:
            out, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
            raise AssertionError(f"the browser did not end in {seconds} s") from None
        told = [line for line in errors.decode(errors="replace").splitlines() if "CONSOLE" in line]
        self.assertEqual(len(told), complaints, told)
        requests = re.findall(r'"url":"((?:https?|wss?)://[^"]*)"', Path(profile, "net.json").read_text(errors="replace"))
        # What is left is the browser's own: it asks its maker for the time and for updates, whatever it is told.
        strange = [url for url in requests if not re.match(r"https?://[^/?]*\.(google|googleapis)\.com/", url)]
        self.assertEqual(strange, [])
        return out.decode(errors="replace")

    def dom(self, **more):
        return Shape(self.browse("--dump-dom", **more))

    def root_of(self, shape):
        return next(attributes for tag, attributes in shape.elements if tag == "html")

    def test_the_script_runs_and_the_page_asks_nobody(self):
        self.write(self.usual())
        shape = self.dom()
        root = self.root_of(shape)
        self.assertEqual((root["data-ready"], root["data-view"]), ("yes", "unified"))
        group = next(a for tag, a in shape.elements if a.get("class") == "views")
        self.assertNotIn("hidden", group)

    def test_side_by_side_has_each_line_on_its_side(self):
        self.write(self.usual())
        shape = self.dom(fragment="#split")
        self.assertEqual(self.root_of(shape)["data-view"], "split")
        tables = [a for tag, a in shape.elements if tag == "table" and "diff" in a.get("class", "")]
        self.assertEqual({table["class"] for table in tables}, {"diff split"})
        removed = [a for tag, a in shape.elements if tag == "td" and a.get("class") == "t t-r"]
        added = [a for tag, a in shape.elements if tag == "td" and a.get("class") == "t t-a"]
        self.assertEqual((len(removed), len(added)), (2, 3))
        self.assertEqual("".join(shape.text).count("two and a half"), 1)

    def test_a_link_opens_what_it_points_at(self):
        lines = "".join(f"+{number}\n" for number in range(500))
        self.write(self.session(turn(patch("long.txt", lines, "create_file"), patch()), turn(message("Done."))))
        def long_file(shape):
            return next(a for tag, a in shape.elements if tag == "details" and a.get("id") == "c1-f2")
        self.assertNotIn("open", long_file(self.dom()))
        self.assertIn("open", long_file(self.dom(fragment="#c1-f2")))

    def test_hostile_text_does_nothing(self):
        repository = self.session(
            turn(note(f"Say {HOSTILE}"), patch(), patch(f"{HOSTILE.replace('/', '')}.txt", f"+{HOSTILE}\n", "create_file")),
            turn(message(HOSTILE)), command=f"grep -q right answer.txt || {{ echo \"{HOSTILE}\"; exit 1; }}",
        )
        self.write(repository)
        for fragment in ("", "#split"):
            shape = self.dom(fragment=fragment)
            self.assertEqual((shape.count("script"), shape.count("img")), (1, 0))
            self.assertEqual(self.root_of(shape)["data-ready"], "yes")

    def test_even_markup_that_got_in_could_not_act(self):
        self.write(self.usual())
        intruder = "<script>document.documentElement.dataset.owned = 1</script><img src='http://203.0.113.1/'>"
        self.page.write_text(self.html().replace("<main>", "<main>" + intruder))
        shape = self.dom(complaints=2)
        self.assertNotIn("data-owned", self.root_of(shape))
        self.assertEqual(self.root_of(shape)["data-ready"], "yes")

    def test_a_long_session_opens(self):
        line = "y = 2  # " + "long " * 30
        repository = self.session(
            turn(shell(f"yes '{line}' | head -n 40000 > big.txt"), patch()), turn(message("Done.")))
        (journal,) = self.state.glob("graft/sessions/*/journal.jsonl")
        lines = journal.read_text().splitlines()
        usage = '"usage":{"input_tokens":50000,"cached_input_tokens":40000,"output_tokens":900,"reasoning_output_tokens":0}'
        more = []
        for number in range(3, 2003):
            at = number * 1000
            more.append(f'{{"type":"turn.started","t_ms":{at},"turn":{number}}}')
            more.append(f'{{"type":"turn.completed","t_ms":{at + 500},"turn":{number},"duration_ms":400,{usage}}}')
            more.append(
                f'{{"type":"item.completed","t_ms":{at + 900},"item":{{"id":"i{number}","type":"command_execution",'
                '"command":"make","aggregated_output":"x","exit_code":0,"status":"completed","ending":"exit 0",'
                '"duration_ms":300,"output_bytes":1}}')
        journal.write_text("\n".join(lines[:-1] + more + lines[-1:]) + "\n")
        self.write(repository)
        self.assertLess(self.page.stat().st_size, 6_000_000)
        shape = self.dom(fragment="#split")
        self.assertEqual(self.root_of(shape)["data-ready"], "yes")
        self.assertLess(shape.count("rect"), 3000)

    def test_it_looks_like_something_on_a_desk_and_on_a_phone_by_day_and_by_night(self):
        self.write(self.usual())
        backgrounds = set()
        for width, height in ((1300, 900), (390, 844)):
            for night in (False, True):
                picture = self.root / f"{width}{night}.png"
                flags = ["--blink-settings=preferredColorScheme=0"] if night else []
                self.browse(f"--screenshot={picture}", f"--window-size={width},{height}", *flags)
                counts = pixels(picture)
                self.assertGreater(len(counts), 20, "almost nothing is drawn")
                common = max(counts, key=counts.get)
                self.assertLess(counts[common], sum(counts.values()) * 0.97)
                backgrounds.add((night, sum(common) < 200))
        self.assertEqual(backgrounds, {(False, False), (True, True)})
