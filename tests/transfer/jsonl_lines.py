"""Lines of our own format, as tests write them."""

import json
from pathlib import Path
from typing import Any

from consilium.transfer import jsonl

AT = "2020-02-29T23:59:59Z"
Line = dict[str, Any]
HEAD: Line = {"type": "consilium", "version": 1}


def written(path: Path, *found: Line) -> str:
    file = [HEAD, *found, {"type": "end", "records": len(found)}]
    path.write_text("".join(f"{json.dumps(line)}\n" for line in file), encoding="utf-8")
    return str(path)


def exported() -> list[Line]:
    return [json.loads(line) for line in jsonl.lines()][1:-1]


def statement(key: str = "s1", **said: Any) -> Line:
    usual = {"question": "q", "place": 1, "text": "It is acceptable", "kind": "safe", "created_at": AT}
    return {"type": "statement", "key": key, **usual, **said}


def stance(key: str = "t1", **said: Any) -> Line:
    usual = {"statement": "s1", "doctor": "d", "value": "yes", "source": "cosigned", "created_at": AT, "affirmed_at": AT}
    return {"type": "stance", "key": key, **usual, **said}
