"""版本号: what tells one content of a pack from another."""

import hashlib
import json

from junheng.policy.model import Pack


def version_of(pack: Pack) -> str:
    """版本号: the first 12 hex digits of the SHA-256 of all that the pack lays down, inherited parts included."""
    content = {
        "id": pack.id,
        "documents": {key: [d.number, d.title] for key, d in pack.documents.items()},
        "resources": [[str(getattr(r, name)) for name in r.__slots__] for r in pack.resources],
        "lines": [[line.code, line.title, line.group, line.kind, *line.items] for line in pack.lines],
        "standards": {
            name: [
                standard.title,
                standard.unit,
                standard.overridden_by,
                [[str(e.since), e.value, e.document, e.item, e.quote, e.status] for e in standard.entries],
            ]
            for name, standard in pack.standards.items()
        },
    }
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]
