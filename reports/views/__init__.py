"""Pages that read across apps."""

from reports.views.home import HomeView
from reports.views.welsh import WelshReportView

__all__ = ["HomeView", "WelshReportView"]
