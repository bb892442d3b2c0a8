"""The shipped list of cities (GeoNames, CC BY 4.0)."""

import csv
from collections.abc import Iterator
from importlib.resources import files

from django.db import transaction

from consilium.doctors.models import City
from consilium.lib.text import fold


@transaction.atomic
def load_cities() -> int:
    """Bring the shipped cities into the table; return how many there are. Running it again adds nothing."""
    shipped = list(_cities())
    if City.objects.count() != len(shipped):
        City.objects.bulk_create(shipped, batch_size=2000, ignore_conflicts=True)
    return len(shipped)


def _cities() -> Iterator[City]:
    with (files("consilium.doctors") / "data" / "cities.tsv").open(encoding="utf-8") as file:
        lines = (line for line in file if not line.startswith("#"))
        for number, name, country, admin1, population, zone in csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            yield City(
                id=int(number), name=name, folded=fold(name), country=country,
                admin1=admin1, population=int(population), time_zone=zone,
            )  # fmt: skip
