"""The picture's colours. Told apart by the colour-blind (after Okabe and Ito), in both themes."""

LIGHT = {
    "ground": "#ffffff",
    "ink": "#1c2430",
    "quiet": "#5b6675",
    "line": "#d5dae1",
    "response": "#e8f1fa",
    "remission": "#cfe3f5",
    "score": "#0b4f8a",
    "recall": "#0b4f8a",
    "relief": "#00755e",
    "infusion": "#5a3e9b",
    "effect": "#9a5b00",
    "pressure": "#a8321f",
    "ahead": "#8a6d00",
    "warn": "#9a5b00",
    "stop": "#b3261e",
}

DARK = {
    "ground": "#12171f",
    "ink": "#e8ecf2",
    "quiet": "#a3aebd",
    "line": "#323b48",
    "response": "#162436",
    "remission": "#1d3552",
    "score": "#7db8f0",
    "recall": "#7db8f0",
    "relief": "#3fc7a4",
    "infusion": "#b79cf2",
    "effect": "#f0a94a",
    "pressure": "#ff8a75",
    "ahead": "#e3c34d",
    "warn": "#f0a94a",
    "stop": "#ff8a80",
}

THEMES = {"light": LIGHT, "dark": DARK}

RULES = """
.ground{fill:GROUND}text{fill:INK;font:11px system-ui,sans-serif}.quiet{fill:QUIET}
.axis,.grid{stroke:LINE;stroke-width:1}.response{fill:RESPONSE}.remission{fill:REMISSION}
.curve{fill:none;stroke:SCORE;stroke-width:1.5;stroke-linejoin:round}
.score{fill:SCORE;stroke:GROUND;stroke-width:1}
.scores{fill:none;stroke:SCORE;stroke-width:7;stroke-linecap:round}
.recall{stroke:RECALL;stroke-width:3;opacity:.22}
.infusion{fill:INFUSION;fill-opacity:.75;stroke:GROUND}.infusion.unknown{fill:none;stroke:INFUSION}
.drop{fill:none;stroke:INFUSION;stroke-width:1;opacity:.28}
.well,.fade,.arrow{fill:RELIEF}.none{stroke:RELIEF;stroke-width:1;stroke-dasharray:2 3;fill:none}
.effect{fill:none;stroke:EFFECT;stroke-width:4}.absent{fill:none;stroke:EFFECT}
.peak{stroke:PRESSURE;stroke-width:2;stroke-linecap:round}.top{fill:PRESSURE}
.now{stroke:INK;stroke-width:1;stroke-dasharray:3 3}
.window{fill:AHEAD;opacity:.22}.expected{stroke:AHEAD;stroke-width:2}.median{fill:AHEAD}
.flag{fill:QUIET}.flag.warn{fill:GROUND;stroke:WARN;stroke-width:1.7}.flag.stop,.flag.emergency{fill:STOP}
.flag.decision{fill:INFUSION}
.band{fill:SCORE;fill-opacity:.13}.open{fill:SCORE;fill-opacity:.3;stroke:SCORE;stroke-width:1}
.known{stroke:SCORE;stroke-width:2.5}
.detected{fill:none;stroke:PRESSURE;stroke-width:1.5;stroke-dasharray:8 4}
.modelled{fill:none;stroke:INFUSION;stroke-width:2;stroke-dasharray:2 3}
"""
"""One rule a line; words in capitals are colours."""


def style(theme: str) -> str:
    """The style sheet of a picture that stands alone."""
    return filled(THEMES[theme])


def filled(colours: dict[str, str]) -> str:
    """The rules in these colours.

    >>> ".ground{fill:#ffffff}" in filled(LIGHT)
    True
    """
    rules = RULES
    for name in sorted(colours, key=len, reverse=True):
        rules = rules.replace(name.upper(), colours[name])
    return "".join(rules.split("\n"))
