"""Short words for what a scripted model says."""

FIXED = "@@\n-wrong\n+right\n"


def turn(*items, **more):
    return {"items": list(items), **more}


def message(text, phase="final_answer"):
    return {"type": "message", "phase": phase, "content": [{"type": "output_text", "text": text}]}


def note(text):
    return message(text, "commentary")


def shell(*commands, **limits):
    return {"type": "shell_call", "action": {"commands": list(commands), **limits}}


def patch(path="answer.txt", diff=FIXED, kind="update_file"):
    return {"type": "apply_patch_call", "operation": {"type": kind, "path": path, "diff": diff}}


def function(name, arguments):
    return {"type": "function_call", "name": name, "arguments": arguments}


DONE = turn(message("Done."))
FIX = turn(note("Say what is right."), patch())
