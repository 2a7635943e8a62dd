from django.apps import AppConfig


class GuideConfig(AppConfig):
    name = "guide"

    def ready(self) -> None:
        from guide import checks  # noqa: F401 - registers the content checks
