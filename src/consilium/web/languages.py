"""Languages in which people write here, for the select of a form and for HTML's lang attribute."""

from typing import Final

from django.utils.translation import get_language_info

_CODES: Final = "en,es,ar,bn,de,el,fa,fr,he,hi,id,it,ja,ko,nl,pl,pt,ro,ru,sw,ta,th,tr,uk,ur,vi,zh-hans"

CHOICES: Final = [(code, str(get_language_info(code)["name_local"]).capitalize()) for code in _CODES.split(",")]
