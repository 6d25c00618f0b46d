"""Makes pairs of the small county wait for a person: `python fill_pairs.py 36`. Answers how many wait in the newest registers."""

import os
import sys
from pathlib import Path

import django


def main(wanted: int) -> None:
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
    os.environ["DJANGO_SETTINGS_MODULE"] = "bureau.settings"
    django.setup()
    from django.utils import timezone

    from bureau.links.models import Link
    from bureau.links.queries import registers_in_force

    registers = [one.pk for one in registers_in_force("640324", timezone.localdate())]
    waiting = Link.objects.filter(of__in=registers, state="to_check").count()
    sure = Link.objects.filter(of__in=registers, state="automatic", sampled=False, decision=None)
    chosen = list(sure.order_by("pk").values_list("pk", flat=True)[: max(0, wanted - waiting)])
    # As if the office had written less: doubtful, the likeliest pupil beside it.
    Link.objects.filter(pk__in=chosen).update(
        state="to_check", machine="to_check", probability=0.7, two_numbers=False, twin_like=False
    )
    sys.stdout.write(str(Link.objects.filter(of__in=registers, state="to_check").count()))


if __name__ == "__main__":
    main(int(sys.argv[1]))
