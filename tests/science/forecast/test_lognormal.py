import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import norm

from app.science.forecast.lognormal import (
    Lognormal,
    Past,
    covariates,
    effect,
    log_likelihood,
    lost_by,
    quantile,
)
from app.science.forecast.lognormal_fit import Episodes, Prior, fit

USUAL = Lognormal(beta=(np.log(18.0), 0, 0, 0, 0, 0), tau=0.55, sigma=0.45)
ETA = USUAL.eta(covariates(6))
DAYS = np.array([3.0, 7.0, 14.0, 28.0, 60.0])

SEEN = st.lists(
    st.tuples(st.integers(0, 40), st.one_of(st.integers(1, 21), st.none())), max_size=6
).map(lambda pairs: [(low, None if wide is None else low + wide) for low, wide in pairs])


def past(seen):
    return Past.of(seen, [ETA] * len(seen))


def by_quadrature(seen, integrand):
    """The definition itself: what was seen, given b, over all b."""

    def given_b(b):
        chance = norm.pdf(b, scale=USUAL.tau)
        for low, high in seen:
            ends = (
                (0.0 if low == 0 else norm.cdf((np.log(low) - ETA - b) / USUAL.sigma)),
                (1.0 if high is None else norm.cdf((np.log(high) - ETA - b) / USUAL.sigma)),
            )
            chance *= ends[1] - ends[0]
        return chance * integrand(b)

    return quad(given_b, -4, 4, epsabs=1e-13, limit=200)[0]


def held_past(day):
    return lambda b: norm.sf((np.log(day) - ETA - b) / USUAL.sigma)


@pytest.mark.parametrize("seen", [[], [(10, 17)], [(10, 17), (14, None), (0, 5)]])
@pytest.mark.parametrize("held", [0.0, 9.5])
def test_the_foretold_chance_is_the_integral_of_its_definition(seen, held):
    known = by_quadrature(seen, held_past(held) if held else lambda _: 1.0)
    left = [min(by_quadrature(seen, held_past(day)) / known, 1.0) for day in DAYS]

    found = lost_by(USUAL, past(seen), ETA, DAYS, held)

    assert found == pytest.approx(1 - np.array(left), abs=1e-7)


def test_the_likelihood_is_the_integral_of_its_definition():
    seen = [(10, 17), (3, None), (0, 5)]

    assert log_likelihood(USUAL, past(seen)) == pytest.approx(
        np.log(by_quadrature(seen, lambda _: 1.0)), abs=1e-8
    )


@settings(max_examples=60, deadline=None)
@given(SEEN)
def test_chances_only_rise_and_quantiles_turn_them_round(seen):
    chances = lost_by(USUAL, past(seen), ETA, DAYS)

    assert (np.diff(chances) >= 0).all()
    assert ((chances >= 0) & (chances <= 1)).all()
    middle = quantile(USUAL, past(seen), ETA, 0.5)
    assert lost_by(USUAL, past(seen), ETA, np.array([middle]))[0] == pytest.approx(0.5, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(SEEN)
def test_longer_relief_before_never_makes_a_loss_more_probable(seen):
    longer = [(low + 3, None if high is None else high + 3) for low, high in seen]

    sooner = lost_by(USUAL, past(seen), ETA, DAYS)
    later = lost_by(USUAL, past(longer), ETA, DAYS)

    assert (later <= sooner + 1e-9).all()


def clinic(patients=120, seed=5):
    """Weekly looks for six weeks at patients who differ by 0.6 and vary by 0.4; dose adds 0.3."""
    rng = np.random.default_rng(seed)
    whose = np.repeat(np.arange(patients), 5)
    x = np.array(
        [
            covariates(place % 5 + 4, dose)
            for place, dose in zip(
                range(5 * patients), rng.choice([0.5, 1.0], 5 * patients), strict=True
            )
        ]
    )
    own = rng.normal(0, 0.6, patients)[whose]
    days = np.exp(2.9 + 0.3 * x[:, -1] + own + rng.normal(0, 0.4, len(whose)))
    low = np.floor(days / 7) * 7
    high = np.where(low < 42, low + 7, np.inf)
    return Episodes(low.clip(max=42), high, x, [f"patient {one}" for one in whose])


def test_what_made_the_data_is_found_again():
    model = fit(clinic(400)).model

    assert model.beta[0] == pytest.approx(2.9, abs=0.1)
    assert model.beta[-1] == pytest.approx(0.3, abs=0.12)
    assert (model.tau, model.sigma) == (pytest.approx(0.6, abs=0.08), pytest.approx(0.4, abs=0.05))


def test_the_order_of_arrival_changes_nothing():
    seen = clinic(40)
    turned = Episodes(seen.lower[::-1], seen.upper[::-1], seen.x[::-1], seen.patients[::-1])

    assert fit(turned) == fit(seen)


def test_a_clinic_without_patients_is_its_prior():
    nobody = Episodes(np.zeros(0), np.zeros(0), np.zeros((0, 6)), [])

    found = fit(nobody, Prior.around(USUAL)).model

    assert found.beta == pytest.approx(USUAL.beta)
    assert (found.tau, found.sigma) == (pytest.approx(USUAL.tau), pytest.approx(USUAL.sigma))


def test_clinics_that_differ_are_told_apart_but_drawn_together():
    seen = clinic(120)
    longer = np.arange(len(seen.lower)) % 10 < 5
    stretched = Episodes(
        np.where(longer, seen.lower * 2, seen.lower),
        np.where(longer, seen.upper * 2, seen.upper),
        seen.x,
        seen.patients,
        clinics=["long" if one else "short" for one in longer],
    )

    model = fit(stretched).model

    gap = model.delta["long"] - model.delta["short"]
    assert gap == pytest.approx(np.log(2), abs=0.15)
    assert model.eta(covariates(6), "long") > model.eta(covariates(6), "elsewhere")


def test_an_effect_of_many_tight_intervals_is_known_well():
    seen = [(24.0, 26.0)] * 12

    mean, spread = effect(USUAL, past(seen))

    assert mean == pytest.approx(np.log(25 / 18), abs=0.05)
    assert spread < 0.15
