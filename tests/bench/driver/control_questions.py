"""What W9C asks of the admin API, by name. A further question is a further line.

Each is asked many times, each time of another key, team and so on; what stands in braces is made by values().
`walk` goes from page to page instead, so that most of what it asks lies deep in the list.
"""

import datetime

from .directory_fill import SPREAD, WORDS
from .ledger_fill import DAYS

_RANGE = "from={since}&until={today}"
_QUARTER = "from={quarter}&until={today}"

LISTS = {
    "keys": "/ui/api/keys",
    "keys, 200 on a page": "/ui/api/keys?limit=200",
    "keys by name": "/ui/api/keys?sort=name",
    "keys, newest": "/ui/api/keys?sort=-created_at",
    "keys, last to expire": "/ui/api/keys?sort=-expires_at",
    "keys of a team": "/ui/api/keys?team_id=team-{team}",
    "keys of a user": "/ui/api/keys?user_id=user-{user}&sort=name",
    "keys of an organisation": "/ui/api/keys?organization_id=organization-{organization}&sort=name",
    "keys of the largest organisation": "/ui/api/keys?organization_id=organization-0&sort=-created_at",
    "keys of a service account": "/ui/api/keys?service_account_id=service-{service}",
    "keys, blocked": "/ui/api/keys?blocked=true&sort=-created_at",
    "keys, never used": "/ui/api/keys?unused=true&sort=-created_at",
    "keys that expire in a week": "/ui/api/keys?expires_after={now}&expires_before={next_week}&sort=expires_at",
    "keys that expire in a week, by name": "/ui/api/keys?expires_after={now}&expires_before={next_week}&sort=name",
    "keys of a week": "/ui/api/keys?created_after={week_ago}&created_before={now}",
    "keys, search for one": "/ui/api/keys?q={key_name}",
    "keys, search for one, newest": "/ui/api/keys?q={key_name}&sort=-created_at",
    "keys, search for a word": "/ui/api/keys?q={word}&sort=name",
    "keys, search for two letters": "/ui/api/keys?q=ch",
    "keys, search for nothing there": "/ui/api/keys?q=zebra-{key}",
    "keys, search in a team": "/ui/api/keys?q={word}&team_id=team-{team}",
    "keys, search in the largest organisation": "/ui/api/keys?q={key_name}&organization_id=organization-0",
    "a key": "/ui/api/keys/key{key_id}",
    "teams": "/ui/api/teams",
    "teams, 200 on a page": "/ui/api/teams?limit=200",
    "teams by name": "/ui/api/teams?sort=name",
    "teams, newest": "/ui/api/teams?sort=-created_at",
    "teams of an organisation": "/ui/api/teams?organization_id=organization-{organization}&sort=name",
    "teams of the largest organisation": "/ui/api/teams?organization_id=organization-0&sort=name",
    "teams of a user": "/ui/api/teams?user_id=user-{user}",
    "teams, blocked": "/ui/api/teams?blocked=true&sort=name",
    "teams, search for one": "/ui/api/teams?q=team-{team}",
    "teams, search for a word": "/ui/api/teams?q={word}&sort=name",
    "a team": "/ui/api/teams/team-{team}",
    "members of a team": "/ui/api/teams/team-{team}/members",
    "members of the largest team": "/ui/api/teams/team-0/members?limit=200",
    "admins of the largest team": "/ui/api/teams/team-0/members?role=team_admin",
    "members of the largest team, search": "/ui/api/teams/team-0/members?q=user-{user}",
    "organisations": "/ui/api/organizations",
    "organisations by name": "/ui/api/organizations?sort=name",
    "organisations, blocked": "/ui/api/organizations?blocked=true",
    "organisations, search": "/ui/api/organizations?q={word}",
    "an organisation": "/ui/api/organizations/organization-{organization}",
    "members of an organisation": "/ui/api/organizations/organization-{organization}/members",
    "members of the largest organisation": "/ui/api/organizations/organization-0/members?limit=200",
    "users": "/ui/api/users",
    "users by name": "/ui/api/users?sort=name",
    "users, newest": "/ui/api/users?sort=-created_at",
    "users, platform viewers": "/ui/api/users?role=platform_viewer&sort=name",
    "users, from single sign-on": "/ui/api/users?origin=sso&sort=name",
    "users, blocked": "/ui/api/users?blocked=true&sort=name",
    "users with an address": "/ui/api/users?email={user_name}@example.com",
    "users of a team": "/ui/api/users?team_id=team-{team}&sort=name",
    "users of the largest team": "/ui/api/users?team_id=team-0&sort=name",
    "users of the largest organisation": "/ui/api/users?organization_id=organization-0&sort=name",
    "users, search for one": "/ui/api/users?q={user_name}@",
    "users, search for a word": "/ui/api/users?q={word}&sort=name",
    "a user": "/ui/api/users/user-{user}",
    "service accounts": "/ui/api/service-accounts?sort=name",
    "service accounts of a team": "/ui/api/service-accounts?team_id=team-{service}",
    "service accounts, blocked": "/ui/api/service-accounts?blocked=true",
    "service accounts, search": "/ui/api/service-accounts?q={word}",
    "models": "/ui/api/models?limit=200",
    "deployments": "/ui/api/deployments?sort=model_name&limit=200",
    "deployments of a model": "/ui/api/deployments?model_name=model-{model}",
    "deployments, search": "/ui/api/deployments?q=model-{model}",
    "deployments, disabled": "/ui/api/deployments?state=disabled",
    "credentials": "/ui/api/credentials?sort=name&limit=200",
    "guardrails": "/ui/api/guardrails?limit=200",
    "versions of a guardrail": "/ui/api/guardrails/guard-0/versions",
    "route groups": "/ui/api/route-groups?limit=200",
    "routing": "/ui/api/routing",
    "versions of the routing": "/ui/api/routing/versions",
    "settings": "/ui/api/settings",
    "versions of the settings": "/ui/api/settings/versions",
    "bootstrap": "/ui/api/bootstrap",
    "audit events": "/ui/api/audit/events",
    "audit events, 200 on a page": "/ui/api/audit/events?limit=200",
    "audit events, oldest": "/ui/api/audit/events?sort=sequence",
    "audit events of an actor": "/ui/api/audit/events?actor_id=user-{actor}",
    "audit events of the gateway": "/ui/api/audit/events?actor_kind=system",
    "audit events of single sign-on": "/ui/api/audit/events?actor_kind=sso",
    "audit events of an action": "/ui/api/audit/events?action=team.update",
    "audit events of a key": "/ui/api/audit/events?target_kind=key&target_id=key{key_id}",
    "audit events of a kind of target": "/ui/api/audit/events?target_kind=team",
    "audit events of an organisation": "/ui/api/audit/events?organization_id=organization-{organization}",
    "audit events of the largest organisation": "/ui/api/audit/events?organization_id=organization-0",
    "audit events of a team": "/ui/api/audit/events?team_id=team-{team}",
    "audit events, denied": "/ui/api/audit/events?outcome=denied",
    "audit events, denied, of an actor": "/ui/api/audit/events?outcome=denied&actor_id=user-{actor}",
    "audit events, failed, of a day": "/ui/api/audit/events?outcome=failed&from={day}&until={next_day}",
    "audit events of a request": "/ui/api/audit/events?request_id=audited-{key}",
    "audit events of a day": "/ui/api/audit/events?from={day}&until={next_day}",
    "audit events, search for one": "/ui/api/audit/events?q={key_name}",
    "audit events, search for a word": "/ui/api/audit/events?q={word}",
    "audit events, search for nothing there": "/ui/api/audit/events?q=zebra-{key}",
    "an audit event": "/ui/api/audit/events/{sequence}",
}

WALKS = {
    "keys by name, page after page": "/ui/api/keys?sort=name&limit=50",
    "keys, blocked, page after page": "/ui/api/keys?blocked=true&sort=-created_at&limit=50",
    "keys, search, page after page": "/ui/api/keys?q=checkout&sort=-created_at&limit=50",
    "teams, page after page": "/ui/api/teams?sort=-created_at&limit=200",
    "users, page after page": "/ui/api/users?sort=name&limit=200",
    "audit events, page after page": "/ui/api/audit/events?limit=200",
    "calls, page after page": "/ui/api/spend/logs?limit=200",
    "calls of a model, page after page": "/ui/api/spend/logs?model=model-1&limit=50",
    "failed calls, page after page": "/ui/api/spend/logs?outcome=failed&limit=50",
}

REPORTS = {
    "summary": "/ui/api/spend/summary",
    "summary of a quarter": f"/ui/api/spend/summary?{_QUARTER}&tz=Europe/Berlin",
    "summary of a key": f"/ui/api/spend/summary?{_RANGE}&key_id=key{{busy_key}}",
    "summary of a team": f"/ui/api/spend/summary?{_RANGE}&team_id=team-{{busy}}",
    "summary of a user": f"/ui/api/spend/summary?{_RANGE}&user_id=user-{{busy}}",
    "summary of the largest organisation": f"/ui/api/spend/summary?{_RANGE}&organization_id=organization-0",
    "summary of a tag": f"/ui/api/spend/summary?{_RANGE}&tag=tag-{{busy}}",
    "summary of a team and a model": f"/ui/api/spend/summary?{_RANGE}&team_id=team-{{busy}}&model=model-{{model}}",
    "summary of an organisation and a model": (f"/ui/api/spend/summary?{_RANGE}"
                                               "&organization_id=organization-{organization}&model=model-{model}"),
    "summary of the largest organisation and a model": (f"/ui/api/spend/summary?{_RANGE}"
                                                        "&organization_id=organization-0&model=model-{model}"),
    "days": f"/ui/api/spend/series?{_QUARTER}&interval=day&tz=Europe/Berlin",
    "hours": "/ui/api/spend/series?from={day}&until={next_day}&interval=hour",
    "weeks": f"/ui/api/spend/series?{_QUARTER}&interval=week",
    "months": f"/ui/api/spend/series?{_QUARTER}&interval=month&tz=America/New_York",
    "days of a key": f"/ui/api/spend/series?{_RANGE}&interval=day&key_id=key{{busy_key}}",
    "days of a team": f"/ui/api/spend/series?{_RANGE}&interval=day&team_id=team-{{busy}}",
    "days by model": f"/ui/api/spend/series?{_RANGE}&interval=day&group_by=model",
    "days by provider": f"/ui/api/spend/series?{_QUARTER}&interval=day&group_by=provider",
    "days by team": f"/ui/api/spend/series?{_RANGE}&interval=day&group_by=team",
    "days by key": f"/ui/api/spend/series?{_RANGE}&interval=day&group_by=key",
    "days by organisation": f"/ui/api/spend/series?{_RANGE}&interval=day&group_by=organization",
    "days of a team by key": f"/ui/api/spend/series?{_RANGE}&interval=day&group_by=key&team_id=team-{{busy}}",
    "days of a team by model": f"/ui/api/spend/series?{_RANGE}&interval=day&group_by=model&team_id=team-{{busy}}",
    **{f"by {group}": f"/ui/api/spend/breakdown?group_by={group}"
       for group in ("key", "user", "team", "organization", "model", "deployment", "provider", "tag", "status")},
    "by key, a day": "/ui/api/spend/breakdown?group_by=key&from={day}&until={day}",
    "by team, a day": "/ui/api/spend/breakdown?group_by=team&from={day}&until={day}",
    "by key, a quarter": f"/ui/api/spend/breakdown?group_by=key&{_QUARTER}",
    "by team, a quarter": f"/ui/api/spend/breakdown?group_by=team&{_QUARTER}",
    "by team, 200 of them": f"/ui/api/spend/breakdown?group_by=team&{_RANGE}&limit=200",
    "by team, against before": f"/ui/api/spend/breakdown?group_by=team&compare=previous&{_RANGE}",
    "by model, against before": f"/ui/api/spend/breakdown?group_by=model&compare=previous&{_RANGE}",
    "a team by key": f"/ui/api/spend/breakdown?group_by=key&team_id=team-{{busy}}&{_RANGE}",
    "a team by model": f"/ui/api/spend/breakdown?group_by=model&team_id=team-{{busy}}&{_RANGE}",
    "a key by model": f"/ui/api/spend/breakdown?group_by=model&key_id=key{{busy_key}}&{_RANGE}",
    "a model by team": f"/ui/api/spend/breakdown?group_by=team&model=model-{{model}}&{_RANGE}",
    "an organisation by team": ("/ui/api/spend/breakdown?group_by=team"
                                f"&organization_id=organization-{{organization}}&{_RANGE}"),
    "an organisation by model": ("/ui/api/spend/breakdown?group_by=model"
                                 f"&organization_id=organization-{{organization}}&{_RANGE}"),
    "the largest organisation by team": ("/ui/api/spend/breakdown?group_by=team"
                                         f"&organization_id=organization-0&{_RANGE}"),
    "the largest organisation by model": ("/ui/api/spend/breakdown?group_by=model"
                                          f"&organization_id=organization-0&{_RANGE}"),
    "at other prices": f"/ui/api/spend/what-if?models=openai/gpt-4o-mini&{_RANGE}",
    "a team at other prices": f"/ui/api/spend/what-if?models=openai/gpt-4o-mini&team_id=team-{{busy}}&{_RANGE}",
}

CALLS = {
    "calls": "/ui/api/spend/logs",
    "calls, 200 on a page": "/ui/api/spend/logs?limit=200",
    "calls of a key": "/ui/api/spend/logs?key_id=key{key_id}",
    "calls of a busy key": "/ui/api/spend/logs?key_id=key{busy_key}",
    "calls of a user": "/ui/api/spend/logs?user_id=user-{user}",
    "calls of a team": "/ui/api/spend/logs?team_id=team-{team}",
    "calls of an organisation": "/ui/api/spend/logs?organization_id=organization-{organization}",
    "calls of a model": "/ui/api/spend/logs?model=model-{model}",
    "calls of a deployment": "/ui/api/spend/logs?deployment_id=deployment-{model}",
    "calls of a provider": "/ui/api/spend/logs?provider=provider-1",
    "calls with a tag": "/ui/api/spend/logs?tag=tag-{busy}",
    "calls of an end user": "/ui/api/spend/logs?end_user=customer-{customer}",
    "calls, with a status": "/ui/api/spend/logs?status=502",
    "calls, with a status nobody has": "/ui/api/spend/logs?status=418",
    "calls, failed": "/ui/api/spend/logs?outcome=failed",
    "calls that cost so much": "/ui/api/spend/logs?min_spend=0.0025",
    "calls that cost more than any": "/ui/api/spend/logs?min_spend=1",
    "a call by its request id": "/ui/api/spend/logs?request_id=request-{call}",
    "no call by a request id": "/ui/api/spend/logs?request_id=none-{call}",
    "calls of a day": "/ui/api/spend/logs?from={day}&until={next_day}",
    "calls of a key and a model": "/ui/api/spend/logs?key_id=key{busy_key}&model=model-{model}",
    "calls of a team that failed": "/ui/api/spend/logs?team_id=team-{busy}&outcome=failed",
    "calls of a model with a status nobody has": "/ui/api/spend/logs?model=model-{model}&status=418",
}

# Of these only the time to the first bytes counts: the rest comes as fast as it is read.
FILES = {
    "keys as a file": "/ui/api/keys?format=csv",
    "keys of the largest organisation as a file": "/ui/api/keys?format=jsonl&organization_id=organization-0",
    "teams as a file": "/ui/api/teams?format=csv",
    "audit events as a file": "/ui/api/audit/events?format=jsonl",
    "calls as a file": "/ui/api/spend/logs?format=csv",
    "failed calls as a file": "/ui/api/spend/logs?format=jsonl&outcome=failed",
}

# Asked by each person of persons.py, who may not see all of it.
PERSONAL = {
    "bootstrap": "/ui/api/bootstrap",
    "keys by name": "/ui/api/keys?sort=name",
    "keys, newest": "/ui/api/keys?sort=-created_at",
    "keys, search for a word": "/ui/api/keys?q={word}&sort=name",
    "keys, search for one": "/ui/api/keys?q={key_name}",
    "teams by name": "/ui/api/teams?sort=name",
    "teams, search for a word": "/ui/api/teams?q={word}",
    "users by name": "/ui/api/users?sort=name",
    "service accounts": "/ui/api/service-accounts?sort=name",
    "summary": "/ui/api/spend/summary",
    "days": f"/ui/api/spend/series?{_RANGE}&interval=day",
    "by team": f"/ui/api/spend/breakdown?group_by=team&{_RANGE}",
    "by key": f"/ui/api/spend/breakdown?group_by=key&{_RANGE}",
    "by model": f"/ui/api/spend/breakdown?group_by=model&{_RANGE}",
    "calls": "/ui/api/spend/logs",
    "calls, failed": "/ui/api/spend/logs?outcome=failed",
}

AUDIT = {
    "audit events": "/ui/api/audit/events",
    "audit events, denied": "/ui/api/audit/events?outcome=denied",
    "audit events, search for one": "/ui/api/audit/events?q={key_name}",
}


def values(directory, calls, end_ms, number):
    """Returns what goes into the places of a question when it is asked for the `number`th time."""
    key = number * 7919 % directory.keys
    user = key % directory.users
    end = datetime.datetime.fromtimestamp(end_ms / 1000, datetime.UTC)
    day = end.date() - datetime.timedelta(days=1 + number % 60)

    def key_id(n):
        return 10_000_000 + n * SPREAD % directory.keys

    def days(count):
        return end.date() - datetime.timedelta(days=count)

    def moment(shift):
        return (end + datetime.timedelta(days=shift)).strftime("%Y-%m-%dT%H:%M:%SZ")

    return {
        "key": key, "key_id": key_id(key), "key_name": f"{WORDS[key % len(WORDS)]}-{key}",
        "word": WORDS[number % len(WORDS)], "user": user, "user_name": f"{WORDS[user % len(WORDS)]}.{user}",
        "team": key % directory.teams, "service": key % directory.service_accounts,
        # Those whose number ends with 0 have no team, for these are with the first organisation.
        "organization": number * 10 % directory.organizations + 1 + number % 9,
        "busy": number % 10, "busy_key": key_id(number % 10), "model": number % 20,
        "actor": number % max(directory.users // 100, 1), "customer": number * 3 % 20_000 // 3 * 3,
        "call": 1 + number * 104_729 % calls, "sequence": 1 + key % directory.audit_events,
        "since": days(29), "quarter": days(DAYS - 1), "today": end.date(), "day": day,
        "next_day": day + datetime.timedelta(days=1), "now": moment(0), "next_week": moment(7), "week_ago": moment(-7),
    }
