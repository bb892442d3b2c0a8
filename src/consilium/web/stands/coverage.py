"""Who has answered, by specialty, and whose chair is empty."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from consilium.consensus.actions import INVITED_AT_ONCE
from consilium.consensus.panel import Missing, Panel
from consilium.web.stands import words


@dataclass(frozen=True)
class Chair:
    """A specialty that the question needs and that is not counted. `there`: some of its doctors have answered all the same;
    `invite` is the button's text, empty without one.
    """

    slug: str
    noun: str
    there: bool
    title: str
    why: list[str]
    status: str
    invite: str


def answered(panel: Panel) -> list[tuple[str, int]]:
    """How many of each specialty have answered, counted or not, most first."""
    return [(noun(panel.specialties, slug), n) for slug, n in panel.coverage.answered.items()]


def noun(specialties: Mapping[str, object], slug: str) -> str:
    """The specialty's name as it stands on the page."""
    found = specialties.get(slug)
    return str(getattr(found, "noun", "")) or slug or _("Specialty not known")


def chairs(panel: Panel, *, takes_answers: bool) -> list[Chair]:
    """The empty chairs, those of primary specialties first."""
    people = sum(panel.coverage.answered.values())
    return [_chair(one, people, takes_answers=takes_answers) for one in panel.missing]


def _chair(one: Missing, people: int, *, takes_answers: bool) -> Chair:
    title = one.specialty.title
    invites = takes_answers and _room(one)
    return Chair(
        slug=one.specialty.slug, noun=one.specialty.noun, there=one.answered > 0, title=_title(one, title),
        why=list(_why(one, people)), status=_status(one, title),
        invite=_("Invite %(a_doctor)s") % {"a_doctor": words.a_doctor(title)} if invites else "",
    )  # fmt: skip


def _title(one: Missing, title: str) -> str:
    doctor = words.one_doctor(title)
    if one.answered:
        return _("No %(doctor)s is counted yet") % {"doctor": doctor}
    return _("No %(doctor)s has answered") % {"doctor": doctor}


def _why(one: Missing, people: int) -> list[str]:
    said = []
    if one.answered:
        said.append(
            ngettext(
                "%(n)d has answered, but took no stance that is counted.",
                "%(n)d have answered, but took no stance that is counted.",
                one.answered,
            )
            % {"n": one.answered}
        )
    if one.need.named_by:
        said.append(
            ngettext("%(k)d of %(n)d sends you to one.", "%(k)d of %(n)d send you to one.", one.need.named_by)
            % {"k": one.need.named_by, "n": max(people, one.need.named_by)}
        )
    elif one.need.primary:
        said.append(_("This specialty usually treats what the question is about."))
    else:
        said.append(_("This specialty is usually asked for advice on what the question is about."))
    return said


def _status(one: Missing, title: str) -> str:
    doctor = words.one_doctor(title)
    if not one.members:
        return _("No %(doctor)s is a member here yet.") % {"doctor": doctor}
    if one.invited:
        return _invited(one)
    if not one.willing:
        return ngettext(
            "%(doctors)s is a member here, but takes no invitations.",
            "%(doctors)s are members here, but none takes invitations.",
            one.members,
        ) % {"doctors": words.doctors(title, one.members)}
    return ""


def _invited(one: Missing) -> str:
    said = [_("Invited %(n)d") % {"n": one.invited}]
    others = one.declined - one.outside
    if one.outside:
        said.append(
            ngettext("%(n)d declined as outside their expertise", "%(n)d declined as outside their expertise", one.outside)
            % {"n": one.outside}
        )
    if others:
        said.append(ngettext("%(n)d declined", "%(n)d declined", others) % {"n": others})
    return _("%(parts)s.") % {"parts": ", ".join(said)}


def _room(one: Missing) -> bool:
    """Whether a further invitation can be sent: somebody is willing, not asked yet, and not too many wait already."""
    return one.willing > one.invited and one.invited - one.declined < INVITED_AT_ONCE
