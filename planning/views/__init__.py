"""Pages about plans that move."""

from planning.views.replans import ReplanListView, ReplanUndoView, ReplanView

__all__ = ["ReplanListView", "ReplanUndoView", "ReplanView"]
