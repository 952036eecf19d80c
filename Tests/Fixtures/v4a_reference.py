"""Applies V4A diffs in the simplest way there is, to check the ones that are written here.

Stricter than a harness has to be: lines match exactly, an anchor stands once in the file, a hunk fits once behind it.
"""


def apply_create(diff):
    """The text of a new file."""
    lines = diff.split("\n")[:-1]
    assert all(line.startswith("+") for line in lines), "a line without a plus sign"
    if lines and lines[-1] == "+":
        lines.pop()
    return "".join(f"{line[1:]}\n" for line in lines)


def apply_update(text, diff):
    """The text after the diff."""
    ending = "\r\n" if "\r\n" in text else "\n"
    lines = text.split(ending)
    result, cursor = [], 0
    for anchor, body in _hunks(diff):
        floor = cursor
        if anchor:
            assert lines.count(anchor) == 1, f"the anchor {anchor!r} does not stand there once"
            floor = lines.index(anchor) + 1
            assert floor > cursor, f"the anchor {anchor!r} stands before the cursor"
        old = [line[1:] for line in body if line[0] in " -"]
        places = [at for at in range(floor, len(lines) - len(old) + 1) if lines[at : at + len(old)] == old]
        assert len(places) == 1 or not any(lines), f"a hunk fits in {len(places)} places: {old}"
        result += lines[cursor : places[0]]
        result += [line[1:] for line in body if line[0] in " +"]
        cursor = places[0] + len(old)
    return ending.join(result + lines[cursor:])


def _hunks(diff):
    hunks = []
    for line in diff.split("\n")[:-1]:
        if line.startswith("@@"):
            hunks.append((line[3:], []))
        else:
            assert line[:1] in (" ", "+", "-"), f"no line of a diff: {line!r}"
            hunks[-1][1].append(line)
    return hunks
