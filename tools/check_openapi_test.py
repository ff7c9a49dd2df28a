#!/usr/bin/env python3
"""Sees check_openapi fail when the code or the document of a small API gains, loses or changes something alone, and pass when they agree."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().with_name("check_openapi")

ROUTES = """\
constexpr RouteOptions kTried{.dry_run = DryRun::ByLedger};
constexpr std::array kThingFields{ListField{"id", "id", FieldKind::Id},
                                  ListField{"name", "name"}};
template <> struct Resource<T> { static constexpr std::string_view kPath = "/things"; };
void add() {
  routes.add(
      "GET", "/health", [](Call call) { return health(call); }, Caller::Anyone);
  routes.add("GET", path, [](Call call) { return list(call); });
  routes.add("PATCH", path + "/{id}", [](Call call) { return update(call); });
}
"""
CONTRACT = """\
enum class Kind { InUse, Free };
BOOST_DESCRIBE_ENUM(Kind, InUse, Free)
struct Base {
  ObjectId id;
};
BOOST_DESCRIBE_STRUCT(Base, (), (id))
struct Thing : Base {
  std::string name;  // what it is called
  std::optional<Kind> kind;
};
BOOST_DESCRIBE_STRUCT(Thing, (Base), (name, kind))
struct ThingPatch {
  std::string name;
  Patch<Kind> kind;
};
BOOST_DESCRIBE_STRUCT(ThingPatch, (), (name, kind))
template <class T>
struct List {
  std::vector<T> items;
  BOOST_DESCRIBE_CLASS(List, (), (items), (), ())
};
"""
DOCUMENT = """\
openapi: 3.1.0
paths:
  /health:
    get: {operationId: a, security: [], responses: {'204': {description: Done}}}
  /things:
    get:
      operationId: b
      x-filter-fields: [id, name]
      responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/ThingList'}}}}}
  /things/{id}:
    patch:
      operationId: c
      parameters: [{$ref: '#/components/parameters/Id'}]
      requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/ThingPatch'}}}}
      responses: {'204': {description: Done}}
components:
  parameters:
    Id: {name: id, in: path, schema: {$ref: '#/components/schemas/ObjectId'}}
  schemas:
    ObjectId: {type: string}
    Kind: {type: string, enum: [in_use, free]}
    Base: {required: [id], properties: {id: {$ref: '#/components/schemas/ObjectId'}}}
    Thing:
      allOf:
        - {$ref: '#/components/schemas/Base'}
        - {required: [name, kind], properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}}
    ThingPatch: {required: [name], properties: {name: {type: string}, kind: {$ref: '#/components/schemas/Kind'}}}
    ThingList: {required: [items], properties: {items: {type: array, items: {$ref: '#/components/schemas/Thing'}}}}
"""


class CheckOpenapi(unittest.TestCase):
    def check(self, routes=ROUTES, contract=CONTRACT, document=DOCUMENT):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in {"src/api/thing_routes.cpp": routes, "src/contract/thing.h": contract, "api/openapi.yaml": document}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            done = subprocess.run([sys.executable, TOOL, "--root", folder], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout.splitlines()[:-1], done.stderr

    def assert_tells(self, problem, **changed):
        for name, (old, new) in changed.items():
            text = {"routes": ROUTES, "contract": CONTRACT, "document": DOCUMENT}[name]
            self.assertIn(old, text)
            changed[name] = text.replace(old, new, 1)
        status, problems, errors = self.check(**changed)
        self.assertEqual((status, problems, errors), (1, [problem], ""))

    def test_is_silent_when_code_and_document_agree(self):
        self.assertEqual(self.check(), (0, [], ""))

    def test_tells_a_route_that_one_side_lacks(self):
        self.assert_tells("routes: the document lacks delete /things",
                          routes=('  routes.add("GET", path,', '  routes.add("DELETE", path, f);\n  routes.add("GET", path,'))
        self.assert_tells("routes: the code lacks patch /things/{id}",
                          routes=('routes.add("PATCH", path + "/{id}", [](Call call) { return update(call); });', ""))

    def test_tells_a_registration_that_it_does_not_understand(self):
        self.assert_tells("thing_routes.cpp: this routes.add is not understood: method, path, f)",
                          routes=("void add() {\n", "void add() {\n  routes.add(method, path, f);\n"))

    def test_tells_a_route_whose_door_is_open_on_one_side_only(self):
        self.assert_tells("get /health: the code and the document do not agree on whether anyone may call it", document=("security: [], ", ""))
        self.assert_tells("get /health: the code and the document do not agree on whether anyone may call it", routes=(", Caller::Anyone", ""))

    def test_tells_a_dry_run_that_is_offered_on_one_side_only(self):
        self.assert_tells("patch /things/{id}: the code and the document do not agree on whether a dry run is offered",
                          routes=("return update(call); }", "return update(call); }, kTried"))
        self.assert_tells("patch /things/{id}: the code and the document do not agree on whether a dry run is offered",
                          document=("[{$ref: '#/components/parameters/Id'}]", "[{$ref: '#/components/parameters/Id'}, {name: dry_run, in: query}]"))

    def test_tells_a_key_that_is_taken_on_one_side_only(self):
        self.assert_tells("post /things/{id}: the code and the document do not agree on whether an Idempotency-Key is taken",
                          routes=('"PATCH", path + "/{id}"', '"POST", path + "/{id}"'), document=("    patch:", "    post:"))
        self.assert_tells("patch /things/{id}: the code and the document do not agree on whether an Idempotency-Key is taken",
                          document=("[{$ref: '#/components/parameters/Id'}]", "[{$ref: '#/components/parameters/Id'}, {name: Idempotency-Key, in: header}]"))

    def test_tells_a_path_parameter_that_is_not_declared(self):
        self.assert_tells("patch /things/{id}: path parameters: the document lacks id", document=("{name: id, in: path", "{name: id, in: query"))

    def test_tells_list_fields_that_differ(self):
        status, problems, _ = self.check(document=DOCUMENT.replace("x-filter-fields: [id, name]", "x-filter-fields: [id]"))
        self.assertEqual((status, problems), (1, ["list fields: the document lacks [id, name]", "list fields: the code lacks [id]"]))

    def test_tells_a_property_that_one_side_lacks(self):
        self.assert_tells("schema ThingPatch: properties: the code lacks size",
                          document=("ThingPatch: {required: [name], properties: {", "ThingPatch: {required: [name], properties: {size: {}, "))
        self.assert_tells("schema ThingPatch: properties: the document lacks size",
                          contract=("  Patch<Kind> kind;\n};\nBOOST_DESCRIBE_STRUCT(ThingPatch, (), (name, kind))",
                                    "  Patch<Kind> kind;\n  Patch<int> size;\n};\nBOOST_DESCRIBE_STRUCT(ThingPatch, (), (name, kind, size))"))

    def test_tells_what_is_required_on_one_side_only(self):
        self.assert_tells("schema ThingPatch: required: the document lacks kind", contract=("Patch<Kind> kind", "Kind kind"))
        self.assert_tells("schema ThingPatch: required: the code lacks kind",
                          document=("ThingPatch: {required: [name]", "ThingPatch: {required: [name, kind]"))
        self.assert_tells("schema Thing: required: the document lacks kind", document=("- {required: [name, kind]", "- {required: [name]"))

    def test_tells_an_enumerator_or_schema_that_one_side_lacks(self):
        self.assert_tells("schema Kind: the document lacks in_use", document=("enum: [in_use, free]", "enum: [free]"))
        self.assert_tells("schema Kind: the code lacks lost", document=("enum: [in_use, free]", "enum: [in_use, free, lost]"))
        self.assert_tells("schemas: the document lacks Other",
                          contract=("enum class Kind", "struct Other {\n  int size;\n};\nBOOST_DESCRIBE_STRUCT(Other, (), (size))\nenum class Kind"))

    def test_tells_a_described_field_whose_declaration_it_does_not_find(self):
        status, problems, _ = self.check(contract=CONTRACT.replace("(name, kind))\nstruct ThingPatch", "(name, kind, gone))\nstruct ThingPatch"))
        self.assertEqual((status, problems), (1, ["thing.h: Thing.gone is described but its declaration is not found"]))

    def test_tells_references_to_nothing_and_components_that_nobody_uses(self):
        self.assert_tells("#/components/schemas/Extra is not used", document=("    ObjectId:", "    Extra: {type: string}\n    ObjectId:"))
        self.assert_tells("nothing stands at #/components/schemas/Missing",
                          document=("schema: {$ref: '#/components/schemas/ObjectId'}", "schema: {$ref: '#/components/schemas/Missing'}"))
        self.assert_tells("operationId 'a' is missing or stands twice", document=("operationId: b", "operationId: a"))


if __name__ == "__main__":
    unittest.main()
