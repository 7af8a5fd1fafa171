"""Not run: read by mypy and pyright, which must find these types and no error."""

from datetime import date
from typing import Any

from typing_extensions import assert_type

import crosshead as ch

ix = ch.open("index")
assert_type(ix, ch.Index)
results = ix.search("strike", limit=3, sort="newest", source=["Halden Courier"], timeout=None)
assert_type(results, ch.Results)
assert_type(results[0], ch.Hit)
assert_type(results[1:2], list[ch.Hit])
assert_type(results[0].title, str | None)
assert_type(results[0].published_from, date | None)
assert_type(results[0].marks, list[tuple[int, int]])
assert_type(results.total.articles, int)
for hit in ix.export("strike", order="index"):
    assert_type(hit, ch.Hit)
for row in ix.kwic("strike", order=["1L", "1R"]):
    assert_type(row, dict[str, Any])
assert_type(ix.run(["strike"]), str)
assert_type(ix.run({"a": "strike"}, "dict"), dict[str, dict[str, float]])
assert_type(ix.article("9h6d533s4jst2").passages[0]["marks"], list[tuple[int, int]])
assert_type(ch.sections("page.html")[0].get("sections", [])[0]["heading"], str | None)
with ch.index("folder", path="index", progress=print) as again:
    assert_type(again, ch.Index)
try:
    ix.search('"')
except ch.QueryError as error:
    assert_type(error.offset, int)
ix.search("strike", sorce="X")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
ix.search("strike", sort="best")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
