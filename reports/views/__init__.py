"""Pages that read across apps."""

from reports.views.home import HomeView
from reports.views.messages import MessageDetailView, MessageListView
from reports.views.welsh import WelshReportView

__all__ = ["HomeView", "MessageDetailView", "MessageListView", "WelshReportView"]
