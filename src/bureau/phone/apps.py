"""手机走访, as an app of the site."""

from django.apps import AppConfig


class PhoneConfig(AppConfig):
    """Asks for its nightly work once everything is loaded."""

    name = "bureau.phone"

    def ready(self) -> None:
        from bureau.phone import photo_actions
        from bureau.work import upkeep

        upkeep.every_night(lambda at: photo_actions.give_up(at=at))
