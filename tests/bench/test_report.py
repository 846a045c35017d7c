"""The report rewrites its own section, and nothing else."""

from pathlib import Path

from tests.bench.records import Record, Records
from tests.bench.report import BEGIN, END, make_section, write_section
from tests.bench.storms import plan_round

RUN = Record(part="run", numbers={"rounds": 3, "seconds": 4}, note="2026-01-02")


def test_the_section_comes_after_the_title_and_is_replaced_the_next_time() -> None:
    first = write_section("# Performance\n\n## Lambda\n\nslow\n", "one")

    second = write_section(first, "two")

    assert first == f"# Performance\n\n{BEGIN}\n\none\n\n{END}\n\n## Lambda\n\nslow\n"
    assert second == first.replace("one", "two")


def test_a_table_shows_the_median_of_the_rounds_and_their_spread() -> None:
    records = [
        Record(
            part="storm",
            database="mariadb",
            contender="group_commit",
            goods="hot",
            connections=64,
            numbers={"per_second": rate, "p50_ms": 4, "p99_ms": 9},
        )
        for rate in (4000, 4200, 3900)
    ]

    section = make_section([RUN, *records])

    assert "| **the shop as it is: group commit** | 4,000 (3,900–4,200)<br>4.0 / 9.0 ms |" in section
    assert "3 rounds of 4 seconds" in section
    assert "Measured on 2026-01-02" in section
    assert "### SQLite" not in section


def test_a_part_that_failed_is_named() -> None:
    failed = Record(part="failed", goods="history", note="LostUnits: 3 shelves are not the sum of their ledger")

    section = make_section([RUN, failed])

    assert "- history: LostUnits: 3 shelves are not the sum of their ledger" in section


def test_records_are_kept_as_they_come_and_the_last_run_stays_beside_them(tmp_path: Path) -> None:
    file = tmp_path / "records.jsonl"
    before, after = Record(part="idle", numbers={"core_percent": 2.5}), Record(part="failed", note="공장")

    Records(file).add(before)
    records = Records(file)
    records.clear()
    records.add(after)

    assert list(records) == [after]
    assert list(Records(file.with_suffix(".before"))) == [before]


def test_in_a_round_rivals_follow_each_other() -> None:
    planned = plan_round(
        database="mariadb",
        goods=["hot", "zipf", "empty", "worker"],
        contenders=["slap", "one_each", "group_commit"],
        connections=[1, 64],
    )

    assert planned == [
        ("hot", 1, "one_each"),
        ("hot", 1, "group_commit"),
        ("zipf", 1, "group_commit"),
        ("zipf", 1, "one_each"),
        ("hot", 64, "one_each"),
        ("hot", 16, "slap"),
        ("hot", 64, "group_commit"),
        ("zipf", 64, "group_commit"),
        ("empty", 64, "group_commit"),
        ("zipf", 16, "slap"),
        ("zipf", 64, "one_each"),
    ]
