"""上传的文件 of a form, none of them read beyond the largest that would be taken."""

from collections.abc import Sequence

from bureau.pages.access import SignedIn
from bureau.people.file_rules import LARGEST_FILE, why_not_file
from bureau.people.kept import Upload
from bureau.people.rules import Refused


def uploads(request: SignedIn, name: str = "files") -> Sequence[Upload]:
    """The files of one field. Raises Refused naming every file that is too large."""
    files = request.FILES.getlist(name)
    too_large = [
        why_not_file(file.name or "", file.size or 0, b"", files=0)
        for file in files
        if (file.size or 0) > LARGEST_FILE
    ]
    if too_large:
        raise Refused("；".join(sentence for sentence in too_large if sentence))
    return [Upload(file.name or "", file.read()) for file in files]
