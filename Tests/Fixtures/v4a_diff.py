"""Writes the change from one text to another as a V4A diff, the way a careful model sends it."""

import difflib
import re

CONTEXT = 3
_DEFINITION = re.compile(r"\s*(?:async\s+def|def|class)\b")


class NotExpressible(Exception):
    """The change cannot be said as a V4A diff, for instance because only a final newline changes."""


def create_diff(text):
    """The diff of a new file: each line behind a plus sign."""
    if not text:
        return ""
    if not text.endswith("\n") or "\r" in text:
        raise NotExpressible("a new file must end in a newline and use line feeds only")
    diff = "".join(f"+{line}\n" for line in text[:-1].split("\n"))
    # A last plus sign alone ends the line before it, so a blank last line takes a second one.
    return diff + "+\n" if diff.endswith("\n+\n") or diff == "+\n" else diff


def update_diff(old, new):
    """The diff that turns the old text into the new one; every hunk fits in one place only.

    Three lines of context, more where they would fit twice, under an anchor that names the enclosing definition.
    """
    old_lines, new_lines = _lines(old), _lines(new)
    if len({_line_ending(text) for text in (old, new)} - {None}) > 1:
        raise NotExpressible("the line endings change")
    if _ends_in_newline(old) != _ends_in_newline(new):
        raise NotExpressible("the final newline comes or goes")
    hunks = _hunks(old_lines, new_lines)
    diff = []
    for hunk, anchor in zip(hunks, _anchors(old_lines, hunks)):
        diff.append("@@" if anchor is None else f"@@ {old_lines[anchor]}")
        diff += hunk.body(old_lines, new_lines)
    return "".join(f"{line}\n" for line in diff)


def line_ranges(old, new, margin=6):
    """The ranges of the old text around the changes, counted from 1: what one reads before the edit."""
    lines = _lines(old)
    ranges = []
    for first, last, _, _ in _changes(lines, _lines(new)):
        start, end = max(first - margin, 0) + 1, min(last + margin, len(lines))
        if ranges and start <= ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], max(end, ranges[-1][1]))
        else:
            ranges.append((start, end))
    return ranges


class _Hunk:
    """Changes of neighbouring lines, and the span of old lines shown around them."""

    def __init__(self, change, length):
        self.changes = [change]
        self.start = max(change[0] - CONTEXT, 0)
        self.end = min(change[1] + CONTEXT, length)

    def grow(self, length):
        self.start, self.end = max(self.start - 1, 0), min(self.end + 1, length)

    def absorb(self, other):
        self.changes += other.changes
        self.start = min(self.start, other.start)
        self.end = max(self.end, other.end)

    def body(self, old, new):
        lines, position = [], self.start
        for first, last, new_first, new_last in self.changes:
            lines += [f" {line}" for line in old[position:first]]
            lines += [f"-{line}" for line in old[first:last]]
            lines += [f"+{line}" for line in new[new_first:new_last]]
            position = last
        return lines + [f" {line}" for line in old[position : self.end]]


def _hunks(old, new):
    hunks = [_Hunk(change, len(old)) for change in _changes(old, new)]
    while True:
        hunks = _merged(hunks)
        loose = [hunk for hunk, floor in zip(hunks, _floors(old, hunks)) if not _is_unique(old, hunk, floor)]
        if not loose:
            return hunks
        for hunk in loose:
            hunk.grow(len(old))


def _merged(hunks):
    merged = hunks[:1]
    for hunk in hunks[1:]:
        if hunk.start <= merged[-1].end:
            merged[-1].absorb(hunk)
        else:
            merged.append(hunk)
    return merged


def _floors(old, hunks):
    """Where the search for each hunk begins: behind the hunk before it and behind its anchor."""
    cursor = 0
    for hunk, anchor in zip(hunks, _anchors(old, hunks)):
        yield cursor if anchor is None else anchor + 1
        cursor = hunk.end


def _is_unique(old, hunk, floor):
    """Whether the old lines of the hunk occur once from there on, also when white space at the ends is ignored."""
    if hunk.end - hunk.start == len(old):
        return True
    # Some harnesses see an empty line behind the final newline.
    text = [line.strip() for line in old[floor:]] + [""]
    block = text[hunk.start - floor : hunk.end - floor]
    found = sum(text[at : at + len(block)] == block for at in range(len(text) - len(block) + 1))
    return found == 1


def _anchors(old, hunks):
    """For each hunk the line of the innermost definition around it that only one line of the file reads like."""
    cursor = 0
    texts = [line.strip() for line in old]
    for hunk in hunks:
        yield _anchor(old, texts, hunk, cursor)
        cursor = hunk.end


def _anchor(old, texts, hunk, cursor):
    first, last, _, _ = hunk.changes[0]
    shown = [line for line in old[first:last] + old[last : hunk.end] if line.strip()]
    limit = _indentation(shown[0]) if shown else 0
    for index in range(first - 1, cursor - 1, -1):
        if not texts[index] or _indentation(old[index]) >= limit:
            continue
        limit = _indentation(old[index])
        if index < hunk.start and _DEFINITION.match(old[index]) and texts.count(texts[index]) == 1:
            return index
    return None


def _indentation(line):
    return len(line) - len(line.lstrip())


def _changes(old, new):
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    return [change[1:] for change in matcher.get_opcodes() if change[0] != "equal"]


def _lines(text):
    lines = text.replace("\r\n", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _line_ending(text):
    endings = set(re.findall(r"\r?\n|\r", text))
    if len(endings) > 1:
        raise NotExpressible("the file mixes line endings")
    return endings.pop() if endings else None


def _ends_in_newline(text):
    return not text or text.endswith("\n")
