"""Files, functions and style sheets stay small enough to be read at once."""

import ast

from tests.architecture.repository import PACKAGE, having, name, text

FILE_LINES = 400
TEMPLATE_LINES = 120
FUNCTION_LINES = 30
VIEW_LINES = 20
CSS_BYTES = 30_000


def too_long(suffix: str, limit: int) -> dict[str, int]:
    lengths = {name(path): len(text(path).splitlines()) for path in having(suffix) if "migrations" not in path.parts}
    return {path: lines for path, lines in lengths.items() if lines > limit}


def functions() -> dict[str, int]:
    """Lines of every function of the package, without its docstring."""
    found = {}
    for path in having(".py", below=PACKAGE):
        if "migrations" in path.parts:
            continue
        for node in ast.walk(ast.parse(text(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                spoken = node.body[0] if ast.get_docstring(node) else None
                docstring = (spoken.end_lineno or 0) - spoken.lineno + 1 if spoken else 0
                found[f"{name(path)}:{node.lineno} {node.name}"] = (node.end_lineno or 0) - node.lineno + 1 - docstring
    return found


def test_no_python_file_is_longer_than_400_lines() -> None:
    assert too_long(".py", FILE_LINES) == {}


def test_no_template_is_longer_than_120_lines() -> None:
    assert too_long(".html", TEMPLATE_LINES) == {}


def test_no_function_is_longer_than_30_lines() -> None:
    assert {where: lines for where, lines in functions().items() if lines > FUNCTION_LINES} == {}


def test_no_view_is_longer_than_20_lines() -> None:
    views = {where: lines for where, lines in functions().items() if "/web/views/" in where}
    assert views
    assert {where: lines for where, lines in views.items() if lines > VIEW_LINES} == {}


def test_all_css_together_is_at_most_30_kb() -> None:
    sizes = {name(path): path.stat().st_size for path in having(".css", below=PACKAGE)}
    assert sizes
    assert sum(sizes.values()) <= CSS_BYTES, sizes
