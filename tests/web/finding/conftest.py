"""A node of its own for each test, with an index that the test brings level with the journal."""

from tests.search.conftest import _own_node, built_model, follower, with_model

__all__ = ["_own_node", "built_model", "follower", "with_model"]
