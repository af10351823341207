"""The one way by which names of models and nodes become C identifiers."""

from __future__ import annotations

from edgesnn.errors import UnsupportedModelError
from edgesnn.integer.model import check_name

RUNTIME_PREFIX = "esnn"


def check_model_name(name: str) -> None:
    """Raises ModelError for what is no identifier, UnsupportedModelError for what would collide with the runtime."""
    check_name("model", name)
    if name == RUNTIME_PREFIX or name.startswith(RUNTIME_PREFIX + "_"):
        raise UnsupportedModelError(name, "names starting with esnn belong to the C runtime", "Rename the model")


def macro(name: str) -> str:
    """Prefix of a model's macros."""
    check_model_name(name)
    return name.upper()


def constant(node: str, what: str) -> str:
    """A static const object: `k_` keeps nodes called like C's own words apart from them, `what` has no underscore."""
    return f"k_{_checked(node)}_{_checked(what)}"


def state(node: str, what: str) -> str:
    """A member of the state struct."""
    return f"s_{_checked(node)}_{_checked(what)}"


def tensor(node: str, what: str = "") -> str:
    """A pointer to a node's output, or to a copy of it in another form."""
    return f"n_{_checked(node)}" if not what else f"t_{_checked(node)}_{_checked(what)}"


def _checked(name: str) -> str:
    check_name("node", name)
    return name
