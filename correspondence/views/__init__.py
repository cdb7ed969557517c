"""Pages about what is sent to people."""

from correspondence.views.messages import MessageDetailView, MessageListView

__all__ = ["MessageDetailView", "MessageListView"]
