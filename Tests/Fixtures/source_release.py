"""Gets the source of one published release from the package index, once, and reads it without unpacking it."""

import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

from fixture_repository import FixtureError

DOWNLOAD_TIME_LIMIT = 180


def read_release(distribution, version, sha256):
    """The files of a release as path → (contents, is executable), without what packaging and Python left in it."""
    files = {}
    with tarfile.open(_archive(distribution, version, sha256)) as archive:
        for member in archive:
            path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
            if member.isfile() and not _is_left_over(path):
                files[str(path)] = (archive.extractfile(member).read(), bool(member.mode & 0o100))
    return files


def _is_left_over(path):
    generated = path.suffix == ".pyc" or str(path) == "PKG-INFO"
    return generated or ".." in path.parts or any(part.endswith(".egg-info") for part in path.parts)


def _cache():
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "graft-fixtures")


def _archive(distribution, version, sha256):
    """The archive in the cache, downloaded if it is not there or not as it should be."""
    cache = _cache()
    archive = cache / f"{distribution}-{version}.tar.gz"
    if not archive.exists() or hashlib.sha256(archive.read_bytes()).hexdigest() != sha256:
        cache.mkdir(parents=True, exist_ok=True)
        _download(distribution, version, sha256, archive)
    return archive


def _download(distribution, version, sha256, archive):
    with tempfile.TemporaryDirectory(dir=archive.parent) as folder:
        wanted = Path(folder, "requirements.txt")
        wanted.write_text(f"{distribution}=={version} --hash=sha256:{sha256}\n")
        pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--retries", "2", "download", "--quiet"]
        options = ["--no-deps", "--no-binary", distribution, "--require-hashes", "--dest", folder, "-r", str(wanted)]
        try:
            done = subprocess.run(pip + options, capture_output=True, text=True, timeout=DOWNLOAD_TIME_LIMIT)
        except subprocess.TimeoutExpired:
            raise FixtureError(_failure(distribution, version, f"no answer in {DOWNLOAD_TIME_LIMIT} s")) from None
        found = list(Path(folder).glob("*.tar.gz"))
        if done.returncode != 0 or len(found) != 1:
            reasons = [line for line in done.stderr.splitlines() if "ERROR" in line or "No module" in line]
            raise FixtureError(_failure(distribution, version, "\n  ".join(reasons or [done.stderr.strip()])))
        found[0].replace(archive)


def _failure(distribution, version, reason):
    return (
        f"the source of {distribution} {version} could not be downloaded from the package index. It is needed once "
        f"and kept in {_cache()}; check the network and that 'python3 -m pip' works.\n  {reason}"
    )
