"""Pages about what is sent to people."""

from correspondence.views.forecast import ForecastListView, ForecastPeopleView, ForecastView
from correspondence.views.messages import MessageDetailView, MessageListView
from correspondence.views.why import WhyView

__all__ = [
    "ForecastListView",
    "ForecastPeopleView",
    "ForecastView",
    "MessageDetailView",
    "MessageListView",
    "WhyView",
]
