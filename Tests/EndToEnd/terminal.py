"""A program on a terminal that can be typed at and looked at, with tmux as the terminal."""

import shlex
import shutil
import subprocess
import uuid

from harness import wait_until


class Terminal:
    """A shell in a window of a tmux server of its own."""

    def __init__(self, folder, world, columns=80, rows=24):
        self.socket = f"graft-{uuid.uuid4().hex[:12]}"
        self.world = {**world, "TERM": "xterm-256color", "TMUX_TMPDIR": str(folder)}
        shell = ["env", "-u", "TMUX", "PS1=$ ", "bash", "--norc", "--noprofile", "-i"]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", str(columns), "-y", str(rows), shlex.join(shell))
        self.tmux("set-option", "-g", "status", "off")
        self.wait_for("$")

    @staticmethod
    def is_there():
        return shutil.which("tmux") is not None

    def tmux(self, *arguments):
        run = subprocess.run(
            ["tmux", "-L", self.socket, *arguments], env=self.world, capture_output=True, timeout=20, check=False
        )
        if run.returncode:
            raise AssertionError(f"tmux {' '.join(arguments)}: {run.stderr.decode()}")
        return run.stdout.decode(errors="replace")

    def type(self, text):
        """Types text as it is; special keys have names of their own."""
        self.tmux("send-keys", "-l", text)

    def press(self, *names):
        self.tmux("send-keys", *names)

    def run(self, line):
        self.type(line)
        self.press("Enter")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    @property
    def screen(self):
        return self.tmux("capture-pane", "-p").rstrip("\n")

    @property
    def colored_screen(self):
        return self.tmux("capture-pane", "-p", "-e")

    def wait_for(self, *texts, seconds=20):
        """Waits until all the texts are on the screen."""
        try:
            wait_until(lambda: all(text in self.screen for text in texts), f"{texts}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error} on the screen:\n{self.screen}") from None

    def wait_without(self, text, seconds=20):
        try:
            wait_until(lambda: text not in self.screen, f"the end of {text}", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error} on the screen:\n{self.screen}") from None

    def close(self):
        # The server may have ended with its last window.
        subprocess.run(
            ["tmux", "-L", self.socket, "kill-server"], env=self.world, capture_output=True, timeout=20, check=False
        )
