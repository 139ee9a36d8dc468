"""Job texts: as many as a large release has, in English and French, from a label to five sentences, no two alike.

Every one begins with a text of the clearing-house of our own, with its codes; places, times and reasons make them as
different from one another as pages of a site are.
"""

import random

from tests.exchange.omegat.texts import TOPICS, entries

Pair = tuple[str, str]

_TAILS = (None, None, None, 1, 1, 1, 1, 2, 2, 5)  # sentences after the first, in turn; None: a label
_VERBS = (
    ("A copy is kept", "Une copie est conservée"),
    ("Ask for the list", "Demandez la liste"),
    ("The register lies open", "Le registre est ouvert"),
    ("Our staff answer", "Notre personnel répond"),
    ("The samples are dried", "Les échantillons sont séchés"),
    ("Guided tours begin", "Les visites guidées commencent"),
    ("The committee meets", "Le comité se réunit"),
    ("New seedlings are planted", "De jeunes plants sont mis en terre"),
    ("The ferry waits", "Le bac attend"),
    ("Two officers check the crates", "Deux agents contrôlent les caisses"),
    ("The reading room opens", "La salle de lecture ouvre"),
    ("Volunteers count the birds", "Des bénévoles comptent les oiseaux"),
)
_PLACES = (
    ("in the northern delta", "dans le delta du nord"),
    ("behind the old customs house", "derrière l’ancienne douane"),
    ("at the mouth of the river", "à l’embouchure de la rivière"),
    ("on the upper terraces", "sur les terrasses supérieures"),
    ("near the botanical garden", "près du jardin botanique"),
    ("under the glass roof", "sous la verrière"),
    ("along the eastern dyke", "le long de la digue de l’est"),
    ("in every regional office", "dans chaque bureau régional"),
    ("between both harbours", "entre les deux ports"),
    ("next to the cold store", "à côté de la chambre froide"),
    ("above the tree line", "au-dessus de la limite des arbres"),
    ("in the archive of the museum", "dans les archives du musée"),
    ("at the weather station", "à la station météorologique"),
    ("beyond the salt marshes", "au-delà des marais salants"),
    ("in the village schools", "dans les écoles du village"),
    ("opposite the town hall", "en face de la mairie"),
)
_TIMES = (
    ("before the spring rains", "avant les pluies de printemps"),
    ("every other week", "une semaine sur deux"),
    ("from dawn until dusk", "de l’aube au crépuscule"),
    ("after the harvest", "après la récolte"),
    ("while the road is closed", "pendant que la route est fermée"),
    ("during the winter months", "pendant les mois d’hiver"),
    ("as soon as the tide turns", "dès que la marée change"),
    ("on working days", "les jours ouvrables"),
    ("until further notice", "jusqu’à nouvel ordre"),
    ("when the wind drops", "quand le vent tombe"),
    ("at the end of the season", "à la fin de la saison"),
    ("twice in a generation", "deux fois par génération"),
    ("throughout the dry years", "pendant toutes les années sèches"),
    ("soon after sunrise", "peu après le lever du soleil"),
    ("in the rainy half of the year", "pendant la moitié pluvieuse de l’année"),
    ("ahead of the general assembly", "avant l’assemblée générale"),
)
_REASONS = (
    ("so that nobody travels in vain", "pour que personne ne se déplace en vain"),
    ("because paper does not last", "car le papier ne dure pas"),
    ("in case a permit is lost", "au cas où un permis serait perdu"),
    ("to protect the nests", "afin de protéger les nids"),
    ("as the law of the sea asks", "comme le demande le droit de la mer"),
    ("for the benefit of small farms", "au profit des petites exploitations"),
    ("thanks to a private gift", "grâce à un don privé"),
    ("in spite of the noise", "malgré le bruit"),
    ("since the bridge was rebuilt", "depuis la reconstruction du pont"),
    ("to compare one year with another", "pour comparer une année à l’autre"),
    ("according to the keeper’s diary", "selon le journal du gardien"),
    ("by order of the ministry", "sur ordre du ministère"),
    ("with the help of local guides", "avec l’aide de guides locaux"),
    ("as long as stocks last", "dans la limite des stocks"),
    ("where children can watch", "là où les enfants peuvent regarder"),
    ("out of respect for the dead", "par respect pour les morts"),
)


def job_texts(number: int) -> list[Pair]:
    """The first so many: English and French, the same each time."""
    chance = random.Random(7)
    beginnings = [(entry["en"], entry["fr"]) for entry in entries() if " | " not in entry["en"]]
    found: dict[str, str] = {}
    while len(found) < number:
        tails = _TAILS[len(found) % len(_TAILS)]
        if tails is None:
            topic = chance.choice(TOPICS)
            parts = [(topic[0], topic[3]), *(chance.choice(some) for some in (_PLACES, _TIMES, _REASONS))]
        else:
            parts = [chance.choice(beginnings), *(_sentence(chance) for _ in range(tails))]
        english, french = (" ".join(part[side] for part in parts) for side in (0, 1))
        found.setdefault(english, french)
    return list(found.items())


def _sentence(chance: random.Random) -> Pair:
    parts = [chance.choice(some) for some in (_VERBS, _PLACES, _TIMES, _REASONS)]
    english, french = (" ".join(part[side] for part in parts) for side in (0, 1))
    return f"{english}.", f"{french}."
