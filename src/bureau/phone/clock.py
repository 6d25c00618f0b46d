"""手机时钟: the server's time is what counts; the phone's is kept as stated, and marked where it cannot be right. Pure."""

from datetime import datetime, timedelta

ALLOWED = timedelta(minutes=10)
# Older than this it was written down long before it was sent; that happens in a village, and is still worth a word.
LONG_AGO = timedelta(days=30)


def mark(*, said_at: datetime | None, sent_at: datetime | None, received_at: datetime) -> str:
    """时钟说明: a sentence when the phone's clock is off or says nothing; "" when it can be believed.

    `sent_at` is what the phone's clock showed while sending, `said_at` when the record was finished on it. The
    difference at sending is taken to have been there before, and gives the estimate.
    """
    if said_at is None:
        return "手机没有记下时间，以收到时间为准"
    ahead = sent_at - received_at if sent_at else None
    if ahead is not None and abs(ahead) > ALLOWED:
        estimate = min(said_at - ahead, received_at).astimezone(received_at.tzinfo)
        way = "快" if ahead > timedelta(0) else "慢"
        stated = said_at.astimezone(received_at.tzinfo)
        return f"手机时钟{way}{words(abs(ahead))}：手机记的是{stated:%Y-%m-%d %H:%M}，按差值折算约为{estimate:%Y-%m-%d %H:%M}"
    if said_at > received_at + ALLOWED:
        return (
            f"手机记的时间{said_at.astimezone(received_at.tzinfo):%Y-%m-%d %H:%M}在收到之后，以收到时间为准"
        )
    if received_at - said_at > LONG_AGO:
        return f"记录之后{words(received_at - said_at)}才上报"
    return ""


def words(span: timedelta) -> str:
    """A span in its largest unit."""
    if span >= timedelta(days=1):
        return f"{span.days}天"
    if span >= timedelta(hours=1):
        return f"{int(span.total_seconds() // 3600)}小时"
    return f"{int(span.total_seconds() // 60)}分钟"
