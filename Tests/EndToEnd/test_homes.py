"""Where sessions are kept when there is no home folder, or none that can be written."""

from harness import KEY, GraftTest
from scripted import DONE, FIX


class Homes(GraftTest):
    def refused(self, home, *words, **env):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        world = {"HOME": str(home), "XDG_STATE_HOME": None, "XDG_CONFIG_HOME": None, **env}
        run = self.run_graft(repository, 64, server=server, env=world, verdict="usage")
        self.assert_clear(run, *words, "XDG_STATE_HOME")
        self.assertEqual(server.requests, [])
        self.assertEqual(self.branches(repository), [])
        doctor = self.start("doctor", server=server, env=world).end()
        self.assertEqual(doctor.exit_code, 1, doctor.stdout)
        self.assertIn("XDG_STATE_HOME", doctor.stdout)

    def test_a_home_folder_that_is_not_there_is_not_made(self):
        home = self.root / "nobody/nowhere"
        self.refused(home, f"there is no home folder {home}")
        self.assertFalse(home.parent.exists())

    def test_a_home_folder_that_is_a_file_is_refused(self):
        (self.root / "file").write_text("")
        self.refused(self.root / "file", "there is no home folder")

    def test_a_home_folder_in_which_nothing_can_be_made_is_refused(self):
        self.refused("/proc", "/proc/.local")

    def test_a_state_folder_needs_no_home(self):
        repository, server = self.repository(), self.simulate(FIX, DONE)
        world = {"HOME": str(self.root / "nowhere"), "OPENAI_API_KEY": KEY}
        self.run_graft(repository, 0, server=server, env=world, verdict="fixed")
        self.assertFalse((self.root / "nowhere").exists())
