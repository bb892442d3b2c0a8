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
    shipped = list(_rows())
    if City.objects.count() != len(shipped):
        City.objects.bulk_create(map(_city, shipped), batch_size=2000, ignore_conflicts=True)
    return len(shipped)


def _rows() -> Iterator[list[str]]:
    with (files("consilium.doctors") / "data" / "cities.tsv").open(encoding="utf-8") as file:
        yield from csv.reader((line for line in file if not line.startswith("#")), delimiter="\t", quoting=csv.QUOTE_NONE)


def _city(row: list[str]) -> City:
    number, name, country, admin1, population, zone = row
    return City(
        id=int(number), name=name, folded=fold(name), country=country, admin1=admin1, population=int(population), time_zone=zone
    )
