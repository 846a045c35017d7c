"""From records to the section of ``docs/performance.md`` that the bench rewrites."""

from collections.abc import Iterable

from tests.bench.goals import judge
from tests.bench.records import Record
from tests.bench.report_tables import history_table, processor_table, special_table, storm_tables, table
from tests.bench.report_words import METHOD, original_words, whole_shop_words
from tests.bench.storms import SLAP_CONNECTIONS

BEGIN = "<!-- from here to the end mark: written by make bench -->"
END = "<!-- end mark of make bench -->"


def write_section(text: str, section: str) -> str:
    """The text with the section between its marks; they are put after the title where there are none."""
    marked = f"{BEGIN}\n\n{section.strip()}\n\n{END}"
    if BEGIN in text and END in text:
        return text[: text.index(BEGIN)] + marked + text[text.index(END) + len(END) :]
    title, _, rest = text.partition("\n")
    return f"{title}\n\n{marked}\n{rest}"


def make_section(records: Iterable[Record]) -> str:
    """The whole section, of what was measured."""
    known = list(records)
    run = next((one for one in known if one.part == "run"), Record(part="run"))
    method = {name: f"{run.numbers.get(name, 0):.0f}" for name in ("rounds", "seconds")}
    parts = [
        "## Rush hour",
        _machine(known, day=run.note),
        _goals(known),
        METHOD.format(**method, slap=SLAP_CONNECTIONS),
        *storm_tables(known),
        *original_words(known),
        *special_table(known),
        *processor_table(known),
        *history_table(known),
        *whole_shop_words(known),
        *_failures(known),
        "`make bench` measures all of this again and rewrites this section.",
    ]
    return "\n\n".join(parts)


def _machine(records: list[Record], *, day: str) -> str:
    machine = next((one for one in records if one.part == "machine"), None)
    if machine is None:
        return f"Measured on {day}."
    numbers = machine.numbers
    return (
        f"Measured on {day} on {numbers['cores']:.0f} cores and {numbers['memory_gb']:.0f} GB of memory "
        f"({machine.note}). A page of 4 kB is on disk after {numbers['fdatasync_p50_ms']:.2f} ms "
        f"(`fdatasync`, median; p99 {numbers['fdatasync_p99_ms']:.2f} ms); this Python adds up a million numbers "
        f"in {numbers['python_sum_ms']:.0f} ms."
    )


def _goals(records: list[Record]) -> str:
    rows = []
    for verdict in judge(records):
        value = "–" if verdict.value is None else f"{verdict.value:,.2f} {verdict.unit}"
        sign = "≥" if verdict.is_at_least else "≤"
        rows.append((verdict.goal, value, f"{sign} {verdict.limit:g} {verdict.unit}", verdict.word))
    note = (
        "A ratio of rates takes each at the number of connections at which it is fastest, unless it names one. "
        "It is the median of the rounds' ratios: what is compared was measured within the same minutes."
    )
    return table(("goal", "measured", "wanted", ""), rows) + f"\n\n{note}"


def _failures(records: list[Record]) -> list[str]:
    failed = [f"- {one.goods}: {one.note}" for one in records if one.part == "failed"]
    return ["### What could not be measured", "\n".join(failed)] if failed else []
