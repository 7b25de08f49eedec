"""Does the API's document hold together, and do its examples fit their schemas?

Usage: examples_fit.py OPENAPI.json

Every schema among the components must be JSON Schema 2020-12, and every example
of a request or an answer must be valid under the schema beside it.
"""

import json
import sys

import jsonschema_rs


def media(document):
    """Every pair of a schema and its example, with its place."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            place = f"{method.upper()} {path}"
            content = operation.get("requestBody", {}).get("content", {})
            for kind in content.values():
                yield f"{place}, request", kind
            for status, response in operation["responses"].items():
                for kind in response.get("content", {}).values():
                    yield f"{place}, answer {status}", kind


def main(name):
    with open(name, encoding="utf-8") as file:
        document = json.load(file)
    if document["openapi"] != "3.1.0":
        sys.exit("this is no OpenAPI 3.1")
    components = document["components"]
    for schema in components["schemas"].values():
        jsonschema_rs.Draft202012Validator({**schema, "components": components})
    checked = 0
    for place, kind in media(document):
        if "example" not in kind:
            continue
        # A reference such as #/components/schemas/X is looked up from the top.
        schema = {**kind["schema"], "components": components}
        validator = jsonschema_rs.Draft202012Validator(schema)
        faults = [f"{fault.instance_path}: {fault.message}" for fault in
                  validator.iter_errors(kind["example"])]
        if faults:
            sys.exit(f"{place}:\n" + "\n".join(faults[:10]))
        checked += 1
    if checked < 20:
        sys.exit(f"only {checked} examples were found")
    print(f"{checked} examples fit")


if __name__ == "__main__":
    main(sys.argv[1])
