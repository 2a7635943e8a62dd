from django.urls import path

from guide.views import files, finding, gallery, lookup, pages, patterns, reference

app_name = "guide"
urlpatterns = [
    path("", pages.home, name="home"),
    path("guide/", pages.contents, name="contents"),
    path("guide/<slug:chapter>/", pages.chapter, name="chapter"),
    path("guide/<slug:chapter>/<slug:section>/", pages.section, name="section"),
    path("guide/<slug:chapter>/<slug:section>/index.md", pages.markdown, name="markdown"),
    path("glossary/", reference.glossary, name="glossary"),
    path("glossary/map/", gallery.concept_map, name="concepts"),
    path("glossary/map.svg", gallery.concept_map_svg, name="concepts-svg"),
    path("glossary/<slug:term>/", reference.term, name="term"),
    path("patterns/", patterns.matrix, name="patterns"),
    path("patterns/matrix.csv", patterns.matrix_csv, name="patterns-csv"),
    path("patterns/<slug:slug>/", patterns.pattern, name="pattern"),
    path("plates/", gallery.plates, name="plates"),
    path("plates/<str:number>.svg", files.plate_svg, name="plate-svg"),
    path("plates/<str:number>.yaml", files.plate_yaml, name="plate-yaml"),
    path("plates/<str:number>/", reference.plate, name="plate"),
    path("rules/", reference.rules, name="rules"),
    path("rules/<str:id>/", reference.rule, name="rule"),
    path("kinds/", reference.kinds, name="kinds"),
    path("reference/", lookup.index, name="reference"),
    path("reference/<slug:slug>.csv", lookup.csv, name="reference-csv"),
    path("reference/<slug:slug>.md", lookup.markdown, name="reference-markdown"),
    path("reference/<slug:slug>/", lookup.page, name="reference-page"),
    path("schema/sdm-1.json", files.schema, name="schema"),
    path("search", finding.search, name="search"),
    path("search/options", finding.options, name="search-options"),
    path("sitemap.xml", files.sitemap, name="sitemap"),
    path("robots.txt", files.robots, name="robots"),
    path("llms.txt", files.llms, name="llms"),
]
