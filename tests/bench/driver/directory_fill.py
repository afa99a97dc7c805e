"""Fills a store with the keys, teams and people of a large company, with what admins did, and with their calls."""

from dataclasses import dataclass

from . import ledger_fill
from .ledger_fill import DAY_MS

# Rises with each change of what is made, as that of ledger_fill does.
VERSION = 1

TABLES = (*ledger_fill.TABLES, "virtual_keys", "organizations", "teams", "users", "service_accounts", "team_members",
          "organization_members", "audit_events")

# What keys and teams are called after; a search for one of them finds a twentieth of all.
WORDS = ("checkout", "search", "billing", "support", "catalog", "mobile", "ranking", "fraud", "ledger", "notebook",
         "translate", "summary", "invoice", "chatbot", "parser", "payroll", "reports", "warehouse", "insight", "planner")

AGE_DAYS = 730  # Of the oldest key.
MEMBERS = 5  # Of a team that is not the largest.
SPREAD = 7919  # A prime: keys lie in another order by their ids than by when they were made, as random ids do.
BUDGETS = 1000  # Keys, and as many teams, that have one.


@dataclass(frozen=True)
class Directory:
    """Whose calls they are, as ledger_fill.FewOwners is: so many of each. The first organisation has a tenth of all
    teams, and the first team a tenth of all users."""

    keys: int
    teams: int
    organizations: int
    users: int
    service_accounts: int
    audit_events: int

    tables = TABLES

    def key_number(self):
        """Returns the number of the key of a call: a twentieth of the keys makes half of the calls."""
        square = "(u * u >> 20)"
        return f"({square} * {square} >> 20) * {self.keys} >> 20"

    def key_id(self, number):
        """Returns SQL, or Python, for the digits of the id of a key."""
        return f"(10000000 + ({number}) * {SPREAD} % {self.keys})"

    def budgets(self):
        """Returns statements that give some keys and some teams a budget of a month."""
        return [ledger_fill.budget("key", f"SELECT key_id AS id FROM virtual_keys WHERE key_id LIKE 'key%' LIMIT {BUDGETS}"),
                ledger_fill.budget("team", f"SELECT team_id AS id FROM teams LIMIT {BUDGETS}")]

    def made(self, dialect, end_ms):
        """Returns pairs of what is being made and a statement, which make all owners, fill_keys and fill_models."""
        words = ", ".join(f"({number}, '{word}')" for number, word in enumerate(WORDS))
        named = [
            ("words", [*dialect.begins_directory(), "CREATE TEMPORARY TABLE fill_words (n INTEGER, word TEXT)",
                       f"INSERT INTO fill_words VALUES {words}"]),
            ("organisations", [self._organizations(dialect, end_ms)]),
            ("teams", [self._teams(dialect, end_ms)]),
            ("users", [self._users(dialect, end_ms), *self._members(dialect, end_ms)]),
            ("service accounts", [self._service_accounts(dialect, end_ms)]),
            ("keys", [self._keys(dialect, end_ms)]),
            ("audit events", self._audit_events(dialect, end_ms)),
            ("names", self._names(dialect)),
        ]
        return [(name, statement) for name, statements in named for statement in statements]

    def _numbered(self, dialect, count):
        """Returns the numbers n from 0, each with a word, and when what has the number was made."""
        return (f" FROM (SELECT g - 1 AS n FROM {dialect.series(1, count)} AS s) AS numbers"
                f" INNER JOIN fill_words AS w ON w.n = numbers.n % {len(WORDS)}")

    @staticmethod
    def _made_at(count, end_ms, number="numbers.n"):
        return f"{end_ms - AGE_DAYS * DAY_MS} + {number} * {AGE_DAYS * DAY_MS // count}"

    def _organization_of(self, team):
        return (f"'organization-' || CASE WHEN ({team}) % 10 = 0 THEN 0 ELSE ({team}) % {self.organizations} END")

    def _organizations(self, dialect, end_ms):
        made_at = self._made_at(self.organizations, end_ms)
        return ("INSERT INTO organizations (organization_id, name, models, metadata, blocked, block_reason, created_at,"
                " updated_at, revision) SELECT 'organization-' || numbers.n, 'Company ' || word || ' ' || numbers.n,"
                f" '[]', '{{}}', CASE WHEN numbers.n % 47 = 46 THEN 1 ELSE 0 END, '', {made_at}, {made_at}, 1"
                + self._numbered(dialect, self.organizations))

    def _teams(self, dialect, end_ms):
        made_at = self._made_at(self.teams, end_ms)
        return ("INSERT INTO teams (team_id, name, organization_id, models, metadata, blocked, block_reason, created_at,"
                f" updated_at, revision) SELECT 'team-' || numbers.n, 'Team ' || word || ' ' || numbers.n,"
                f" {self._organization_of('numbers.n')}, '[]', '{{}}',"
                f" CASE WHEN numbers.n % 47 = 46 THEN 1 ELSE 0 END, '', {made_at}, {made_at}, 1"
                + self._numbered(dialect, self.teams))

    def _users(self, dialect, end_ms):
        made_at = self._made_at(self.users, end_ms)
        return ("INSERT INTO users (user_id, email, name, role, models, metadata, origin, blocked, block_reason,"
                " created_at, updated_at, revision) SELECT 'user-' || numbers.n,"
                " word || '.' || numbers.n || '@example.com', 'Person ' || word || ' ' || numbers.n,"
                " CASE WHEN numbers.n % 1000 = 1 THEN 'platform_viewer' ELSE 'none' END, '[]', '{}',"
                " CASE WHEN numbers.n % 3 = 0 THEN 'sso' ELSE 'local' END,"
                f" CASE WHEN numbers.n % 47 = 46 THEN 1 ELSE 0 END, '', {made_at}, {made_at}, 1"
                + self._numbered(dialect, self.users))

    def _members(self, dialect, end_ms):
        first_team = self.users // 10
        role = "CASE WHEN g % 7 = 0 THEN 'team_admin' ELSE 'team_member' END"
        return [
            f"INSERT INTO team_members (team_id, user_id, role, created_at) SELECT 'team-0', 'user-' || g, {role}, {end_ms}"
            f" FROM {dialect.series(0, first_team - 1)} AS s",
            f"INSERT INTO team_members (team_id, user_id, role, created_at) SELECT 'team-' || (g / {MEMBERS}),"
            f" 'user-' || (g % {self.users}), {role}, {end_ms}"
            f" FROM {dialect.series(MEMBERS, self.teams * MEMBERS - 1)} AS s",
            "INSERT INTO organization_members (organization_id, user_id, role, created_at)"
            f" SELECT {self._organization_of('g')}, 'user-' || g,"
            f" CASE WHEN g % 7 = 0 THEN 'org_admin' ELSE 'org_viewer' END, {end_ms}"
            f" FROM {dialect.series(0, self.users - 1)} AS s",
        ]

    def _service_accounts(self, dialect, end_ms):
        made_at = self._made_at(self.service_accounts, end_ms)
        return ("INSERT INTO service_accounts (service_account_id, team_id, name, description, metadata, blocked,"
                " block_reason, created_at, updated_at, revision) SELECT 'service-' || numbers.n, 'team-' || numbers.n,"
                " word || '-robot', 'Calls models for ' || word, '{}', CASE WHEN numbers.n % 47 = 46 THEN 1 ELSE 0 END,"
                f" '', {made_at}, {made_at}, 1" + self._numbered(dialect, self.service_accounts))

    def _keys(self, dialect, end_ms):
        """A key in two belongs to a user, one in twenty to a service account, and one in four ends."""
        team = f"numbers.n % {self.teams}"
        made_at = self._made_at(self.keys, end_ms)
        return ("INSERT INTO virtual_keys (key_id, mac, alias, hint, user_id, team_id, organization_id, service_account_id,"
                f" models, expires_at, blocked, created_at, description) SELECT 'key' || {self.key_id('numbers.n')},"
                f" {dialect.mac('numbers.n')}, word || '-' || numbers.n, 'sk-dl-…' || (1000 + numbers.n % 9000),"
                f" CASE WHEN numbers.n % 2 = 0 THEN 'user-' || (numbers.n % {self.users}) ELSE '' END, 'team-' || ({team}),"
                f" {self._organization_of(team)}, CASE WHEN numbers.n % 20 = 1 AND {team} < {self.service_accounts}"
                f" THEN 'service-' || ({team}) ELSE '' END, '[]',"
                f" CASE WHEN numbers.n % 4 = 0 THEN {end_ms} + (numbers.n % 1000 - 200) * {DAY_MS} END,"
                f" CASE WHEN numbers.n % 47 = 46 THEN 1 ELSE 0 END, {made_at}, 'For ' || word"
                + self._numbered(dialect, self.keys))

    def _audit_events(self, dialect, end_ms):
        """What admins did since the first key. It is no true chain: only `audit verify` would see that."""
        team = f"numbers.n % {self.teams}"
        columns = ("format, sequence, occurred_at, config_version, actor_kind, actor_id, actor_name, auth_method, ip,"
                   " user_agent, action, target_kind, target_id, target_name, organization_id, team_id, before_json,"
                   " after_json, outcome, reason, request_id, hash, mac")
        return [
            f"INSERT INTO audit_events ({columns}) SELECT 1, (SELECT sequence FROM audit_head) + numbers.n + 1,"
            f" {self._made_at(self.audit_events, end_ms)}, 0,"
            " CASE WHEN numbers.n % 1000 = 7 THEN 'system' WHEN numbers.n % 10 = 0 THEN 'master_key' ELSE 'user' END,"
            f" 'user-' || (numbers.n % {max(self.users // 100, 1)}), 'Person ' || word, 'session', '192.0.2.1', '',"
            " CASE numbers.n % 3 WHEN 0 THEN 'key.create' WHEN 1 THEN 'key.update' ELSE 'team.update' END,"
            " CASE WHEN numbers.n % 3 = 2 THEN 'team' ELSE 'key' END, CASE WHEN numbers.n % 3 = 2"
            f" THEN 'team-' || ({team}) ELSE 'key' || {self.key_id('numbers.n')} END, word || '-' || numbers.n,"
            f" {self._organization_of(team)}, 'team-' || ({team}), '', '{{\"blocked\":false}}',"
            " CASE numbers.n % 1000 WHEN 3 THEN 'denied' WHEN 4 THEN 'failed' ELSE 'succeeded' END, '',"
            f" 'audited-' || numbers.n, {dialect.hexadecimal('numbers.n + 1')}, {dialect.hexadecimal('numbers.n + 1')}"
            + self._numbered(dialect, self.audit_events),
            "UPDATE audit_head SET sequence = (SELECT MAX(sequence) FROM audit_events),"
            " hash = (SELECT hash FROM audit_events ORDER BY sequence DESC LIMIT 1)",
        ]

    def _names(self, dialect):
        named = (("key_id", "virtual_keys"), ("user_id", "users"), ("team_id", "teams"),
                 ("organization_id", "organizations"))
        refs = "".join(f" INNER JOIN names AS n{number} ON n{number}.name = k.{column}"
                       for number, (column, _) in enumerate(named))
        return [
            ledger_fill.listed_names(ledger_fill.MODEL_NAMES),
            *(f"INSERT INTO names (name) SELECT {column} FROM {table}" for column, table in named),
            "CREATE TEMPORARY TABLE fill_keys AS SELECT k.n, n0.id AS key_ref, n1.id AS user_ref, n2.id AS team_ref,"
            " n3.id AS organization_ref FROM (SELECT key_id, user_id, team_id, organization_id,"
            " ROW_NUMBER() OVER (ORDER BY created_at) - 1 AS n FROM virtual_keys WHERE team_id <> '') AS k" + refs,
            ledger_fill.models(dialect),
        ]
