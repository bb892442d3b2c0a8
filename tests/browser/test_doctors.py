"""What doctors do, as they do it: answering blind, co-signing, peeking, inviting, looking again, asking for a profile."""

import re
import secrets

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.asking import publish
from tests.browser.conftest import Open
from tests.browser.watch import Watch

both = pytest.mark.parametrize("scripts", [False, True], ids=["without scripts", "with scripts"])
CLAIM = "Botulinum toxin is acceptable for someone with Multiple sclerosis"


def ask(window: Watch) -> str:
    """A patient asks about a treatment and an illness, with a suggested statement; the question's address."""
    page, title = window.page, f"May I {secrets.token_hex(4)} with it?"
    window.go("/ask/")
    page.get_by_label("Your question", exact=True).fill(title)
    page.get_by_label("Other topics").fill("Botulinum toxin, Multiple sclerosis")
    page.get_by_role("button", name="Suggest statements").click()
    expect(page.get_by_label("Statement 1")).to_have_value(CLAIM)
    expect(page.get_by_label("Your question", exact=True)).to_have_value(title)
    page.get_by_label("Statement 3").fill("")
    page.locator("[name=statement_3_kind]").select_option("")
    page.get_by_label(re.compile("I agree")).check()
    publish(window)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    return page.url


def stand(window: Watch, number: int, choice: str) -> Locator:
    """Choose on the statement in this place; its fields."""
    fields = window.page.get_by_role("main").locator("fieldset.card:has([type=radio])").nth(number - 1)
    fields.get_by_label(choice, exact=True).check()
    return fields


def disclose(window: Watch) -> None:
    """Say what is to be said of interests, as far as it is not filled in."""
    for name, choice in (("Do you offer this treatment", "Yes"), ("Has a maker", "No")):
        window.page.get_by_role("group", name=re.compile(name)).get_by_label(choice, exact=True).check()


def cosign(window: Watch, address: str, choice: str) -> None:
    window.page.goto(address)
    window.page.get_by_role("main").get_by_role("link", name=re.compile("^(Co-sign|Change your stance)")).first.click()
    stand(window, 1, choice)
    disclose(window)
    window.page.get_by_role("button", name=re.compile("^(Record|Save) my stance$")).click()
    expect(window.page.get_by_role("status")).to_contain_text("Your stance is recorded.")


@both
def test_an_answer_with_a_stance_a_condition_and_a_source(visit: Open, scripts: bool) -> None:
    address, doctor = ask(visit("patient", scripts=scripts)), visit("dermatologist", scripts=scripts)
    page = doctor.page
    page.goto(address)
    page.get_by_role("link", name="Answer this question").click()
    fields = stand(doctor, 1, "Reasonable, if a condition is met")
    page.get_by_label("Headline").fill("Ask your neurologist first")
    page.get_by_label(re.compile("^(Your )?[Aa]nswer$")).fill("Then it is *fine*.")
    page.get_by_label("Source 1: DOI, PubMed number or web address").fill("10.1000/example.2")
    page.get_by_role("button", name="Add another source").click()
    expect(page.locator("#source4")).to_be_visible()
    expect(page.get_by_label("Source 1: DOI, PubMed number or web address")).to_have_value("10.1000/example.2")
    page.get_by_role("group", name="Source 1").get_by_label("What it is").select_option("guideline")
    disclose(doctor)
    page.get_by_role("button", name="Publish my answer").click()

    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_role("link", name=re.compile("Write the condition")).click()
    expect(fields.get_by_label("Condition 1", exact=True)).to_be_focused()
    page.keyboard.type("agreement in writing")
    fields.get_by_label("Kind of condition 1").select_option("clearance")
    fields.get_by_label("Specialty for condition 1").select_option("neurology")
    assert not scripts or doctor.violations() == []
    page.get_by_role("button", name="Publish my answer").click()

    answer = page.get_by_role("article")
    expect(answer).to_contain_text("Only with conditions")
    expect(answer).to_contain_text("agreement in writing")
    expect(answer).to_contain_text("Ask your neurologist first")
    expect(page.get_by_role("main")).to_contain_text("10.1000/example.2")


@both
def test_the_others_are_closed_until_the_doctor_stands_somewhere_or_opens_them(visit: Open, scripts: bool) -> None:
    address = ask(visit("patient", scripts=scripts))
    first = visit("dermatologist", scripts=scripts)
    cosign(first, address, "Advise against")
    expect(first.page.get_by_role("main")).to_contain_text("Leila Haddad-Orre")

    second = visit("neurologist", scripts=scripts)
    second.page.goto(address)
    expect(second.page.locator("body")).not_to_contain_text("Leila Haddad-Orre")
    assert not scripts or second.violations() == []
    cosign(second, address, "Reasonable")
    expect(second.page.get_by_role("main")).to_contain_text("Leila Haddad-Orre")

    third = visit("rheumatologist", scripts=scripts)
    third.page.goto(address)
    third.page.get_by_role("button", name="Show the others").click()
    expect(third.page.get_by_role("main")).to_contain_text("Leila Haddad-Orre")
    cosign(third, address, "Reasonable")


def test_a_missing_specialty_is_invited_and_says_no(visit: Open) -> None:
    """Once alone, without scripts: a doctor is invited twice a week at most."""
    doctor = visit("neurologist", scripts=False)
    doctor.go("/account/interests/")
    doctor.page.get_by_label("I may be invited to answer questions of my specialty").check()
    doctor.page.get_by_role("button", name="Save").click()
    expect(doctor.page.get_by_role("status").first).to_contain_text("Your interests are saved.")

    patient = visit("patient", scripts=False)
    slug = ask(patient).rstrip("/").rpartition("/")[2]
    patient.page.get_by_role("button", name=re.compile("neurologist", re.IGNORECASE)).first.click()
    expect(patient.page.get_by_role("status").first).to_contain_text("invited to answer")

    doctor.go("/account/")
    entry = doctor.page.get_by_role("article").filter(has=doctor.page.locator(f"a[href*='{slug}']"))
    entry.get_by_role("button", name="Say no").click()
    expect(doctor.page.get_by_role("status")).to_contain_text("Choose why")
    entry.get_by_label("Or say no, because").select_option("expertise")
    entry.get_by_role("button", name="Say no").click()
    expect(doctor.page.get_by_role("status")).to_contain_text("You said no to this invitation.")
    expect(entry).to_have_count(0)


@both
def test_doctors_who_disagree_look_again(visit: Open, scripts: bool) -> None:
    address = ask(visit("patient", scripts=scripts))
    doctors = {name: visit(name, scripts=scripts) for name in ("dermatologist", "neurologist")}
    cosign(doctors["dermatologist"], address, "Reasonable")
    cosign(doctors["neurologist"], address, "Advise against")
    editor = visit("editor", scripts=scripts)
    editor.page.goto(address)
    editor.page.get_by_role("button", name="Ask the doctors to look again").click()
    expect(editor.page.get_by_role("status").first).to_contain_text("asked to look again")

    number = re.search(r"/q/(\d+)/", address)
    assert number
    for name, other in (("dermatologist", "Advises against"), ("neurologist", "Considers it reasonable")):
        window = doctors[name]
        window.go("/account/")
        window.page.locator(f"a[href='/q/{number[1]}/reconsider/']").click()
        expect(window.page.get_by_role("region", name="Where the others stand")).to_contain_text(other)
        assert not scripts or window.violations() == []
        if name == "dermatologist":
            window.page.get_by_role("button", name="Keep my stance").click()
        else:
            stand(window, 1, "Reasonable")
            window.page.get_by_role("button", name="Change my stance").click()
        expect(window.page.get_by_role("status")).to_be_visible()
    expect(doctors["neurologist"].page.get_by_role("main")).to_contain_text("1 changed stance after discussion")


@both
def test_asking_for_a_profile_and_taking_the_request_back(visit: Open, scripts: bool) -> None:
    window = visit("unverified", scripts=scripts)
    page = window.page
    window.go("/account/")
    waiting = page.get_by_role("button", name="Withdraw my request")
    if waiting.count():
        waiting.click()
        expect(waiting).to_have_count(0)
    page.goto(window.demo.url("claim").removesuffix("claim/"))
    page.get_by_role("link", name="Is this you? Ask for this profile").click()
    page.get_by_role("button", name="Ask for this profile").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.get_by_label("How can an editor be sure that it is you?").fill("The register of Examplia, number 12.")
    page.get_by_role("button", name="Ask for this profile").click()
    expect(page.get_by_role("status")).to_contain_text("Your request is sent.")
    expect(page.locator("#profile")).to_contain_text("Waiting for an editor")
    page.get_by_role("button", name="Withdraw my request").click()
    expect(page.locator("#profile")).to_contain_text("Withdrawn")
