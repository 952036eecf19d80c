import json
import logging
import sys


def fail(how):
    if how == "value":
        raise ValueError("no value\nin two lines")
    if how == "chained":
        try:
            {}["key"]
        except KeyError as error:
            raise RuntimeError("nothing there") from error
    if how == "module":
        import not_there
    if how == "library":
        json.loads("{")
    if how == "group":
        raise ExceptionGroup("several", [ValueError("one"), TypeError("two")])
    if how == "recursion":
        fail(how)
    if how == "assertion":
        assert how == "right"
    if how == "logged":
        try:
            json.loads("{")
        except ValueError:
            logging.exception("this was expected")


if __name__ == "__main__":
    fail(sys.argv[1])
