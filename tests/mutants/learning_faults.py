"""Faults in what learns on the device, in C and in the reference, and in what keeps it."""

from __future__ import annotations

from tests.mutants.fault import Fault

IN_C = ("tests/targets/mcu/learning/test_runtime.py",)
REFERENCE = "tests/integer/learning/"
STORE = ("tests/targets/mcu/learning/test_store.py",)
KEPT = ("tests/targets/mcu/learning/test_kept.py::test_what_a_program_stored_the_next_one_recalls[host]",)

LEARNING_FAULTS = (
    Fault(
        "learning in C: a spike's window ends a step early",
        "firmware/learn/esnn_learner.h",
        "event->time + (p->ramps ? 0 : 1);",
        "event->time + (p->ramps ? 0 : 0);",
        IN_C,
    ),
    Fault(
        "learning in C: halves round down",
        "firmware/learn/esnn_onto_traces.c",
        "error * trace_of[input] + half, shift)",
        "error * trace_of[input] + half - 1, shift)",
        IN_C,
    ),
    Fault(
        "learning in C: an error leaves 16 bits",
        "firmware/learn/esnn_cut.c",
        "esnn_clip(product, -ESNN_ERROR_LIMIT, ESNN_ERROR_LIMIT)",
        "product",
        IN_C,
    ),
    Fault(
        "learning in C: the last event of a window gets no error",
        "firmware/learn/esnn_onto_events.c",
        "for (; event < end; event++, record++) {\n        record->sum",
        "for (; event + 1 < end; event++, record++) {\n        record->sum",
        IN_C,
    ),
    Fault(
        "learning in C: a threshold follows the rate the wrong way",
        "firmware/learn/esnn_adapt.c",
        "state->fine + by",
        "state->fine - by",
        IN_C,
    ),
    Fault(
        "learning in C: draws in the order of events, not of inputs",
        "firmware/learn/esnn_onto_traces.c",
        "if (layer->master == NULL) {",
        "if (layer->master == NULL && p->ramps) {",
        IN_C,
    ),
    Fault(
        "learning in C: steps never get smaller",
        "firmware/learn/esnn_learn_next.c",
        "--state->left == 0u",
        "state->left-- == 0u",
        IN_C,
    ),
    Fault(
        "learning, reference: a weight is its master rounded down",
        "edgesnn/integer/learning/weights.py",
        "shifted(self.master, MASTER_BITS)",
        "self.master >> MASTER_BITS",
        (f"{REFERENCE}test_by_hand.py",),
    ),
    Fault(
        "learning, reference: a threshold follows the rate the wrong way",
        "edgesnn/integer/learning/threshold.py",
        "moved = self.fine + (",
        "moved = self.fine - (",
        (f"{REFERENCE}test_rules.py::test_a_silent_layer_wakes_up",),
    ),
    Fault(
        "learning, reference: a spike's window ends a step early",
        "edgesnn/integer/learning/walk.py",
        "else records.events.time[spike] + 1",
        "else records.events.time[spike]",
        (f"{REFERENCE}test_walk.py::test_the_walk_is_a_dense_masked_backward_pass",),
    ),
    Fault(
        "learning, store: the header is written before what it is of",
        "firmware/store/learned.c",
        "    write_parts(learned, &writer);\n",
        "    struct writer dry = writer;\n"
        "    dry.works = 0;\n"
        "    write_parts(learned, &dry);\n"
        "    slot.crc = dry.crc;\n"
        "    (void)esnn_loader_seal(number, &slot);\n"
        "    write_parts(learned, &writer);\n",
        STORE,
    ),
    Fault(
        "learning, store: the slot that counts is written over",
        "firmware/store/learned.c",
        "newest == 0u ? 1u : 0u",
        "newest == 1u ? 1u : 0u",
        STORE,
    ),
    Fault(
        "learning, store: another network's is taken",
        "firmware/store/learned.c",
        "memcmp(from, wanted, sizeof wanted) == 0",
        "memcmp(from, wanted, 4) == 0",
        STORE,
    ),
    Fault(
        "learning, link: a program starts without what is stored",
        "firmware/link/verbs.c",
        "    (void)esnn_link_recall(esnn_link_body(), &size);\n",
        "    (void)&size;\n",
        KEPT,
    ),
)
