"""Drops, rewords, squashes and splits the commits of sessions."""

import fcntl
import unittest

from reviewing import BRANCH, ID, LONG, ReviewTest, STEPS


class Changing(ReviewTest):
    def session(self, *steps, **more):
        repository = super().session(*steps, **more)
        repository.base = repository.git("rev-parse", "main")
        return repository

    def test_commits_are_dropped(self):
        repository = self.session()
        before = self.users(repository)
        tip = repository.git("rev-parse", BRANCH)
        answer = self.json(repository, "drop", "1", "3")
        self.assertEqual(self.series(repository), [STEPS[1][0]])
        self.assertEqual([len(answer["before"]), len(answer["after"])], [3, 1])
        self.assertEqual(answer["replaced"][answer["before"][0]], [])
        self.assertEqual(self.users(repository), before)
        self.assertEqual(repository.git("rev-parse", f"refs/graft/{ID}/review/1"), tip)

    def test_a_drop_that_others_build_on_is_refused_with_the_place(self):
        steps = [("One", {"answer.txt": "one\n"}), ("Two", {"answer.txt": "two\n"})]
        repository = self.session(*steps)
        says = "commit 2 does not fit without that: conflict in answer.txt at line 1"
        self.refuses(repository, "drop", "1", says=says)

    def test_a_message_is_changed_and_its_trailers_stay(self):
        repository = self.session()
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        author = repository.git("log", "-1", "--format=%an %ae %ad", f"{BRANCH}~1")
        self.review(repository, "reword", "2", "-m", "Better words", "-m", "A reason\nof two lines.")
        message = repository.git("log", "-1", "--format=%B", f"{BRANCH}~1")
        self.assertEqual(
            message, f"Better words\n\nA reason\nof two lines.\n\nGraft-Session: {ID}\nGraft-Step: 2\n".rstrip("\n"))
        self.assertEqual(repository.git("rev-parse", f"{BRANCH}^{{tree}}"), tree)
        self.assertEqual(repository.git("log", "-1", "--format=%an %ae %ad", f"{BRANCH}~1"), author)
        file = self.root / "message"
        file.write_text("\n  From a file  \n\n\n\nwith a body   \n")
        self.review(repository, "reword", "1", "-F", file)
        with open(file) as stdin:
            self.review(repository, "reword", "3", "-F", "-", stdin=stdin)
        self.assertEqual(self.series(repository), ["From a file", "Better words", "From a file"])

    def test_messages_that_cannot_be_used_are_refused(self):
        repository = self.session()
        (self.root / "latin").write_bytes(b"caf\xe9")
        (latin, none) = (self.root / "latin", self.root / "none")
        for words in [["-m", " \n "], ["-F", latin], ["-F", none], [], ["-m", "a", "-F", "-"]]:
            self.refuses(repository, "reword", "1", *words, code=64)

    def test_a_commit_is_joined_with_the_one_before(self):
        repository = self.session()
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        self.review(repository, "squash", "2")
        self.assertEqual(self.series(repository), [STEPS[0][0], STEPS[2][0]])
        body = repository.git("log", "-1", "--format=%b", f"{BRANCH}~1")
        self.assertIn("Because of 1.\n\nSay what is right\n\nBecause of 2.\n\nGraft-Session", body)
        self.assertIn("Graft-Step: 1\nGraft-Step: 2", body)
        self.review(repository, "squash", "2", "-m", "All of it")
        self.assertEqual(self.series(repository), ["All of it"])
        self.assertEqual(repository.git("rev-parse", f"{BRANCH}^{{tree}}"), tree)
        self.refuses(repository, "squash", "1", says="the first commit of the series has none before it")

    def test_pieces_become_a_commit_of_their_own(self):
        repository = self.session()
        tree = repository.git("rev-parse", f"{BRANCH}^{{tree}}")
        self.review(repository, "split", "1", "--hunks", "2", "-m", "The end")
        self.assertEqual(self.series(repository)[:2], ["The end", STEPS[0][0]])
        self.assertEqual(repository.show(f"{BRANCH}~3", "long.txt") + "\n", LONG.replace("line 38\n", "LINE 38\n"))
        self.review(repository, "split", "4", "--hunks", "1")
        self.assertEqual(self.series(repository)[3:], ["Add new.txt", STEPS[2][0]])
        self.assertEqual(repository.git("rev-parse", f"{BRANCH}^{{tree}}"), tree)
        for hunks in ["3", "0", "1,2", "", "x", "2-1", "1-", "-"]:
            code = 1 if hunks in ("3", "1,2") else 64
            self.refuses(repository, "split", "5", f"--hunks={hunks}", code=code)
        self.review(repository, "undo")
        self.review(repository, "undo")
        self.assertEqual(self.series(repository), [step[0] for step in STEPS])

    def test_what_is_accepted_is_not_changed_and_is_followed_through_changes(self):
        repository = self.session()
        self.review(repository, "accept", "2")
        for words in [["drop", "2"], ["reword", "2", "-m", "x"], ["squash", "3"], ["split", "2", "--hunks", "1"]]:
            self.refuses(repository, *words, says="commit 2 has been accepted as")
        self.review(repository, "drop", "1")
        states = [commit["state"] for commit in self.json(repository, "list")["commits"]]
        self.assertEqual(states, ["accepted", "pending"])

    def test_undo_is_refused_when_the_series_has_moved(self):
        repository = self.session()
        self.review(repository, "drop", "1")
        repository.git("update-ref", f"refs/heads/{BRANCH}", f"{BRANCH}~1")
        self.refuses(repository, "undo", says="has moved since the drop")

    def test_two_reviews_do_not_change_at_the_same_time(self):
        repository = self.session()
        with open(self.folder / "review.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.refuses(repository, "drop", "1", says="another graft review")
            self.review(repository, "list")
        self.review(repository, "drop", "1")


if __name__ == "__main__":
    unittest.main()
