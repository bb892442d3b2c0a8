"""The layers, beyond what import-linter sees."""

import ast
import tomllib
from typing import Any

from django.conf import settings
from django.core.management import call_command

from tests.architecture.repository import PACKAGE, ROOT, having, name, text

FORBIDDEN = {"services.py", "selectors.py", "utils.py", "helpers.py", "core.py", "signals.py", "views.py", "forms.py"}


def contracts() -> list[dict[str, Any]]:
    configured: dict[str, Any] = tomllib.loads(text(ROOT / "pyproject.toml"))
    return list(configured["tool"]["importlinter"]["contracts"])


def layers() -> list[set[str]]:
    """The layers of the package, top first."""
    whole = next(one for one in contracts() if one["containers"] == ["consilium"])
    assert whole["exhaustive"]
    return [{part.strip(" ()") for part in layer.split("|")} for layer in whole["layers"]]


def test_installed_apps_stand_in_the_order_of_the_layers() -> None:
    depth = {part: number for number, layer in enumerate(layers()) for part in layer}
    ours = [app.removeprefix("consilium.") for app in settings.INSTALLED_APPS if app.startswith("consilium.")]
    assert [depth[app] for app in ours] == sorted(depth[app] for app in ours)
    foreign = settings.INSTALLED_APPS.index(next(app for app in settings.INSTALLED_APPS if not app.startswith("consilium")))
    assert foreign == len(ours) + 1, "our own apps come first, so that their templates win"


def test_every_app_is_installed_and_none_is_empty() -> None:
    apps = {path.parent.name for path in having(".py", below=PACKAGE) if path.name == "models.py" or path.parent.name == "models"}
    apps = {app if app != "models" else "questions" for app in apps}
    assert {f"consilium.{app}" for app in apps} <= set(settings.INSTALLED_APPS)
    for app in (PACKAGE / part for layer in layers() for part in layer):
        if app.is_dir():
            assert [path for path in having(".py", below=app) if path.stat().st_size], name(app)


def test_no_file_has_a_name_that_says_nothing() -> None:
    found = [name(path) for path in having(".py", below=PACKAGE) if path.name in FORBIDDEN or "core" in path.parts]
    assert found == []


def test_no_import_waits_inside_a_function() -> None:
    found = []
    for path in having(".py", below=PACKAGE):
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = [one for one in ast.walk(node) if isinstance(one, ast.Import | ast.ImportFrom)]
                found += [f"{name(path)}:{one.lineno}" for one in inside]
    assert found == []


def test_no_model_overrides_save_or_orders_by_itself() -> None:
    found = []
    for path in having(".py", below=PACKAGE):
        if "models" not in str(path.relative_to(PACKAGE)):
            continue
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef) and node.name in {"save", "delete"}:
                found.append(f"{name(path)}:{node.lineno} {node.name}()")
            if isinstance(node, ast.ClassDef) and node.name == "Meta":
                names = [
                    target.id
                    for one in node.body
                    if isinstance(one, ast.Assign)
                    for target in one.targets
                    if isinstance(target, ast.Name)
                ]
                found += [f"{name(path)}:{node.lineno} ordering"] * ("ordering" in names)
    assert found == []


def test_every_action_takes_names_and_one_transaction() -> None:
    """A public function of an actions module that writes: keyword-only, and atomic."""
    found = []
    for path in having(".py", below=PACKAGE):
        if path.name != "actions.py" and path.parent.name != "actions":
            continue
        for node in ast.parse(text(path)).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            atomic = any(isinstance(one, ast.Attribute) and one.attr == "atomic" for one in node.decorator_list)
            records = any(isinstance(one, ast.Call) and getattr(one.func, "id", "") == "record" for one in ast.walk(node))
            if records and not (atomic and not node.args.args):
                found.append(f"{name(path)}:{node.lineno} {node.name}")
    assert found == []


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_the_checks_of_django_find_nothing(db: None) -> None:
    call_command("check", "--fail-level", "WARNING")
