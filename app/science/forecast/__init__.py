"""How long relief will last, with its uncertainty. Relief method, sections 5 and 6.

Nothing is imported here, as numpy is big and a process that never forecasts does without it. Take

- `history.history_of(findings) -> History`: what the forecast looks at of one patient, out of
  `app.science.relief.study`;
- `predict.forecast(history, parameters, now) -> Forecast | Refusal`: the answer, described in
  `answer`; a few milliseconds, fewer once the patient's past was looked at before;
- `parameters.shipped() -> Parameters`, `Parameters.as_json()` and `parameters_from(kept)`: the
  numbers it needs, which are kept as JSON and carry a version of their own;
- `fitting.fit(histories, shipped) -> Fit(parameters, diagnostics)`: those of one clinic, around
  the shipped ones; `fitting.fit_freely` for many clinics at once;
- `predict.look(past, current, parameters).score_above(days)`: the chance that a score would be
  above the limit, which is what can be held against the scores that came.

`lognormal` is layer A: durations alone, without scores. `intended_use` is what the forecast is for.
"""
