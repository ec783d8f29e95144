"""Import people: give files, choose columns and grades, look at the preview, watch it happen."""

from programmes.admin.importing import jobs  # noqa: F401  (describes the long work)
from programmes.admin.importing.views import ImportFileAdmin

__all__ = ["ImportFileAdmin"]
