"""Times the forecast, scores it, and prints both; `bench.forecast` says how to run it."""

import argparse
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from statistics import median

from app.cli.cohort import Member, forecasts, members
from app.science.forecast.fitting import fit
from app.science.forecast.history import history_of
from app.science.forecast.parameters import shipped
from app.science.forecast.population import log_chance
from app.science.forecast.predict import forecast, look
from app.science.relief import as_json, study
from bench.scoring import scored

COHORT = Path(__file__).parents[1] / "tests" / "cases" / "relief" / "cohort_dev"
ONE_DAY = timedelta(days=1)
TRIES = 5


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.forecast")
    parser.add_argument("--cohort", type=Path, default=COHORT, help="folder of a simulated cohort")
    parser.add_argument("--patients", type=int, default=300, help="patients timed")
    args = parser.parse_args()
    cohort = list(members(args.cohort))
    known = [one for one in cohort if one.is_forecast and one.history.current][: args.patients]
    for what, milliseconds in timed(known):
        print(f"{what:<48}{milliseconds:>10.2f} ms")
    began = time.process_time()
    found = fit([one.history for one in cohort], shipped()).diagnostics
    seconds = time.process_time() - began
    print(f"{f'refit of {found.patients:,} patients, {found.steps} steps':<48}{seconds:>10.1f} s")
    print("\non simulated clinics:")
    for what, value in scored(args.cohort, list(forecasts(args.cohort))).items():
        print(f"{what:<48}{value:>10.3f}")


def timed(known: list[Member]) -> Iterable[tuple[str, float]]:
    """Medians over patients of the time on the processor."""
    parameters = shipped()

    def report(one: Member) -> object:
        now = one.history.infused_at + one.since_days * ONE_DAY
        return forecast(one.history, parameters, now)

    def alone(one: Member) -> object:
        return look(one.history.past, one.current, parameters)

    def anew(one: Member) -> object:
        log_chance.cache_clear()
        return report(one)

    def whole(one: Member) -> object:
        findings = study(one.record)
        now = one.history.infused_at + one.since_days * ONE_DAY
        return as_json(findings), forecast(history_of(findings), parameters, now)

    def whole_anew(one: Member) -> object:
        log_chance.cache_clear()
        return whole(one)

    for what, task in (
        ("whole relief report, past not seen before", whole_anew),
        ("whole relief report, past remembered", whole),
        ("forecast and explanation, past not seen before", anew),
        ("forecast and explanation, past remembered", report),
        ("forecast alone, past remembered", alone),
    ):
        yield what, 1000 * median(_seconds(task, known))


def _seconds(task: Callable[[Member], object], known: list[Member]) -> list[float]:
    """The best of some tries for each patient, as other programs disturb."""
    return [min(_once(task, one) for _ in range(TRIES)) for one in known]


def _once(task: Callable[[Member], object], one: Member) -> float:
    began = time.process_time()
    task(one)
    return time.process_time() - began
