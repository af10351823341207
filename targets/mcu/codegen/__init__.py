"""C99 for an integer model: sources that compile alone, and where everything lies in memory."""

from edgesnn.targets.mcu.codegen.front_end import front_end_ram_bytes
from edgesnn.targets.mcu.codegen.generate import Generated, Room, generate, write, write_files
from edgesnn.targets.mcu.codegen.layout import Layout, NodeLayout, StateLayout
from edgesnn.targets.mcu.codegen.learner import checksum, learner_files, learner_ram_bytes, stored_bytes
from edgesnn.targets.mcu.codegen.order import Orders, orders
from edgesnn.targets.mcu.codegen.storage import Storage

__all__ = [
    "Generated", "Layout", "NodeLayout", "Orders", "Room", "StateLayout", "Storage", "checksum", "front_end_ram_bytes",
    "generate", "learner_files", "learner_ram_bytes", "orders", "stored_bytes", "write", "write_files",
]  # fmt: skip
