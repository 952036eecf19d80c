"""Holds results and events against the schemas in docs/, with the validator of the package jsonschema.

The package is in the environment that scripts/test makes. Without that environment nothing is checked.
"""

import functools
import json
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(os.environ.get("GRAFT_VENV") or ROOT / ".build-venv")


def use_packages():
    """Makes the packages of the environment known here; whether it is there."""
    for folder in VENV.glob("lib/python3*/site-packages"):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))
        return True
    return False


@functools.cache
def schema(name):
    return json.loads((ROOT / "docs" / f"{name}.schema.json").read_text())


@functools.cache
def validator(uri):
    """The validator of a schema, or of a part of one."""
    import jsonschema
    import referencing

    schemas = [schema("result"), schema("events")]
    for each in schemas:
        jsonschema.Draft202012Validator.check_schema(each)
    registry = referencing.Registry().with_resources(
        (each["$id"], referencing.Resource.from_contents(each)) for each in schemas)
    return jsonschema.Draft202012Validator({"$ref": uri}, registry=registry)


def faults(value, uri):
    """What is wrong with a value, a line each."""
    return [f"{error.json_path}: {error.message[:300]}" for error in validator(uri).iter_errors(value)]


def faults_of_result(result):
    return faults(result, schema("result")["$id"])


def faults_of_event(event):
    """Asks for the kind of the event at once, so that one fault is not told for each kind that it is not."""
    if event["type"] not in schema("events")["$defs"]:
        return [f"unknown event {event['type']}"]
    return faults(event, f"urn:graft:events:1#/$defs/{event['type']}")
