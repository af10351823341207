"""What people and programs read: text tables, JSON, and one self-contained HTML page."""

from edgesnn.report.page import html

__all__ = ["html"]
