"""Reviews: the lists, a design submitted, looked at, compared."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from design.compare import compare as compare_results
from design.result import evaluate
from guide.content_files import example_texts
from reviews import access, pages, results, workflow
from reviews.forms import DesignForm, RevisionForm
from reviews.models import Design, Revision
from reviews.textdiff import hunks
from teams.access import guests_sign_in, readable_team, team_for
from teams.models import Role, Team
