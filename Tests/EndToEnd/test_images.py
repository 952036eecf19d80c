"""Pictures that a person hands over, and pictures of the tree that the model looks at."""

import json
import os
import signal
import subprocess

from harness import CHECK, GRAFT, GraftTest, wait_until
from pictures import GIF, png, url
from scripted import DONE, FIX, function, message, note, shell, turn
from test_resume import ResumeTest

ANSWER = turn(message("It is red."))


def view(path):
    return function("view_image", {"path": path})


class PromptImageTest(ResumeTest):
    def setUp(self):
        super().setUp()
        self.folder = self.root / "mine"
        self.folder.mkdir()

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data)
        return path

    def ask(self, *words, code=0, turns=(ANSWER,), **more):
        self.server = self.simulate(*turns)
        process = self.start("ask", "--no-repo", *map(str, words), server=self.server, **more).end()
        self.assertEqual(process.exit_code, code, process.stderr)
        return process

    def parts(self, body=0):
        return self.server.requests[body]["input"][-1]["content"]

    def test_a_question_takes_pictures_by_what_they_are(self):
        first, second = self.file("shot.txt", png()), self.file("b", GIF)
        self.ask("--image", first, "--image", second, "--image", first, "What is it?")
        text, one, two = self.parts()
        self.assertEqual(text, {"type": "input_text", "text": "What is it?"})
        self.assertEqual(one, {"type": "input_image", "image_url": url(png()), "detail": "auto"})
        self.assertEqual(two["image_url"], url(GIF, "gif"))

    def test_what_is_no_picture_is_refused_before_anything_is_sent(self):
        os.mkfifo(self.folder / "pipe.png")
        huge = self.file("huge.png", png())
        os.truncate(huge, 3 << 30)
        cases = [
            (self.file("text.png", b"hello there, I am text\n"), "text.png\" is text"),
            (self.file("cut.png", png()[:-15]), "is a PNG that is cut off"),
            (self.file("empty.png", b""), "is empty"), (self.folder / "none.png", "No such file"),
            (self.folder, "is no file"), (self.folder / "pipe.png", "is no file"), (huge, "15000000 are the most"),
            (self.file("many.png", png(8000, 1).replace(b"\0\0\x1f\x40\0\0\0\x01", b"\0\x1f\0\x40\0\0\0\xff")),
             "million are the most")]
        for path, words in cases:
            with self.subTest(words):
                process = self.ask("--image", path, "What is it?", code=64, turns=())
                self.assertIn(words, process.stderr)
                self.assertIn("--image: ", process.stderr)
                self.assertEqual(len(process.stderr.splitlines()), 1)
                self.assertEqual(self.server.requests, [])
        many = [word for number in range(21)
                for word in ("--image", self.file(f"{number}", png(number + 1)))]
        self.assertIn("20 are the most", self.ask(*many, "What?", code=64, turns=()).stderr)

    def test_a_pasted_path_is_attached_where_it_stands_alone(self):
        plain, spaced = self.file("shot.png", png(5)), self.file("My Shot.PNG", png(6))
        self.file("note.png", b"just text, not a picture\n")
        escaped = str(spaced).replace(" ", "\\ ")
        for prompt, count in [
            (f"Look at {plain}, please", 1), (f"Look at '{spaced}'", 1), (f'"{spaced}" and {plain}.', 2),
            (f"{escaped} ({plain})", 2), (f"file://{str(spaced).replace(' ', '%20')} is it", 1),
            (f"x{plain}", 0), (f"{plain}x", 0), (f"{self.folder}/none.png", 0), ("shot.png", 0), (f"{plain} {plain}", 1),
        ]:
            with self.subTest(prompt):
                process = self.ask(prompt)
                self.assertEqual(len(self.parts()), 1 + count)
                self.assertEqual(self.parts()[0]["text"], prompt)
                lines = process.stderr.splitlines()
                self.assertEqual(len(lines), min(count, 1), lines)
                if count:
                    self.assertRegex(lines[0], r"^graft: attached from the prompt: \S.* \(PNG, \d×4, \d+ bytes\)")
        process = self.ask(f"Look at {self.folder}/note.png")
        self.assertEqual(len(self.parts()), 1)
        self.assertRegex(process.stderr, r"^graft: not attached: \S+note.png\" is text; .*\n$")

    def test_a_prompt_that_others_may_have_written_leads_to_no_file(self):
        with open(self.file("prompt", f"Look at {self.file('shot.png', png())}".encode())) as prompt:
            self.ask("-", stdin=prompt)
        self.assertEqual(len(self.parts()), 1)

    def test_a_run_tells_its_picture_and_shows_a_word_of_it(self):
        self.repo, shot = self.repository(), self.file("shot.png", png(40))
        self.server = self.simulate(FIX, DONE)
        run = self.begin(self.repo, "--image", str(shot), server=self.server, json_view=False, task="Make it so.")
        self.finish(run, self.repo, 11, json_view=False)
        self.assertEqual(self.parts()[1]["image_url"], url(png(40)))
        self.assertNotIn("base64", run.stdout + run.stderr)
        log = subprocess.run(
            [GRAFT, "log"], env=self.world, cwd=self.repo.path, capture_output=True, text=True, check=True).stdout
        self.assertRegex(log, r"\[image: PNG, \d+ bytes\]")
        self.assertNotIn("base64", log)

    def test_a_session_goes_on_with_its_pictures_and_takes_further_ones(self):
        self.repo, shot, more = self.repository(), self.file("shot.png", png(7)), self.file("more.png", png(9))
        self.run_graft(
            self.repo, 12, "--max-turns", 1, "--image", str(shot), verdict="budget",
            server=self.simulate(turn(shell("cat answer.txt"))))
        self.server = self.simulate(FIX, DONE)
        self.finish(
            self.resume(self.repo, "--last", "--image", str(more), "Like this.", server=self.server), self.repo, 0)
        urls = [
            part["image_url"] for item in self.server.requests[0]["input"] if item.get("type") == "message"
            for part in item["content"] if part["type"] == "input_image"]
        self.assertEqual(urls, [url(png(7)), url(png(9))])
        process = self.resume(self.repo, "--last", "--image", str(more)).end()
        self.assertEqual(process.exit_code, 64)
        self.assertIn("--image goes with a prompt", process.stderr)

    def test_a_session_that_was_stopped_before_it_began_still_shows_its_picture(self):
        self.repo, shot = self.repository(), self.file("shot.png", png(7))
        gone = self.file("gone.png", png(8))
        gate = self.root / "gate"
        os.mkfifo(gate)
        command = f"{CHECK} || {{ cat {gate}; false; }}"
        run = self.begin(
            self.repo, "--sandbox", "off", "--image", str(shot), "--image", str(gone), server=self.simulate(),
            command=command)
        run.wait_for("run.started")
        wait_until(lambda: self.left_processes(), "the command")
        run.signal(signal.SIGINT)
        self.finish(run, self.repo, 130)
        gone.unlink()
        gate.unlink()
        gate.write_text("")
        self.server = self.simulate(FIX, DONE)
        again = self.finish(self.resume(self.repo, server=self.server), self.repo, 0)
        self.assertEqual([part["image_url"] for part in self.parts()[1:]], [url(png(7))])
        (notice,) = [event["message"] for event in again.events if event["type"] == "notice" and "picture" in event["message"]]
        self.assertIn("gone.png", notice)

    def test_other_servers_get_the_pictures_of_a_prompt_too(self):
        self.ask("--provider", "compatible", "--image", self.file("a", png()), "What?")
        self.assertEqual(self.parts()[1]["image_url"], url(png()))


class ViewImageTest(GraftTest):
    def answers(self, *turns, flags=(), files=None):
        self.repo = self.repository(files)
        (self.repo.path / "shot.png").write_bytes(png(3))
        self.repo.git("add", "-A")
        self.repo.git("commit", "-qm", "A picture")
        (self.root / "outside.png").write_bytes(png())
        self.server = self.simulate(*turns, FIX, DONE)
        self.run = self.run_graft(self.repo, 0, *flags, server=self.server)
        return [
            event["item"]["output"] for event in self.run.events
            if event["type"] == "input.item" and event["item"]["type"] == "function_call_output"]

    def test_the_model_sees_a_picture_of_the_tree_and_people_a_word(self):
        for flags in ((), ("--sandbox", "off"), ("--tree", "overlay")):
            with self.subTest(flags):
                self.setUp()
                (answer,) = self.answers(turn(view("shot.png")), flags=flags)
                self.assertEqual(answer, [
                    {"type": "input_text", "text": "shot.png: PNG, 3×4"},
                    {"type": "input_image", "image_url": url(png(3)), "detail": "auto"}])
                (item,) = [
                    event["item"] for event in self.run.events
                    if event["type"] == "item.completed" and event["item"]["type"] == "tool_call"]
                self.assertEqual(item["title"], "view shot.png")
                self.assertRegex(item["output"], r"^shot.png: PNG, 3×4\n\[image: PNG, \d+ bytes\]$")

    def test_it_is_what_commands_have_just_made_also_where_git_ignores_it(self):
        script = (
            "import struct, zlib; c = lambda n, d: struct.pack('>I', len(d)) + n + d + struct.pack('>I', zlib.crc32(n + d)); "
            "open('build/new shot.png', 'wb').write(b'\\x89PNG\\r\\n\\x1a\\n' + c(b'IHDR', struct.pack('>IIBBBBB', 2, 2, 8, 2, "
            "0, 0, 0)) + c(b'IDAT', zlib.compress(bytes(14))) + c(b'IEND', b''))")
        files = {"answer.txt": "wrong\n", ".gitignore": "build/\n"}
        answers = self.answers(
            turn(shell(f'mkdir -p build && python3 -c "{script}"'), view("build/new shot.png")), files=files)
        self.assertEqual(answers[0][0]["text"], "build/new shot.png: PNG, 2×2")

    def test_nothing_outside_of_the_tree_is_shown_whatever_the_way(self):
        outside = self.root / "outside.png"
        links = (
            f"ln -s {outside} away.png; ln -s ../outside.png up.png; ln -s .. above; ln -s shot.png near.png; mkfifo pipe; "
            f"printf text > text.png; truncate -s 20M huge.png; mkdir folder")
        answers = self.answers(
            turn(shell(links)),
            turn(*map(view, [str(outside), "../outside.png", "away.png", "up.png", "above/outside.png", "none.png", "folder",
                             "pipe", "text.png", "huge.png", "", "near.png", "/etc/passwd", "-n"])),
            turn(shell("rm -f *.png above pipe; git checkout -q shot.png")))
        for answer, words in zip(answers, (
                ["no file", "not in"], ["no file", "not in"], ["no file", "not in"], ["no file", "not in"],
                ["no file", "not in"], ["there is no file"], ["is no file"], ["is no file"], ["is text"],
                ["more than the 14.3 MB"], ["name a file"])):
            self.assertIsInstance(answer, str)
            self.assertTrue(any(word in answer for word in words), answer)
        self.assertEqual(answers[11][1]["image_url"], url(png(3)), "a link that stays in the tree is followed")
        self.assertIn("not in the working tree", answers[12])
        self.assertIn("there is no file", answers[13])

    def test_a_name_that_is_no_text_is_named_as_git_does(self):
        (answer,) = self.answers(
            turn(shell("cp shot.png \"$(printf 'caf\\351 %%d.png')\""), view('"caf\\351 %d.png"')),
            turn(shell("rm caf*")))[:1]
        self.assertEqual(answer[1]["image_url"], url(png(3)))

    def test_a_question_sees_pictures_too(self):
        repository = self.repository()
        (repository.path / "shot.png").write_bytes(png(3))
        server = self.simulate(turn(view("shot.png")), ANSWER)
        process = self.start("ask", "What is it?", "--repo", repository.path, server=server).end()
        self.assertEqual((process.exit_code, process.stdout), (0, "It is red.\n"))
        self.assertIn(url(png(3)), json.dumps(server.requests))

    def test_other_servers_have_no_such_tool(self):
        self.repo = self.repository()
        server = self.simulate(turn(message("Done.")))
        self.run_graft(self.repo, 11, "--provider", "compatible", server=server, command="", task="Do it.")
        self.assertNotIn("view_image", [tool["name"] for tool in server.requests[0]["tools"]])
        self.assertIn("update_plan", [tool["name"] for tool in server.requests[0]["tools"]])
