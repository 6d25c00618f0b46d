"""照片的到达: pieces by the hash of the whole, any number of times and in any order; kept once, as a photo and nothing else."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction

from bureau.people.kept import Upload
from bureau.people.models import User
from bureau.people.rules import Refused
from bureau.people.secret import seal_bytes, unseal_bytes
from bureau.phone import casework, entering, pictures, rules
from bureau.phone.arrivals import Arrival
from bureau.phone.keeping import as_record
from bureau.phone.models import Photo, Piece, Receipt
from bureau.phone.queries import PIECE
from bureau.phone.states import State

# What has not become whole by then will not: the phone is gone.
GIVEN_UP = timedelta(days=60)


def receive_piece(*, sha256: str, number: int, content: bytes, arrival: Arrival) -> str:
    """收一段照片. Answers waiting, whole or refused; raises Refused for a piece nobody announced or of the wrong size."""
    user = arrival.by
    with transaction.atomic():
        # Locked, so that of two last pieces at once only one puts the photo together.
        photos = list(
            Photo.objects.select_for_update().filter(receipt__user=user, sha256=sha256).order_by("pk")
        )
        if not photos:
            raise Refused("没有走访记录提到这张照片，请先上报记录")
        waiting = [one for one in photos if one.state == Photo.State.WAITING]
        if not waiting:
            return photos[0].state
        size = waiting[0].size
        count = -(-size // PIECE)
        if number >= count or len(content) != min(PIECE, size - number * PIECE):
            raise Refused("这一段照片的长短不对，手机会自动再送")
        Piece.objects.get_or_create(
            user=user,
            sha256=sha256,
            number=number,
            defaults={"sealed": seal_bytes(content), "at": arrival.at},
        )
        pieces = Piece.objects.filter(user=user, sha256=sha256).order_by("number")
        if pieces.count() < count:
            return Photo.State.WAITING
        whole = b"".join(unseal_bytes(piece.sealed) for piece in pieces)
        pieces.delete()
        if hashlib.sha256(whole).hexdigest() != sha256:
            # A piece was damaged on its way: all are asked for again.
            return Photo.State.WAITING
        for photo in waiting:
            _keep(photo, whole, arrival)
        return waiting[0].state


def _keep(photo: Photo, whole: bytes, arrival: Arrival) -> None:
    receipt = photo.receipt
    try:
        content = pictures.bare(whole)
    except pictures.NotAPhotoError as refusal:
        photo.state, photo.sentence = Photo.State.REFUSED, str(refusal)[:120]
        photo.save(update_fields=["state", "sentence"])
    else:
        upload = Upload(f"走访照片{arrival.at:%Y%m%d}-{photo.sha256[:8]}.jpg", content)
        photo.state = Photo.State.WHOLE
        photo.save(update_fields=["state"])
        if receipt.state in (State.HELD, State.DECLINED, State.WAITING):
            keep_aside(photo, content, arrival.by)
        else:
            attach(photo, upload, by=arrival.by, arrival=arrival)
    if receipt.state == State.WAITING and not receipt.photos.filter(state=Photo.State.WAITING).exists():
        _complete(receipt, arrival)


def attach(photo: Photo, upload: Upload, *, by: User, arrival: Arrival) -> None:
    """存入个案; a case that takes no files any more leaves the photo with the record."""
    if photo.receipt.case is None:
        keep_aside(photo, upload.content, arrival.by)
        return
    try:
        with transaction.atomic():
            photo.file = casework.add_photo(
                photo.receipt.case, upload, by=by, at=arrival.at, today=arrival.today, address=arrival.address
            )
    except Refused as refusal:
        photo.sentence = str(refusal)[:120]
        keep_aside(photo, upload.content, arrival.by)
    photo.save(update_fields=["file", "sentence"])


def keep_aside(photo: Photo, content: bytes, user: User) -> None:
    """The photo of a record that is not in a case: one sealed piece, until somebody decides."""
    Piece.objects.update_or_create(
        user=user,
        sha256=photo.sha256,
        number=ASIDE,
        defaults={"sealed": seal_bytes(content), "at": photo.receipt.received_at},
    )


ASIDE = 30_000


def taken_aside(receipt: Receipt) -> list[tuple[Photo, Upload]]:
    """The photos that were kept with a record."""
    found = []
    for photo in receipt.photos.filter(state=Photo.State.WHOLE, file=None):
        piece = Piece.objects.filter(user=receipt.user, sha256=photo.sha256, number=ASIDE).first()
        if piece:
            name = f"走访照片{receipt.received_at:%Y%m%d}-{photo.sha256[:8]}.jpg"
            found.append((photo, Upload(name, unseal_bytes(piece.sealed))))
    return found


def _complete(receipt: Receipt, arrival: Arrival) -> None:
    """The last photo is there (or is none): the record that waited for them is entered now."""
    record = as_record(receipt.sealed)
    aside = taken_aside(receipt)
    if receipt.case is not None:
        casework.held(receipt.case)
    refusal = rules.why_not_apply(role=receipt.user.role, known=True, lost=False)
    if refusal is None:
        refusal = entering.apply(receipt, record, arrival=arrival, files=[upload for _, upload in aside])
    if refusal is not None:
        entering.hold(receipt, refusal, arrival=arrival)
    receipt.save(update_fields=["state", "sentence"])


def give_up(*, at: datetime) -> int:
    """清理 of pieces whose photo never became whole; answers how many."""
    old = Piece.objects.filter(at__lt=at - GIVEN_UP).exclude(number=ASIDE)
    return old.delete()[0]
