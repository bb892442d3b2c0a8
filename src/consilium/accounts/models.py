"""People who sign in, and the roles given to them."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consilium.lib.ids import new_key

THEMES = [("auto", _("Match device")), ("light", _("Light")), ("dark", _("Dark"))]


class PersonManager(BaseUserManager["Person"]):
    def create_user(self, email: str | None = None, password: str | None = None, **fields: Any) -> "Person":
        person = self.model(email=self.normalize_email(email) if email else None, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Anybody with an account. Everybody is a patient; a doctor is a person whose `doctor` profile exists.

    `email` is empty for a person who came with an import or was made for the demo: such a person cannot sign in.
    """

    key = models.CharField(max_length=120, unique=True, default=new_key)
    email = models.EmailField(max_length=254, null=True, unique=True)
    display_name = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=20, default="en")
    time_zone = models.CharField(max_length=60, blank=True)
    country = models.CharField(max_length=2, blank=True)
    theme = models.CharField(max_length=5, choices=THEMES, default="auto")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="one_person_per_email")]

    def __str__(self) -> str:
        # Never the address: this text ends up in logs.
        return f"person {self.pk}"

    @property
    def roles(self) -> frozenset[str]:
        """Names of the roles given to this person (one query the first time)."""
        if not hasattr(self, "_roles"):
            self._roles = frozenset(self.granted_roles.values_list("name", flat=True))
        return self._roles


class Role(models.Model):
    """A duty given to a person by the operator."""

    class Name(models.TextChoices):
        EDITOR = "editor", _("Editor")
        MODERATOR = "moderator", _("Moderator")
        CLINICAL_MODERATOR = "clinical_moderator", _("Clinical moderator")
        ADMIN = "admin", _("Administrator")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="granted_roles")
    name = models.CharField(max_length=20, choices=Name.choices)
    given_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="one_row_per_role"),
            models.CheckConstraint(
                condition=models.Q(name__in=["editor", "moderator", "clinical_moderator", "admin"]), name="known_role"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.person_id}"
