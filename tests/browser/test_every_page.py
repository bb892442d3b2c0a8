"""Every page a person can open: axe, sideways scroll, text spacing, colours, policy, foreign hosts."""

import re

import pytest
from django.urls import get_resolver
from playwright.sync_api import expect

from tests.browser.conftest import Open

# Who opens it, which page (a name of tests/browser/demo.py, or a path), with which status.
PAGES: dict[str, tuple[str, str, int]] = {
    "home": ("", "/", 200),
    "home, most answered": ("", "/?tab=answered", 200),
    "home, unanswered": ("", "/?tab=unanswered", 200),
    "search": ("", "/search/", 200),
    "search, results": ("", "/search/?q=botox+ms&answers=1", 200),
    "topics": ("", "/topics/", 200),
    "topic": ("", "topic", 200),
    "doctors": ("", "/doctors/", 200),
    "doctor": ("", "doctor", 200),
    "doctor, imported": ("", "copied", 200),
    "question": ("", "question", 200),
    "question, imported": ("", "imported", 200),
    "question, right to left": ("", "rtl", 200),
    "question, unanswered": ("", "unanswered", 200),
    "question, for a patient": ("patient", "question", 200),
    "question, for its doctor": ("neurologist", "question", 200),
    "question, for an editor": ("editor", "imported", 200),
    "question, with a panel": ("", "panel", 200),
    "question, with a panel, for a patient": ("patient", "panel", 200),
    "question, with many stances": ("", "panel_many", 200),
    "question, with classified copies": ("", "panel_copied", 200),
    "question, closed to a doctor": ("neurologist", "gate", 200),
    "question, in another situation": ("", "variant", 200),
    "question_situations": ("", "question_situations", 200),
    "question_original": ("", "question_original", 200),
    "question_original, for its asker": ("patient", "question_original", 200),
    "question_same": ("patient", "question_same", 200),
    "question_same, for an editor": ("editor", "question_same", 200),
    "question_statements": ("patient", "question_statements", 200),
    "question_history": ("", "question_history", 200),
    "sheet": ("", "sheet", 200),
    "consensus_history": ("", "consensus_history", 200),
    "snapshot": ("", "snapshot", 200),
    "question_edit": ("patient", "question_edit", 200),
    "question_withdraw": ("patient", "question_withdraw", 200),
    "ask": ("patient", "/ask/", 200),
    "ask, for another situation": ("patient", "ask_variant", 200),
    "ask, what was asked before": ("patient", "/ask/?title=Is+the+invented+treatment+acceptable+after+two+years?", 200),
    "answer": ("neurologist", "answer", 200),
    "answer, refused": ("patient", "answer_refused", 403),
    "answer_edit": ("neurologist", "answer_edit", 200),
    "answer_withdraw": ("neurologist", "answer_withdraw", 200),
    "answer_history": ("", "answer_history", 200),
    "answer_stances": ("neurologist", "answer_stances", 200),
    "cosign": ("neurologist", "cosign", 200),
    "stances_affirm": ("neurologist", "stances_affirm", 200),
    "stances_withdraw": ("neurologist", "stances_withdraw", 200),
    "reconsider": ("neurologist", "reconsider", 200),
    "claim": ("patient", "claim", 200),
    "account_interests": ("neurologist", "/account/interests/", 200),
    "account_for_you": ("neurologist", "/account/for-you/", 200),
    "account": ("patient", "/account/", 200),
    "account, of a doctor": ("neurologist", "/account/", 200),
    "account_questions": ("patient", "/account/questions/", 200),
    "account_following": ("patient", "/account/following/", 200),
    "account_answers": ("neurologist", "/account/answers/", 200),
    "editor": ("editor", "/editor/", 200),
    "editor_coding": ("editor", "/editor/coding/", 200),
    "editor_code": ("editor", "editor_code", 200),
    "editor_unclear": ("editor", "/editor/unclear/", 200),
    "editor_agreement": ("editor", "/editor/agreement/", 200),
    "editor_questions": ("editor", "/editor/questions/", 200),
    "editor_statements": ("editor", "/editor/statements/", 200),
    "editor_topics": ("editor", "/editor/topics/", 200),
    "editor_needs": ("editor", "/editor/topics/multiple-sclerosis/needs/", 200),
    "editor_duplicates": ("editor", "/editor/duplicates/", 200),
    "editor_merges": ("editor", "/editor/merges/", 200),
    "editor_unmerge": ("editor", "editor_unmerge", 200),
    "editor_works": ("editor", "/editor/works/?tab=all", 200),
    "editor_work": ("editor", "editor_work", 200),
    "editor_citation": ("editor", "editor_citation", 200),
    "editor_claims": ("editor", "/editor/claims/", 200),
    "editor_claim": ("editor", "editor_claim", 200),
    "editor_doctor": ("editor", "editor_doctor", 200),
    "editor_revoke": ("editor", "editor_revoke", 200),
    "status": ("operator", "/editor/status/", 200),
    "preferences": ("", "/preferences/", 200),
    "urgent": ("", "/urgent/", 200),
    "disclaimer": ("", "/disclaimer/", 200),
    "privacy": ("", "/privacy/", 200),
    "accessibility": ("", "/accessibility/", 200),
    "help": ("", "/help/", 200),
    "how_stances": ("", "/how-stances-are-counted/", 200),
    "api_docs": ("", "/api/", 200),
    "account_login": ("", "/accounts/login/", 200),
    "account_signup": ("", "/accounts/signup/", 200),
    "account_logout": ("patient", "/accounts/logout/", 200),
    "account_reset_password": ("", "/accounts/password/reset/", 200),
    "account_reset_password_done": ("", "/accounts/password/reset/done/", 200),
    "account_reset_password_from_key": ("", "/accounts/password/reset/key/x-y/", 200),
    "account_reset_password_from_key_done": ("", "/accounts/password/reset/key/done/", 200),
    "account_confirm_email": ("", "/accounts/confirm-email/x/", 200),
    "account_email_verification_sent": ("", "/accounts/confirm-email/", 200),
    "account_email": ("patient", "/accounts/email/", 200),
    "account_change_password": ("patient", "/accounts/password/change/", 200),
    "account_inactive": ("", "/accounts/inactive/", 200),
    "missing": ("", "missing", 404),
}
# Addresses that show no page of their own: they answer a form, forward, or are read by programs.
NO_PAGES = {
    "question_bare", "question_follow", "question_reopen", "question_reconsider",
    "others", "question_invite", "invitation_decline", "claim_withdraw",
    "ask_alike", "answer_helpful", "question_feed", "feed", "topic_feed", "doctor_feed",
    "search_suggest", "opensearch",
    "sitemap", "sitemap_piece", "robots", "security", "account_set_password", "account_reauthenticate",
    "account_confirm_login_code", "api_questions", "api_question", "api_consensus", "api_openapi", "api_missing", "api-root",
}  # fmt: skip
FORMS = {
    "ask": ("patient", "/ask/", "Publish my question"),
    "answer": ("neurologist", "answer", "Publish my answer"),
    "cosign": ("neurologist", "cosign", "Record my stance"),
    "claim": ("patient", "claim", "Ask for this profile"),
    "sign in": ("", "/accounts/login/", "Sign in"),
    "sign up": ("", "/accounts/signup/", "Sign up"),
}


def names() -> set[str]:
    """Names of all addresses of the site."""
    found = {key for key in get_resolver().reverse_dict if isinstance(key, str)}
    for _, resolver in get_resolver().namespace_dict.values():
        found |= {key for key in resolver.reverse_dict if isinstance(key, str)}
    return found


def test_no_page_is_forgotten() -> None:
    assert names() - NO_PAGES - {name.partition(",")[0] for name in PAGES} == set()
    assert {name.partition(",")[0] for name in PAGES} - names() == {"missing"}


@pytest.mark.parametrize("name", PAGES)
def test_page(look: Open, name: str) -> None:
    persona, path, status = PAGES[name]
    window = look(persona)
    assert window.go(path) == status
    wrong = []
    for width in (1280, 390):
        window.page.set_viewport_size({"width": width, "height": 900})
        for scheme in ("light", "dark"):
            window.page.emulate_media(color_scheme=scheme)
            wrong += [f"{width} {scheme}: {line}" for line in window.violations(colours_only=scheme == "dark")]
    assert wrong == []
    assert window.page.locator("h1").count() == 1
    assert window.overflow() == 0, "at 390 px"
    window.page.set_viewport_size({"width": 320, "height": 900})
    assert window.overflow() == 0, "at 320 px"
    window.space_text()
    assert window.overflow() == 0, "at 320 px with spaced text"


@pytest.mark.parametrize("name", FORMS)
def test_a_form_with_mistakes(visit: Open, name: str) -> None:
    persona, path, button = FORMS[name]
    window = visit(persona)
    window.go(path)
    window.page.get_by_role("main").get_by_role("button", name=button).click()
    expect(window.page).to_have_title(re.compile("^Error: "))
    assert window.violations() == []
    first = window.page.get_by_role("main").locator("[href^='#id_']").first
    field = (first.get_attribute("href") or "").removeprefix("#")
    first.click()
    expect(window.page).to_have_url(re.compile(f"#{re.escape(field)}$"))
    assert window.page.evaluate("document.activeElement.closest('.field')?.querySelector('[id]') != null"), field
    assert window.page.evaluate("document.activeElement.id").startswith("id_") or window.page.url.endswith(f"#{field}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_wins_over_the_device(visit: Open, theme: str, scheme: str) -> None:
    window = visit("", color_scheme=scheme)
    window.go("/preferences/")
    window.page.get_by_label(theme.capitalize(), exact=True).check()
    window.page.get_by_role("button", name="Save").click()
    expect(window.page.get_by_role("status")).to_contain_text("Your preferences are saved.")
    window.go("question")
    background = window.page.evaluate("getComputedStyle(document.body).backgroundColor")
    brightness = sum(int(part) for part in background.removeprefix("rgb(").removesuffix(")").split(",")[:3]) / 3
    assert (brightness > 128) == (theme == "light"), background
    assert window.violations(colours_only=True) == []


def test_forced_colours_keep_everything_visible(visit: Open) -> None:
    window = visit("patient", forced_colors="active")
    window.go("question")
    button = window.page.get_by_role("button", name="Helpful").first
    style = button.evaluate("e => { const s = getComputedStyle(e); return [s.borderTopStyle, s.borderTopWidth] }")
    assert style[0] != "none"
    assert float(style[1].removesuffix("px")) > 0, "a button without a border is plain text in forced colours"
    assert window.violations() == []
