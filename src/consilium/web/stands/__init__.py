"""Where the doctors stand, in words: a panel as its templates print it, and one line of it for lists."""

from consilium.web.stands import bar
from consilium.web.stands.page import ShownPanel, ShownStatement, shown

__all__ = ["ShownPanel", "ShownStatement", "bar", "shown"]
