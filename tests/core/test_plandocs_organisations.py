"""单位对照: written names against a register."""

from __future__ import annotations

import pytest

from junheng.plandocs.organisations import Organisation, attach, resolve

REGISTER = (
    Organisation("edu", "青石县教育体育局", ("教体局", "县教育局")),
    Organisation("fin", "青石县财政局"),
    Organisation("dev", "青石县发展和改革局", ("发改局",)),
    Organisation("united", "中共青石县委统一战线工作部", ("县委统战部",)),
    Organisation("office", "青石县人民政府办公室"),
    Organisation("people", "青石县人力资源和社会保障局"),
    Organisation("market", "青石县市场监督管理局"),
)


@pytest.mark.parametrize(
    ("written", "org", "how"),
    [
        ("青石县教育体育局", "edu", "exact"),
        ("教体局", "edu", "alias"),
        ("教育体育局", "edu", "place"),
        ("县财政局", "fin", "place"),
        ("县委统战部", "united", "alias"),
        ("县政府办", "office", "place"),
        ("人社局", "people", "abbreviation"),
        ("市场监管局", "market", "abbreviation"),
        ("各乡镇", None, "group"),
        ("水务局", None, "unknown"),
    ],
)
def test_a_written_name_means_one_organisation_or_none(written: str, org: str | None, how: str) -> None:
    (found,) = resolve([written], REGISTER)
    assert (found.org_id, found.how) == (org, how)


def test_two_candidates_are_never_guessed_between() -> None:
    register = (Organisation("a", "青石县文化旅游局"), Organisation("b", "青石县文物旅游局"))
    (found,) = resolve(["文旅局"], register)
    assert found.org_id is None
    assert found.candidates == ("a", "b")


def test_ids_are_written_beside_the_names() -> None:
    result: dict[str, list[dict[str, object]]] = {"units": [{"units": ["教体局", "水务局"]}]}
    attach(result, REGISTER)
    assert result["units"][0]["org_ids"] == ["edu", None]
