app_name = "fit"
urlpatterns = []
