"""What was measured, as ratios, and whether it is enough."""

import os
import platform
from dataclasses import dataclass
from statistics import median
from typing import Any

from bench.tasks import AFTERGLOW, LIMIT, PLAIN, PROGRAMS, UNAUDITED, Task

Rates = dict[tuple[str, int, str], list[float]]
"""Requests per second in each round, by task, patients and program."""


@dataclass(frozen=True)
class Target:
    """A ratio or a size that Afterglow is to keep."""

    what: str
    measured: float
    wanted: float
    at_least: bool = True

    @property
    def met(self) -> bool:
        """Whether it does."""
        return self.measured >= self.wanted if self.at_least else self.measured <= self.wanted


WANTED = (
    ("timeline", LIMIT, "of the limit", 0.5),
    ("timeline", PLAIN, "times plain", 3),
    ("check-in", LIMIT, "of the limit", 0.4),
    ("audit", UNAUDITED, "of the timeline without it", 0.85),
)
"""By task: how fast Afterglow is to be, at least, as a multiple of another program."""


def ratio(rates: Rates, task: str, patients: int, over: str) -> float:
    """How fast Afterglow is as a multiple of another program: the median of the rounds."""
    ours, theirs = rates[task, patients, AFTERGLOW], rates[task, patients, over]
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def growth(rates: Rates, task: str, sizes: list[int]) -> float:
    """The time of the large clinic as a multiple of that of the small one."""
    small, large = rates[task, sizes[0], AFTERGLOW], rates[task, sizes[-1], AFTERGLOW]
    return median(a / b for a, b in zip(small, large, strict=True))


def targets(rates: Rates, tasks: list[Task], sizes: list[int], mib: float) -> list[Target]:
    """What was promised."""
    found = []
    names = [task.name for task in tasks]
    for size in sizes:
        at = f"at {size:,} patients"
        for task, over, what, wanted in WANTED:
            if task in names:
                measured = ratio(rates, task, size, over)
                found.append(Target(f"{task}, {what}, {at}", measured, wanted))
    for task in compared(tasks) if len(sizes) > 1 else ():
        grown = growth(rates, task, sizes)
        what = f"{task}, time at {sizes[-1]:,} over {sizes[0]:,} patients"
        found.append(Target(what, grown, 1.3, at_least=False))
    return [*found, Target("memory of a process, MiB", mib, 200, at_least=False)]


def compared(tasks: list[Task]) -> list[str]:
    """Those that Afterglow does beside other programs."""
    return [task.name for task in tasks if task.programs == PROGRAMS]


def result(rates: Rates, task: Task, size: int) -> dict[str, Any]:
    """One task at one size."""
    told = {"task": task.name, "patients": size}
    told["requests_per_second"] = {
        program: round(median(rates[task.name, size, program]), 1) for program in task.programs
    }
    if task.programs != PROGRAMS:
        return told | {"of_unaudited": round(ratio(rates, task.name, size, UNAUDITED), 3)}
    return told | {
        "of_the_limit": round(ratio(rates, task.name, size, LIMIT), 3),
        "times_plain": round(ratio(rates, task.name, size, PLAIN), 3),
    }


def document(
    rates: Rates, tasks: list[Task], sizes: list[int], mib: float, about: dict[str, Any]
) -> dict[str, Any]:
    """Everything, for programs."""
    return {
        "about": about,
        "results": [result(rates, task, size) for task in tasks for size in sizes],
        "targets": [
            {"what": one.what, "wanted": one.wanted, "measured": round(one.measured, 3)}
            | {"at_least": one.at_least, "met": one.met}
            for one in targets(rates, tasks, sizes, mib)
        ],
    }


def machine() -> dict[str, Any]:
    """Where it was measured."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def audited(one: dict[str, Any]) -> str:
    """What the audit leaves of the timeline, as a line."""
    with_it, without = one["requests_per_second"].values()
    return (
        f"{one['task']:<14}{one['patients']:>9,}{with_it:>11,.0f}   "
        f"without it {without:,.0f}, ratio {one['of_unaudited']:.2f}"
    )


def table(told: dict[str, Any]) -> str:
    """The document for people."""
    about = ", ".join(f"{name} {value}" for name, value in told["about"].items())
    lines = [about, "", "requests per second (medians), and ratios (medians of each round's)", ""]
    lines.append(
        f"{'':<14}{'patients':>9}{'Afterglow':>11}{'limit':>9}{'plain':>9}"
        f"{'of limit':>10}{'x plain':>9}"
    )
    for one in told["results"]:
        if "of_unaudited" in one:
            lines.append(audited(one))
            continue
        rates = [one["requests_per_second"][program] for program in PROGRAMS]
        lines.append(
            f"{one['task']:<14}{one['patients']:>9,}{rates[0]:>11,.0f}{rates[1]:>9,.0f}"
            f"{rates[2]:>9,.0f}{one['of_the_limit']:>10.2f}{one['times_plain']:>9.1f}"
        )
    lines.append("")
    for one in told["targets"]:
        sign = ">=" if one["at_least"] else "<="
        met = "met" if one["met"] else "MISSED"
        lines.append(f"{one['what']:<56}{one['measured']:>8.2f} {sign} {one['wanted']:<5} {met}")
    return "\n".join(lines)
