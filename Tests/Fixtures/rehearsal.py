"""Plays a scenario without any agent: does what the turns say and holds the results against what they expect."""

from fixture_repository import FixtureError
from v4a_reference import apply_create, apply_update


def rehearse(repository, scenario, expected_tree):
    """Refuses a scenario whose commands do not exit as expected, or that does not end at the expected tree."""
    tree, files = "HEAD^{tree}", {}
    following = [turn.get("expect", {}) for turn in scenario.turns[1:]] + [{}]
    for turn, expected in zip(scenario.turns, following):
        results = []
        for item in turn["items"]:
            if item["type"] == "shell_call":
                results += [(line, *repository.try_command(tree, line)) for line in item["action"]["commands"]]
            elif item["type"] == "apply_patch_call":
                operation = item["operation"]
                files[operation["path"]] = _file_after(repository, files, operation)
                tree = repository.tree_with(files)
        _compare(results, expected)
    if tree != expected_tree:
        raise FixtureError(f"the patches make the tree {tree}, not {expected_tree}")
    # The objects of the fix must not lie there ready for whoever is tested with the fixture.
    repository.git("prune", "--expire=now")


def _file_after(repository, files, operation):
    if operation["type"] == "delete_file":
        return None
    if operation["type"] == "create_file":
        return apply_create(operation["diff"]).encode(), False
    path = operation["path"]
    contents, executable = files[path] if path in files else repository.file("HEAD", path)
    return apply_update(contents.decode(), operation["diff"]).encode(), executable


def _compare(results, expected):
    for (line, status, output), wanted in zip(results, expected.get("outputs", ()), strict=True):
        if status != wanted:
            raise FixtureError(f"{line} exits with {status}, not {wanted}:\n{output}")
    said = "".join(output for _, _, output in results)
    for text in expected.get("contains", ()):
        if text not in said:
            raise FixtureError(f"{text!r} is not in the output:\n{said}")
