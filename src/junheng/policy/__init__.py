"""标准 (policy): what documents lay down, as YAML packs: value by date, citation, status, who entered and who checked it.

A pack names its `kind`; this package reads kind `standard` (thresholds and reckoning of an evaluation). A county's own
pack `extends` another, names the person responsible, and replaces single standards.
"""

from junheng.policy.differences import Difference, differences
from junheng.policy.english import english_titles
from junheng.policy.model import (
    STATUS_TITLES,
    CountyLine,
    Document,
    Entry,
    Pack,
    PackDay,
    PackError,
    Resource,
    Standard,
)
from junheng.policy.pack_files import shipped
from junheng.policy.reading import load, parse
from junheng.policy.version import version_of

__all__ = [
    "STATUS_TITLES",
    "CountyLine",
    "Difference",
    "Document",
    "Entry",
    "Pack",
    "PackDay",
    "PackError",
    "Resource",
    "Standard",
    "differences",
    "english_titles",
    "load",
    "parse",
    "shipped",
    "version_of",
]
