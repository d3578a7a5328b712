"""Made-up people. Nobody is called this."""

from datetime import date, timedelta
from random import Random
from typing import Literal, NamedTuple

Sex = Literal["female", "male", "other"]


class Person(NamedTuple):
    """A name with a sex; the birth date is drawn."""

    given_name: str
    family_name: str
    sex: Sex


PEOPLE = (
    Person("Ada", "Lanternwick", "female"),
    Person("Zoë", "Marigold-Finch", "female"),
    Person("Siân", "O'Lark", "female"),
    Person("José", "Almondbranch", "male"),
    Person("Björn", "Teakettle", "male"),
    Person("Amélie", "D'Orchard", "female"),
    Person("Kwame", "Silverfern", "male"),
    Person("Priya", "Saffronwell", "female"),
    Person("Łucja", "Plumfield", "female"),
    Person("Tomás", "Quillwater", "male"),
    Person("Noor", "Moonbrook", "other"),
    Person("Oluwaseun", "Gingerleaf", "male"),
    Person("Hana", "Pebblesworth", "female"),
    Person("Søren", "Applecart", "male"),
    Person("Ximena", "Cloudberry", "female"),
    Person("Daniel", "O'Thistle", "male"),
    Person("Mei-Lin", "Starling-Grove", "female"),
    Person("Nguyệt", "Willowmere", "female"),
    Person("André", "Copperkettle", "male"),
    Person("Fatou", "Honeydew", "female"),
    Person("Ruairí", "Mossgate", "male"),
    Person("Ines", "Violetridge", "female"),
    Person("Kofi", "Butterlamp", "male"),
    Person("Çağla", "Peachbottom", "female"),
    Person("Elif", "Nightingale-Hay", "female"),
    Person("Mateo", "Clovermead", "male"),
    Person("Brontë", "Inkwell", "female"),
    Person("Tadhg", "Bramblecote", "male"),
    Person("Anaïs", "Snowdrop", "female"),
    Person("Rohan", "Tangerine", "male"),
    Person("Jiří", "Candlemaker", "male"),
    Person("Leilani", "Driftwood-Bell", "female"),
    Person("Mehmet", "Walnutshade", "male"),
    Person("Françoise", "Pennywhistle", "female"),
    Person("Abebe", "Larkspur", "male"),
    Person("Yuki", "Dandelion", "other"),
    Person("Ingrid", "Featherstone-Pie", "female"),
    Person("Paolo", "Rosewater", "male"),
    Person("Núria", "Hazelnutt", "female"),
    Person("Samuel", "Sunnybank", "male"),
)

YOUNGEST_YEARS, OLDEST_YEARS = 20, 74
DAYS_A_YEAR = 365.25


def birth_date(random: Random, today: date) -> date:
    """The birthday of an adult of 20 to 74 years."""
    years = random.uniform(YOUNGEST_YEARS, OLDEST_YEARS)
    return today - timedelta(days=round(years * DAYS_A_YEAR))
