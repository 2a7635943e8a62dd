from django.apps import AppConfig


class ScenariosConfig(AppConfig):
    name = "scenarios"

    def ready(self) -> None:
        from guide import search
        from scenarios import checks, found  # noqa: F401 - registers the checks

        search.provide(found.documents)
