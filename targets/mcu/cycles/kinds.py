"""What kind of instruction a mnemonic is, as the tables of timings tell them apart."""

from __future__ import annotations

import itertools

CONDITIONS = ("eq", "ne", "cs", "hs", "cc", "lo", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le")

DATA, MULTIPLY, MULTIPLY_ACCUMULATE = "data", "multiply", "multiply_accumulate"
MULTIPLY_LONG, MULTIPLY_LONG_ACCUMULATE, MULTIPLY_DSP = "multiply_long", "multiply_long_accumulate", "multiply_dsp"
DIVIDE, LOAD, STORE, TRANSFER = "divide", "load", "store", "transfer"
BRANCH, BRANCH_LINK, TABLE_BRANCH, IF_THEN = "branch", "branch_link", "table_branch", "if_then"
SPECIAL, BARRIER, WAIT, HINT = "special", "barrier", "wait", "hint"

COMPARES = frozenset(("cmp", "cmn", "tst", "teq"))
"""Data processing without a result in a register."""
DIRECT = frozenset(("b", "bl", "cbz", "cbnz"))
"""Branches whose target stands in the instruction."""

LOADS = frozenset(
    ("ldr", "ldrb", "ldrh", "ldrsb", "ldrsh", "ldrt", "ldrbt", "ldrht", "ldrsbt", "ldrsht", "ldrex", "ldrexb", "ldrexh")
)
STORES = frozenset(("str", "strb", "strh", "strt", "strbt", "strht", "strex", "strexb", "strexh"))
DOUBLES = frozenset(("ldrd", "strd"))
LOADS_OF_MANY = frozenset(("pop", "ldm", "ldmia", "ldmdb", "ldmfd", "ldmea"))
STORES_OF_MANY = frozenset(("push", "stm", "stmia", "stmdb", "stmfd", "stmea"))
STACK = frozenset(("push", "pop"))

_PARALLEL = {
    prefix + rest
    for prefix in ("s", "q", "sh", "u", "uq", "uh")
    for rest in ("add8", "add16", "sub8", "sub16", "asx", "sax")
}
_DATA = {
    "mov", "mvn", "movw", "movt", "cpy", "add", "addw", "adc", "adr", "sub", "subw", "sbc", "rsb", "neg", "and", "eor",
    "orr", "orn", "bic", "lsl", "lsr", "asr", "ror", "rrx", "clz", "ssat", "usat", "ssat16", "usat16", "sxth", "sxtb",
    "uxth", "uxtb", "sxtb16", "uxtb16", "sxtab", "sxtah", "uxtab", "uxtah", "sxtab16", "uxtab16", "ubfx", "sbfx", "bfc",
    "bfi", "rev", "rev16", "revsh", "rbit", "sel", "pkhbt", "pkhtb", "usad8", "usada8", "qadd", "qsub", "qdadd",
    "qdsub", *COMPARES, *_PARALLEL,
}  # fmt: skip
_HALVES = {first + second for first in "bt" for second in "bt"}
_DSP = {
    *(name + halves for name in ("smul", "smla", "smlal") for halves in _HALVES),
    *(name + half for name in ("smulw", "smlaw") for half in "bt"),
    *(name + crossed for name in ("smuad", "smusd", "smlad", "smlsd", "smlald", "smlsld") for crossed in ("", "x")),
    *(name + rounded for name in ("smmul", "smmla", "smmls") for rounded in ("", "r")),
    "umaal",
}

_NAMES = {
    DATA: _DATA,
    MULTIPLY: {"mul"},
    MULTIPLY_ACCUMULATE: {"mla", "mls"},
    MULTIPLY_LONG: {"smull", "umull"},
    MULTIPLY_LONG_ACCUMULATE: {"smlal", "umlal"},
    MULTIPLY_DSP: _DSP,
    DIVIDE: {"sdiv", "udiv"},
    LOAD: LOADS,
    STORE: STORES,
    TRANSFER: DOUBLES | LOADS_OF_MANY | STORES_OF_MANY,
    BRANCH: {"b", "bx", "blx", "cbz", "cbnz"},
    BRANCH_LINK: {"bl"},
    TABLE_BRANCH: {"tbb", "tbh"},
    IF_THEN: {"it" + "".join(rest) for length in range(4) for rest in itertools.product("te", repeat=length)},
    SPECIAL: {"mrs", "msr", "cpsid", "cpsie", "cps", "clrex"},
    BARRIER: {"dmb", "dsb", "isb"},
    WAIT: {"wfi", "wfe"},
    HINT: {"nop", "sev", "yield"},
}
_KINDS = {name: kind for kind, names in _NAMES.items() for name in names}


def kind_of(name: str) -> str | None:
    """The kind of a mnemonic without width and condition; None where it is none of ARMv6-M or ARMv7E-M without floats.

    >>> kind_of("adds"), kind_of("smlabb"), kind_of("ldmia"), kind_of("vadd")
    ('data', 'multiply_dsp', 'transfer', None)
    """
    if name in _KINDS:
        return _KINDS[name]
    return _KINDS.get(name.removesuffix("s"))  # those that set the flags
